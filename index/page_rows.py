"""Put runs of characters that stand side by side together as lines."""

from collections.abc import Iterable, Sequence

from index.page_types import Run, hull
from index.structure_lines import width_of

_SAME_ROW = 0.5  # of the lower run: raised and lowered signs overlap their line by more, the next line by less
_ROWS_BACK = 4  # rows that a run is compared with; columns whose lines are out of step take two at a time
# Gaps, in sizes of a character. Justified lines stretch by less than half a character; where documents set words
# apart they use a whole one; what is further apart are separate entries.
_GAP = 0.7
_WIDE_GAP = 2.5
_SPACES = "    "  # keeps entries apart; `structure_lines.is_row` knows it


def rows(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs of each line, from left to right, the lines from top to bottom."""
    found: list[tuple[float, float, list[Run]]] = []  # top, bottom of the highest run, runs
    for run in sorted(runs, key=lambda run: (run.top, run.left)):
        for place in range(len(found) - 1, max(len(found) - 1 - _ROWS_BACK, -1), -1):
            top, bottom, members = found[place]
            shared = min(bottom, run.bottom) - max(top, run.top)
            if shared > _SAME_ROW * min(bottom - top, run.bottom - run.top):
                members.append(run)
                if run.bottom - run.top > bottom - top:
                    found[place] = (run.top, run.bottom, members)
                break
        else:
            found.append((run.top, run.bottom, [run]))
    found.sort(key=lambda row: row[0] + row[1])
    return [sorted(members, key=lambda run: run.left) for _, _, members in found]


def merged(row: Sequence[Run]) -> Run:
    """Return the runs of a line as one.

    Example: "联系人：张三", far right of it "电话：12345678" -> "联系人：张三    电话：12345678"
    """
    if len(row) == 1:
        return row[0]
    size = max(row, key=lambda run: width_of(run.text)).size
    spaced = all(len(run.text) == 1 for run in row)  # 通　　知: one word, spread
    text, doubts = "", []
    for run, before in zip(row, (None, *row), strict=False):
        text += "" if before is None or spaced else _between(before, run, size)
        doubts += [len(text) + place for place in run.doubts]
        text += run.text
    faces = (
        next((run.faces[0] for run in row if run.faces[0]), ""),
        next((run.faces[1] for run in row[::-1] if run.faces[1]), ""),
    )
    return Run(text, hull([run.box for run in row]), size, faces, tuple(doubts))


def _between(left: Run, right: Run, size: float) -> str:
    gap = right.left - left.right
    if gap > _WIDE_GAP * size:
        return _SPACES
    if gap > _GAP * size or (gap > 0 and is_latin(left.text[-1]) and is_latin(right.text[0])):
        return " "
    return ""


def is_latin(sign: str) -> bool:
    """Say whether a character is one of those that are set apart by spaces."""
    return sign.isascii() and sign.isalnum()
