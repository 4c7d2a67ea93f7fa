"""The numbers that are open at a line: which levels, and how far each has counted."""

from dataclasses import dataclass, field

from index.headings import Family, Marker


@dataclass(frozen=True, slots=True)
class Level:
    """An open heading."""

    family: Family
    number: int
    sub: int
    heading: int  # its index in the list of headings


@dataclass(slots=True)
class Stack:
    """The open headings, outermost first, and the last number of every family."""

    levels: list[Level] = field(default_factory=list)
    last: dict[Family, tuple[int, int]] = field(default_factory=dict)
    parents: dict[Family, Family] = field(default_factory=dict)  # the family that each stood under when last opened

    def __len__(self) -> int:
        return len(self.levels)

    def cut(self, depth: int) -> None:
        """Close all but the outermost `depth` headings."""
        del self.levels[depth:]

    def push(self, marker: Marker, heading: int) -> None:
        """Open a heading."""
        if self.levels:
            self.parents[marker.family] = self.levels[-1].family
        self.levels.append(Level(marker.family, marker.number, marker.sub, heading))
        self.last[marker.family] = (marker.number, marker.sub)

    def place(self, family: Family) -> int | None:
        """Return the depth at which a family is open."""
        return next((depth for depth, level in enumerate(self.levels) if level.family is family), None)

    def rank(self, family: Family) -> int:
        """Return the depth under every open heading that ranks above the family."""
        return next((depth for depth, level in enumerate(self.levels) if level.family >= family), len(self.levels))

    def units(self) -> int:
        """Return the depth of articles, whatever stands above them."""
        place = self.place(Family.ARTICLE)
        return len(self.levels) if place is None else place

    def fits(self, marker: Marker) -> bool:
        """Say whether the number is the next of its level; articles count on through the chapters."""
        place = self.place(marker.family)
        if marker.family is Family.ARTICLE:
            number, sub = self.last.get(Family.ARTICLE, (0, 0))
        elif place is None:
            return marker.number == 1
        else:
            number, sub = self.levels[place].number, self.levels[place].sub
        return (marker.number, marker.sub) in ((number + 1, 0), (number, sub + 1))

    def runs_on(self, marker: Marker) -> bool:
        """Say whether the number goes on where its family stopped in an earlier section (1 to 15 through （一）–（四）)."""
        return marker.number == self.last.get(marker.family, (0, 0))[0] + 1
