"""Bring the lines of a page into reading order: columns one after the other, each line with the margins it keeps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from index.page_rows import merged, rows
from index.page_types import Page, Run, Table

_BIN = 0.5  # sizes of a character: lines that end this near to each other end at the same margin
_MARGIN_SHARE, _MARGIN_LINES = 0.15, 2  # of the lines of a block, that reach a margin
# A line that goes beyond by more than a mark does says that the lines short of it end there by chance, if they are few.
_BEYOND, _STRONG_SHARE, _STRONG_LINES = 1.5, 0.25, 4
# Columns of text: on both sides of the gap several lines stand side by side, and most of them fill their column.
_MIN_ROWS = 5
_FULL = 0.5  # of the lines of a column
_SLACK = 2  # sizes of a character that a full line may be short of its margin
_GUTTER = 1  # size of a character
_MIDDLE = (0.3, 0.7)  # of the width of the text, where a gap between columns lies


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line and the margins of the text that it belongs to."""

    run: Run
    block: int  # lines of one block stand in one column of one page
    left: float  # margins, points
    right: float


def lines_of(pages: Sequence[Page]) -> list[Line | Table]:
    """Return the lines and tables of all pages in reading order."""
    blocks = [(page, block) for page in pages for block in _blocks(page)]
    margins = [_margins(block) for _, block in blocks]
    lefts = sorted(left for left, right, (sure, _) in margins if sure)
    widths = [right - left for left, right, sure in margins if all(sure)]
    found: list[Line | Table] = []
    for index, ((page, block), (left, right, sure)) in enumerate(zip(blocks, margins, strict=True)):
        if not sure[0]:  # a short page: its margins are those of the others
            left = max((other for other in lefts if other <= left), default=left)
        if not sure[1]:
            right = max(right, left + median(widths) if widths else page.width - left)
        found += [item if isinstance(item, Table) else Line(item, index, left, right) for item in block]
    return found


def _blocks(page: Page) -> list[list[Run | Table]]:
    """Return the lines of each column, tables among them by their height."""
    split = _gutter(page.runs)
    tables = sorted(page.tables, key=lambda table: table.box[1])
    if split is None:
        return [_with_tables([merged(row) for row in rows(page.runs)], tables)]
    blocks: list[list[Run | Table]] = []
    across = [run for run in page.runs if run.left < split < run.right]
    bounds = [*(_with_tables([merged(row) for row in rows(across)], tables)), None]
    above = float("-inf")
    for item in bounds:
        below = float("inf") if item is None else _top(item)
        between = [run for run in page.runs if run not in across and above <= run.top < below]
        for side in ([run for run in between if run.right <= split], [run for run in between if run.left >= split]):
            if side:
                blocks.append([merged(row) for row in rows(side)])
        if item is not None:
            blocks.append([item])
            above = below
    return _joined(blocks, split)


def _joined(blocks: list[list[Run | Table]], split: float) -> list[list[Run | Table]]:
    """Put neighbouring lines across the page into one block."""
    found: list[list[Run | Table]] = []
    for block in blocks:
        wide = all(isinstance(item, Table) or item.left < split < item.right for item in block)
        if found and wide and all(isinstance(item, Table) or item.left < split < item.right for item in found[-1]):
            found[-1] += block
        else:
            found.append(block)
    return found


def _with_tables(lines: list[Run], tables: Sequence[Table]) -> list[Run | Table]:
    return sorted([*lines, *tables], key=_top)


def _top(item: Run | Table) -> float:
    return item.box[1]


def _margins(block: Sequence[Run | Table]) -> tuple[float, float, tuple[bool, bool]]:
    """Return left and right margin, and which of them are sure: several lines reach them."""
    lines = [item for item in block if isinstance(item, Run)]
    if not lines:
        return 0, 0, (False, False)
    size = median(run.size for run in lines) or 1
    needed = max(_MARGIN_LINES, _MARGIN_SHARE * len(lines))
    left, left_sure = _edge([-run.left for run in lines], size, needed)
    right, right_sure = _edge([run.right for run in lines], size, needed)
    return -left, right, (left_sure, right_sure)


def _edge(ends: Sequence[float], size: float, needed: float) -> tuple[float, bool]:
    """Return the outermost end that enough lines share; where a line goes well beyond it, mostly that line's."""
    outermost = max(ends)
    bins = Counter(round(end / (_BIN * size)) for end in ends)
    shares = {key: bins[key - 1] + bins[key] + bins[key + 1] for key in bins}
    shared = max((key for key, share in shares.items() if share >= needed), default=None)
    if shared is None:
        return outermost, False
    end = max(end for end in ends if round(end / (_BIN * size)) == shared)
    if outermost - end > _BEYOND * size and shares[shared] < max(_STRONG_LINES, _STRONG_SHARE * len(ends)):
        return outermost, False
    return end, True


def _gutter(runs: Sequence[Run]) -> float | None:
    """Return the middle of the gap between two columns of text, None where there is none."""
    if len(runs) < 2 * _MIN_ROWS:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    size = median(run.size for run in runs) or 1
    start, end = (left + share * (right - left) for share in _MIDDLE)
    best: tuple[int, float] | None = None
    for step in range(int((end - start) / size * 2) + 1):
        at = start + step * size / 2
        crossing = sum(run.left < at < run.right for run in runs)
        if best is None or crossing < best[0]:
            best = (crossing, at)
    return best[1] if best and _are_columns(runs, best[1], size) else None


def _are_columns(runs: Sequence[Run], at: float, size: float) -> bool:
    sides = [run for run in runs if run.right <= at], [run for run in runs if run.left >= at]
    across = len(runs) - len(sides[0]) - len(sides[1])
    lines = [[merged(row) for row in rows(side)] for side in sides]
    if min(map(len, lines)) < _MIN_ROWS or across > min(map(len, lines)):
        return False
    ends = [max(run.right for run in side) for side in lines]
    if min(run.left for run in lines[1]) - ends[0] < _GUTTER * size:
        return False
    full = [
        sum(run.right > end - _SLACK * size for run in side) / len(side) for side, end in zip(lines, ends, strict=True)
    ]
    return min(full) >= _FULL
