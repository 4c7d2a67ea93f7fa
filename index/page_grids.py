"""Tables as grids of text: merged cells in each of their places, tables that run over pages in one piece."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.page_columns import Line
from index.page_rows import is_latin, merged, rows
from index.page_types import Cell, Run, Table
from index.structure_lines import ends_sentence

_SNAP = 3.0  # points: edges of cells this near to each other are one
_SHIFT = 8.0  # points that a column may move from page to page; scans are laid down by hand
_MAX_SLOTS = 200_000  # of one table; forged files draw more

Text = Callable[[Run], str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of equal length, and the edges of its columns."""

    rows: list[list[str]]
    columns: tuple[float, ...]  # points


def with_grids(items: Iterable[Line | Table], text: Text) -> Iterator[Line | Grid]:
    """Yield lines as they are and tables as grids, one that runs over pages as one."""
    last: tuple[Grid, Table] | None = None
    for item in items:
        if isinstance(item, Line):
            if last:
                yield last[0]
            last = None
            yield item
            continue
        grid = _grid(item, text)
        if last and item.box[1] < last[1].box[3] and _is_same(last[0], grid):  # not below it, so on another page
            last = Grid(_continued(last[0].rows, grid.rows), last[0].columns), item
        else:
            if last:
                yield last[0]
            last = grid, item
    if last:
        yield last[0]


def _grid(table: Table, text: Text) -> Grid:
    columns = _edges([edge for cell in table.cells for edge in (cell.box[0], cell.box[2])])
    heights = _edges([edge for cell in table.cells for edge in (cell.box[1], cell.box[3])])
    across, down = len(columns) - 1, len(heights) - 1
    if across * down > _MAX_SLOTS:
        return Grid([[_cell_text(cell, text)] for cell in table.cells], (columns[0], columns[-1]))
    slots = [[""] * across for _ in range(down)]
    for cell in table.cells:
        written = _cell_text(cell, text)
        first, last = _place(columns, cell.box[0]), _place(columns, cell.box[2])
        for row in range(_place(heights, cell.box[1]), _place(heights, cell.box[3])):
            slots[row][first:last] = [written] * (last - first)
    return Grid(slots, columns)


def _edges(values: Sequence[float]) -> tuple[float, ...]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _SNAP:
            found.append(value)
    return tuple(found)


def _place(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))


def _cell_text(cell: Cell, text: Text) -> str:
    """Return the lines of a cell as one; where it wraps, only words and numbers are set apart."""
    found = ""
    plain = ""
    for row in rows(cell.runs):
        line = merged(row)
        found += " " * bool(plain and is_latin(plain[-1]) and is_latin(line.text[0])) + text(line)
        plain = line.text
    return found


def _is_same(grid: Grid, other: Grid) -> bool:
    """Say whether two tables have the same columns."""
    if len(grid.columns) != len(other.columns):
        return False
    shift = other.columns[0] - grid.columns[0]
    return all(abs(b - a - shift) < _SHIFT for a, b in zip(grid.columns, other.columns, strict=True))


def _continued(above: list[list[str]], below: list[list[str]]) -> list[list[str]]:
    """Return a table and its continuation: the head is printed again, a row may be cut, a merged cell may go on."""
    repeated = next((count for count in (2, 1) if above[:count] == below[:count] and len(below) >= count), 0)
    rest = below[repeated:]
    if not rest:
        return above
    last, first = above[-1], rest[0]
    if "" not in first:
        return [*above, *rest]
    if all(not part or (whole and not ends_sentence(whole)) for whole, part in zip(last, first, strict=True)):
        return [*above[:-1], [whole + part for whole, part in zip(last, first, strict=True)], *rest[1:]]
    carried = last[0] if not first[0] else ""
    filled = [
        [carried, *row[1:]] if not any(earlier[0] for earlier in rest[: place + 1]) else row
        for place, row in enumerate(rest)
    ]
    return [*above, *filled]
