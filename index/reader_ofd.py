"""Read OFD documents: the words of each page by where they stand, in lines as printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from index.errors import PolicyFileError
from index.reader_package import Package, local, resolve
from index.structure_lines import is_page_number, width_of
from index.types import Extract

_MAIN = "OFD.xml"
_SAME_LINE = 0.5  # of the size of type: what stands less apart in height is one line (numbers stand a little lower)
_GAP = 2.0  # widths of a character: wider gaps part the cells of a table
_SPACE = 0.5  # the same: wider gaps are spaces between words that are no Chinese
_INDENT = 1.5  # the same: lines that begin further right begin a paragraph
_SIZE = 4.0  # millimetres, of the text of official documents; where a file states none
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters that a file places together, millimetres from the top left of the page."""

    x: float
    y: float  # of the base line
    size: float
    text: str

    @property
    def end(self) -> float:
        """Where the next character would stand."""
        return self.x + width_of(self.text) * self.size


def read(data: bytes, name: str) -> Extract:
    """Read an OFD document; lines as printed, page numbers left out.

    :raises PolicyFileError: if it is damaged, encrypted, or its pages are pictures.
    """
    package = Package(data, name)
    lines = [line for page in _pages(package, name) for line in _page_lines(package.xml(page))]
    if not any(map(str.strip, lines)):
        raise PolicyFileError(f"{name} 的页面里没有文字，可能全是图片。请用 OFD 阅读器导出为 PDF 后再导入。")
    return Extract("\n".join(lines))


def _pages(package: Package, name: str) -> Iterator[str]:
    """Yield the parts of the pages in order; those that are named and are not there are passed over."""
    if any(part.endswith("Encryptions.xml") for part in package.names()):
        raise PolicyFileError(f"{name} 是加密的文档，不能直接读。请去掉密码再导入。")
    for root in _texts(package.xml(_MAIN), "DocRoot"):
        document = resolve(_MAIN, root)
        for element in package.xml(document).iter():
            if local(element) == "Page" and element.get("BaseLoc"):
                page = resolve(document, element.get("BaseLoc"))
                if page in package:
                    yield page


def _page_lines(root: etree._Element) -> list[str]:
    pieces = sorted(_pieces(root), key=lambda piece: (piece.y, piece.x))
    rows: list[list[_Piece]] = []
    for piece in pieces:
        if rows and piece.y - rows[-1][0].y < _SAME_LINE * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    margin = min((piece.x for piece in pieces), default=0)
    lines = [_line(sorted(row, key=lambda piece: piece.x), margin) for row in rows]
    if lines and lines[-1].strip().isdecimal():  # the page's number, set without marks
        lines.pop()
    return [line for line in lines if not is_page_number(line.strip())]


def _pieces(root: etree._Element) -> Iterator[_Piece]:
    for element in root.iter():
        if local(element) == "TextObject":
            yield from _object_pieces(element)


def _object_pieces(element: etree._Element) -> Iterator[_Piece]:
    left, top = (*_numbers(element.get("Boundary")), 0, 0)[:2]
    numbers = _numbers(element.get("CTM"))
    a, b, c, d, e, f = numbers if len(numbers) == len(_IDENTITY) else _IDENTITY
    size = (_numbers(element.get("Size")) or [_SIZE])[0] * (abs(d) or abs(b) or 1)
    x = y = 0.0
    for code in element:
        if local(code) == "TextCode" and code.text and code.text.strip():
            x = (_numbers(code.get("X")) or [x])[0]  # where none is stated, that of the one before holds
            y = (_numbers(code.get("Y")) or [y])[0]
            yield _Piece(left + a * x + c * y + e, top + b * x + d * y + f, size or _SIZE, code.text.strip())


def _line(row: list[_Piece], margin: float) -> str:
    first = row[0]
    line = ("\u3000\u3000" if first.x - margin > _INDENT * first.size else "") + first.text
    for before, piece in pairwise(row):
        gap = (piece.x - before.end) / piece.size
        latin = before.text[-1].isascii() and piece.text[0].isascii()
        line += ("   " if gap > _GAP else " " if gap > _SPACE and latin else "") + piece.text
    return line


def _texts(root: etree._Element, name: str) -> Iterator[str]:
    return ((element.text or "").strip() for element in root.iter() if local(element) == name)


def _numbers(text: str | None) -> list[float]:
    """Return the numbers of a list; none where any of them is no number."""
    try:
        return [float(part) for part in (text or "").split()]
    except ValueError:
        return []
