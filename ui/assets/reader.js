// Draws a policy as a document. All text goes in as text nodes.
const scrolledTo = new WeakMap();

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function contents(sections, jump) {
  const details = element("details", "contents");
  details.append(element("summary", "", "目录"));
  const list = element("ol", "");
  for (const section of sections.filter((s) => s.contents)) {
    const link = element("a", "", section.contents);
    link.href = section.link;
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      jump(section.id);
    };
    const item = element("li", `depth-${section.level}`);
    item.append(link);
    list.append(item);
  }
  details.append(list);
  return details;
}

function styled(text, style) {
  if (style === "mark") return element("mark", "", text);
  if (style !== "doubt") return text;
  const doubt = element("span", "doubt", text);
  doubt.title = "扫描件，这里的字识别没有把握";
  return doubt;
}

function words(parts) {
  return parts.map(([text, style]) => styled(text, style));
}

function paragraphs(section) {
  const made = [element("p")];
  if (section.runs_in) {
    const heading = element("strong");
    heading.append(...words(section.heading));
    made[0].append(heading);
  }
  for (const [text, style] of section.parts) {
    text.split("\n").forEach((line, i) => {
      if (i > 0) made.push(element("p"));
      if (line) made.at(-1).append(styled(line, style));
    });
  }
  return made.filter((p) => p.hasChildNodes());
}

function block(section) {
  const made = element("section", section.cited ? `${section.kind} cited` : section.kind);
  made.dataset.clause = section.id;
  if (section.heading.length && !section.runs_in) {
    const heading = element(`h${Math.min(section.level + 1, 6)}`);
    heading.append(...words(section.heading));
    made.append(heading);
  }
  made.append(...paragraphs(section));
  return made;
}

function show(target, where) {
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: where });
}

export default function ({ data, parentElement }) {
  const article = element("article", "policy");
  const find = (id) => [...article.querySelectorAll("section")].find((s) => s.dataset.clause === id);
  article.append(contents(data.sections, (id) => show(find(id), "start")));
  article.append(...data.sections.map(block));
  parentElement.querySelector("article")?.remove();
  parentElement.append(article);

  if (scrolledTo.get(parentElement) === data.place) return;
  scrolledTo.set(parentElement, data.place);
  // Two frames: the first lays the page out, the second knows how tall it is.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const mark = article.querySelector("mark");
    show(mark ?? (data.scroll ? article.querySelector(".cited") : null), mark ? "center" : "start");
  }));
}
