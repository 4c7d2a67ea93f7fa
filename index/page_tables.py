"""Find the cells of ruled tables, from the lines drawn on a PDF page or seen on a scan."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from io import BytesIO

import pdfplumber
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from index.page_types import Box, hull, inside, turned

# More lines are a drawing; finding cells takes time that grows with the square. The fullest table of an A4 page, 60
# rows of 12 columns with each cell framed by itself, has 2,900 lines before they are joined.
_MAX_EDGES = 5000
_MAX_CROSSINGS = 10_000  # of joined lines; that table has 800, and the time grows with the square again
_NEAR = 3.0  # points: ends and crossings of drawn lines this near to each other are meant to meet
_SHORTEST = 6.0  # points: shorter than a line of text is no ruling


# What pdfminer raises over files that PDFium can read.
_BROKEN = (
    PdfminerException,
    MalformedPDFException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


class Rulings:
    """The tables of a PDF, page by page; the file is opened when first needed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: pdfplumber.PDF | None = None

    def tables(self, index: int, quarters: int, size: tuple[float, float]) -> list[list[Box]]:
        """Return the cells of each table on a page.

        :param quarters: clockwise turns from the page as displayed to upright.
        :param size: width and height of the upright page.
        """
        try:
            if self._document is None:
                self._document = pdfplumber.open(BytesIO(self._data))
            page = self._document.pages[index]
            edges = [
                line for line in page.edges if line["orientation"] and max(line["width"], line["height"]) >= _SHORTEST
            ]
            left, top = page.bbox[:2]
        except _BROKEN:
            return []  # a page that PDFium can read and pdfminer cannot: its text is read without tables
        found = cells_of(edges)
        page.close()
        width, height = size if quarters % 2 == 0 else size[::-1]
        return [[turned((x0 - left, y0 - top, x1 - left, y1 - top), quarters, width, height) for x0, y0, x1, y1 in cells]
                for cells in found]  # fmt: skip

    def close(self) -> None:
        """Close the file."""
        if self._document is not None:
            with suppress(*_BROKEN):  # it reads the list of pages again
                self._document.close()


def edge(box: Box) -> dict[str, object]:
    """Return a line that was seen, from its box."""
    left, top, right, bottom = box
    if right - left >= bottom - top:
        top = bottom = (top + bottom) / 2
    else:
        left = right = (left + right) / 2
    return {"x0": left, "top": top, "x1": right, "bottom": bottom, "width": right - left, "height": bottom - top,
            "orientation": "h" if right > left else "v", "object_type": "line"}  # fmt: skip


def cells_of(edges: Sequence[dict[str, object]]) -> list[list[Box]]:
    """Return the cells of each table that ruling lines form; frames around text are none."""
    if not 4 <= len(edges) <= _MAX_EDGES:
        return []
    joined = merge_edges(list(edges), _NEAR, _NEAR, _NEAR, _NEAR)
    across = sum(line["orientation"] == "h" for line in joined)
    if across * (len(joined) - across) > _MAX_CROSSINGS:
        return []
    tables = cells_to_tables(intersections_to_cells(edges_to_intersections(joined, _NEAR, _NEAR)))
    return [cells for cells in tables if len({cell[0] for cell in cells}) > 1 and len({cell[1] for cell in cells}) > 1]


def shared_out(groups: Iterable[Sequence[Box]], boxes: Sequence[Box]) -> tuple[list[list[list[int]]], list[int]]:
    """Return which boxes stand in each cell of each table, by the middle of the box, and which in none."""
    rest = list(range(len(boxes)))
    tables: list[list[list[int]]] = []
    for cells in groups:
        around = hull(list(cells))
        members = [index for index in rest if inside(boxes[index], around)]
        shares: list[list[int]] = [[] for _ in cells]
        for index in members:
            place = next((place for place, cell in enumerate(cells) if inside(boxes[index], cell)), None)
            if place is not None:
                shares[place].append(index)
        placed = {index for share in shares for index in share}
        rest = [index for index in rest if index not in placed]
        tables.append(shares)
    return tables, rest
