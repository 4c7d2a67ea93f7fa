// Copies a text, or the page's own address, and says so.
const RESTORE_AFTER = 2000; // milliseconds the confirmation stays: long enough to read four characters

async function copied(text, host) {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // The browser refused (no permission, no focus): the older way below may still work.
    }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  host.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function offerByHand(text, host) {
  host.querySelector("textarea")?.remove();
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.rows = 4;
  area.setAttribute("aria-label", "请按 Ctrl+C 复制");
  host.append(area);
  area.focus();
  area.select();
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const state = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  button.onclick = async () => {
    const text = data.text ?? window.location.href;
    const done = await copied(text, parentElement);
    if (!done) offerByHand(text, parentElement);
    state.textContent = done ? "已复制" : "浏览器不允许自动复制，请按 Ctrl+C";
    button.focus();
    if (!done) parentElement.querySelector("textarea").select();
    setTimeout(() => { state.textContent = ""; }, done ? RESTORE_AFTER : RESTORE_AFTER * 3);
  };
}
