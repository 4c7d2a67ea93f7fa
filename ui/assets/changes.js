// Draws two versions side by side. All text goes in as text nodes.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function side(name, clause, tag, home) {
  const made = element("div", clause ? "side" : "side none");
  if (!clause) {
    made.append(element("p", "", `${name}没有这一条`));
    return made;
  }
  const head = element("p", "where", `${name} · `);
  const link = element("a", "", clause.address);
  link.href = `${home}${clause.link}`;
  head.append(link);
  const text = element("p", "words");
  text.append(...clause.parts.map(([words, changed]) => (changed ? element(tag, "", words) : words)));
  made.append(head, text);
  return made;
}

export default function ({ data, parentElement }) {
  const home = window.location.pathname.replace(/[^/]*$/, "");
  const list = element("ol", "changes");
  for (const row of data.rows) {
    const item = element("li");
    const both = element("div", "both");
    both.append(side("旧", row.old, "del", home), side("新", row.new, "ins", home));
    item.append(element("p", "change", row.change), both);
    list.append(item);
  }
  parentElement.querySelector("ol")?.remove();
  parentElement.append(list);
}
