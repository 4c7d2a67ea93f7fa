// Folds the sidebar away on a phone, where it covers the page, once something was chosen in it.
const shown = new WeakMap();
const NARROW = "(max-width: 768px)"; // streamlit lays its sidebar over the page up to this width

export default function ({ data, parentElement }) {
  const host = parentElement.host ?? parentElement;
  const before = shown.get(host);
  shown.set(host, data.view);
  if (before === undefined || before === data.view || !window.matchMedia(NARROW).matches) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
