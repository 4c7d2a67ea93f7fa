"""The lines of a page as a browser prints them: blocks and rows of tables one a line, lists numbered."""

import re

from selectolax.lexbor import LexborNode

from index.headings import parse_marker
from index.reader_package import integer
from index.table_text import check_size, table_lines

# What holds no printed text, or what a reader of the page acts on; `del` is text that was struck out.
UNPRINTED = {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "select",
             "button", "textarea", "input", "audio", "video", "map", "del", "nav", "footer", "aside"}  # fmt: skip
_BLOCKS = {"address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
           "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol",
           "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNNUMBERED = re.compile(r"list-style(?:-type)?\s*:[^;]*none", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_ARTICLE, _ARTICLE_SHARE = 500, 0.7  # characters of one cell, and of those of its table: an article, no fact
_MAX_SPAN = 200  # columns or rows of one cell: pages state absurd numbers, and browsers stop at 1000


def block_lines(node: LexborNode, name: str, *, with_tables: bool = True) -> list[str]:
    """Return the printed lines of an element.

    :param name: of the file, for messages.
    :param with_tables: whether tables are read as rows; else each of their cells is a line.
    :raises PolicyFileError: if a table is too large.
    """
    lines = _Lines(name, with_tables)
    lines.read(node)
    lines.end()
    return lines.done


def count_tables(node: LexborNode) -> int:
    """Return the number of tables of facts in an element."""
    return sum(not is_layout(table) for table in node.css("table"))


class _Lines:
    """The lines that are done, and the one that is being written."""

    def __init__(self, name: str, with_tables: bool) -> None:
        self._name = name
        self.done: list[str] = []
        self._open: list[str] = []
        self._with_tables = with_tables
        self._counted: dict[int, int] = {}  # items of numbered lists, by list

    def end(self) -> None:
        """End the line."""
        line = _SPACE.sub(" ", "".join(self._open)).strip()
        if line:
            self.done.append(line)
        self._open.clear()

    def read(self, node: LexborNode) -> None:
        """Add what an element prints."""
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == "-text":
                self._open.append(child.text(deep=False))
            elif tag == "br":
                self.end()
            elif tag in UNPRINTED or _is_hidden(child):
                continue
            elif tag == "table" and self._with_tables and not is_layout(child):
                self.end()
                self.done += table_lines(*_grid(child, self._name))
            elif tag in _BLOCKS:
                self.end()
                self._open.append(self._number(child) if tag == "li" else "")
                self.read(child)
                self.end()
            else:
                self.read(child)

    def _number(self, item: LexborNode) -> str:
        """Return what a browser prints before an item of a numbered list, unless the text has a number of its own."""
        above = item.parent
        if above is None or above.tag != "ol":
            return ""
        first = integer(above.attributes.get("start") or "", 1)
        number = integer(item.attributes.get("value") or "", self._counted.get(above.mem_id, first - 1) + 1)
        self._counted[above.mem_id] = number
        unprinted = _UNNUMBERED.search(above.attributes.get("style") or "") or parse_marker(item.text().strip())
        return "" if unprinted else f"{number}. "


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def is_layout(table: LexborNode) -> bool:
    """Say whether a table only places things: it holds tables, a single cell, or one cell with nearly all of the text."""
    if table.attributes.get("role") == "presentation" or len(table.css("table")) > 1:
        return True
    sizes = [len(cell.text()) for cell in table.css("td, th")]
    return len(sizes) <= 1 or (max(sizes) > _ARTICLE and max(sizes) > _ARTICLE_SHARE * sum(sizes))


def _grid(table: LexborNode, name: str) -> tuple[list[list[str]], int | None]:
    """Return the cells of a table, merged ones in each of their places, and how many rows are marked as heads."""
    rows = table.css("tr")
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # column -> rows that a cell above still takes, its text
    headers, width = 0, 0
    for place, row in enumerate(rows):
        line: list[str] = []
        for cell in row.iter():
            if cell.tag in {"td", "th"} and not _is_hidden(cell):
                _hang(line, hanging)
                text = "\n".join(block_lines(cell, name))
                span = _span(cell, "colspan")
                down = _span(cell, "rowspan") - 1
                for column in range(len(line), len(line) + span):
                    hanging[column] = (down + 1, text)
                    line.append(text)
        _hang(line, hanging)
        hanging = {column: (left - 1, text) for column, (left, text) in hanging.items() if left > 1}
        headers += headers == place and _is_head(row)
        grid.append(line)
        width = max(width, len(line))
        check_size(len(grid), width, name)
    return [line + [""] * (width - len(line)) for line in grid], headers or None


def _hang(line: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Add the cells above that reach into a row at its next columns."""
    while len(line) in hanging:
        line.append(hanging[len(line)][1])


def _is_head(row: LexborNode) -> bool:
    cells = [cell.tag for cell in row.iter()]
    return bool(cells) and all(tag == "th" for tag in cells)


def _span(cell: LexborNode, name: str) -> int:
    return min(max(integer(cell.attributes.get(name) or "", 1), 1), _MAX_SPAN)
