"""Read Word documents (.docx): paragraphs and tables in order, numbered as printed; what is not printed is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from index.headings import parse_marker
from index.reader_docx_numbers import Numbers, read_numbers
from index.reader_docx_styles import Styles, find, switched
from index.reader_package import Package, attribute, integer, local, resolve, value_of
from index.table_text import check_size, table_lines
from index.types import Extract

_ROOT_RELATIONS = "_rels/.rels"
# What wraps paragraphs, tables, rows, cells and runs without being printed: content controls, insertions, markup.
_WRAPPERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "hyperlink", "fldSimple", "dir", "bdo"}
_FORMULAS = {"oMath", "oMathPara"}
_SIGNS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
_LINE_ENDS = dict.fromkeys(map(ord, "\n\r\t"), " ")  # of the XML, not of the text
_MAX_SPAN = 63  # columns that Word allows
_CONTENTS = "Table of Contents"


def read(data: bytes, name: str) -> Extract:
    """Read a Word document; a line a paragraph, a line a row of a table.

    Headers, footers, text boxes, notes, generated tables of contents, hidden and deleted text are left out.

    :raises PolicyFileError: if it is damaged, encrypted or too large.
    """
    package = Package(data, name)
    main = _main_part(package)
    root = package.xml(main)
    relations = _relations(package, main)
    styles = Styles(_optional(package, relations.get("styles")))
    numbering = _optional(package, relations.get("numbering"))
    numbers = read_numbers(numbering) if numbering is not None else Numbers()
    numbers.follow_links(styles.lists())
    body = find(root, "body")
    if body is None:
        raise package.damaged("没有正文")
    document = _Document(name, styles, numbers)
    lines = document.lines(body)
    return Extract("\n".join(lines), tables=document.tables)


def _main_part(package: Package) -> str:
    for kind, target in _targets(package, _ROOT_RELATIONS, ""):
        if kind == "officeDocument":
            return target
    return "word/document.xml"


def _relations(package: Package, part: str) -> dict[str, str]:
    folder, _, file = part.rpartition("/")
    return dict(_targets(package, f"{folder}/_rels/{file}.rels".lstrip("/"), part))


def _targets(package: Package, relations: str, base: str) -> Iterator[tuple[str, str]]:
    """Yield (last word of its type, name) of the parts that a part refers to."""
    for element in package.xml(relations) if relations in package else ():
        if attribute(element, "TargetMode") != "External":
            yield attribute(element, "Type").rpartition("/")[2], resolve(base, attribute(element, "Target"))


def _optional(package: Package, part: str | None) -> etree._Element | None:
    return package.xml(part) if part and part in package else None


@dataclass(slots=True)
class _Document:
    name: str
    styles: Styles
    numbers: Numbers
    tables: int = 0
    _open: str = ""  # text of paragraphs whose mark was deleted: it goes on in the next

    def lines(self, parent: etree._Element) -> list[str]:
        """Return the paragraphs and rows of tables within an element."""
        lines: list[str] = []
        for element in _unwrapped(parent, {"p", "tbl"}):
            if local(element) == "p":
                lines += self._paragraph(element)
            else:
                lines += self._left_open() + self._table(element)
        return lines + self._left_open()

    def _left_open(self) -> list[str]:
        text, self._open = self._open, ""
        return [line for line in text.split("\n") if line.strip()]

    def _paragraph(self, element: etree._Element) -> list[str]:
        properties = find(element, "pPr")
        style = value_of(properties, "pStyle") if properties is not None else ""
        if self.styles.is_contents(style):
            return []
        hidden = self.styles.is_hidden(style)
        text = self._open + "".join(self._texts(element, hidden))
        mark = find(properties, "rPr")
        if find(mark, "del") is not None or find(mark, "moveFrom") is not None:
            self._open = text
            return []
        self._open = ""
        if not text.strip():
            return []
        number = self.numbers.next(*self.styles.numbering(properties, self.numbers))
        return [_without_number_tab(line) for line in (number + text.lstrip()).split("\n") if line.strip()]

    def _texts(self, parent: etree._Element, hidden: bool) -> Iterator[str]:
        """Yield the printed characters of a paragraph, `hidden` being what its style says."""
        for element in _unwrapped(parent, {"r", *_FORMULAS}):
            if local(element) in _FORMULAS:
                yield "".join(part.text or "" for part in element.iter() if local(part) == "t")
            elif not self._is_hidden(element, hidden):
                yield from _characters(element)

    def _is_hidden(self, run: etree._Element, hidden: bool) -> bool:
        properties = find(run, "rPr")
        if properties is None:
            return hidden
        own = switched(properties, "vanish")
        style = value_of(properties, "rStyle")
        return own if own is not None else hidden or (bool(style) and self.styles.is_hidden(style))

    def _table(self, element: etree._Element) -> list[str]:
        grid: list[list[str]] = []
        headers, still = 0, True
        for row in _unwrapped(element, {"tr"}):
            properties = find(row, "trPr")
            if find(properties, "del") is not None:
                continue
            cells = self._row(row, properties, grid[-1] if grid else [])
            still = still and bool(switched(properties, "tblHeader"))
            headers += still
            grid.append(cells)
        width = max(map(len, grid), default=0)
        check_size(len(grid), width, self.name)
        self.tables += width > 1 and len(grid) > 1  # else a frame around text
        return table_lines([row + [""] * (width - len(row)) for row in grid], headers or None)

    def _row(self, row: etree._Element, properties: etree._Element | None, above: list[str]) -> list[str]:
        cells = [""] * _span(value_of(properties, "gridBefore") if properties is not None else "", 0)
        for cell in _unwrapped(row, {"tc"}):
            own = find(cell, "tcPr")
            span = _span(value_of(own, "gridSpan") if own is not None else "", 1)
            text = "\n".join(self.lines(cell))
            if _continues(own, "vMerge") and len(cells) < len(above):
                text = above[len(cells)]
            elif _continues(own, "hMerge") and cells:
                text = cells[-1]
            cells += [text] * span
        return cells


def _without_number_tab(line: str) -> str:
    """Return a line with a space for the tab after its number: other tabs part the cells of a row."""
    marker = parse_marker(line)
    if marker is None or not marker.rest.startswith("\t"):
        return line
    return line[: len(line) - len(marker.rest)] + " " + marker.rest.lstrip("\t ")


def _continues(properties: etree._Element | None, name: str) -> bool:
    """Say whether a cell is the continuation of a merged one."""
    merge = find(properties, name)
    return merge is not None and attribute(merge, "val") != "restart"


def _span(text: str, default: int) -> int:
    return min(integer(text, default), _MAX_SPAN)


def _unwrapped(parent: Iterable[etree._Element], wanted: set[str]) -> Iterator[etree._Element]:
    """Yield the elements of the wanted names, out of whatever wraps them; what was deleted is no wrapper."""
    for element in parent:
        name = local(element)
        if name in wanted:
            yield element
        elif name == "AlternateContent":
            yield from _unwrapped(_alternative(element), wanted)
        elif name in _WRAPPERS and not _is_contents(element):
            yield from _unwrapped(element, wanted)


def _alternative(element: etree._Element) -> Iterable[etree._Element]:
    choice = find(element, "Choice")
    return _children(choice if choice is not None else find(element, "Fallback"))


def _children(element: etree._Element | None) -> Iterable[etree._Element]:
    return () if element is None else element


def _is_contents(element: etree._Element) -> bool:
    """Say whether a content control holds a generated table of contents."""
    gallery = find(element, "sdtPr", "docPartObj", "docPartGallery")
    return gallery is not None and attribute(gallery, "val") == _CONTENTS


def _characters(run: Iterable[etree._Element]) -> Iterator[str]:
    """Yield the printed characters of a run; drawings, text boxes, notes and the code of fields are passed over."""
    for element in run:
        name = local(element)
        if name == "t":
            yield (element.text or "").translate(_LINE_ENDS)
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "AlternateContent":
            yield from _characters(_alternative(element))
        elif name == "ruby":
            for base in _unwrapped(_children(find(element, "rubyBase")), {"r"}):
                yield from _characters(base)
