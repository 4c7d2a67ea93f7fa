"""What stands on a printed page, whether a PDF says so or character recognition: runs of characters and tables."""

from dataclasses import dataclass, field

Box = tuple[float, float, float, float]  # left, top, right, bottom; points from the upper left corner


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that stand together on one line."""

    text: str
    box: Box
    size: float  # of a Chinese character, points
    faces: tuple[str, str] = ("", "")  # fonts of the first and the last Chinese character; "" where unknown
    doubts: tuple[int, ...] = ()  # places in `text` that character recognition was unsure of

    @property
    def left(self) -> float:
        return self.box[0]

    @property
    def top(self) -> float:
        return self.box[1]

    @property
    def right(self) -> float:
        return self.box[2]

    @property
    def bottom(self) -> float:
        return self.box[3]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a ruled table, merged ones as one."""

    box: Box
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table."""

    box: Box
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, turned upright."""

    width: float  # points
    height: float
    runs: tuple[Run, ...]  # outside tables, in no particular order
    tables: tuple[Table, ...] = field(default=())


def inside(box: Box, outer: Box) -> bool:
    """Say whether the middle of a box lies in another."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def hull(boxes: list[Box]) -> Box:
    """Return the smallest box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def turned(box: Box, quarters: int, width: float, height: float) -> Box:
    """Return a box after its page, `width` by `height`, was turned clockwise by quarters."""
    for _ in range(quarters % 4):
        left, top, right, bottom = box
        box = height - bottom, left, height - top, right
        width, height = height, width
    return box
