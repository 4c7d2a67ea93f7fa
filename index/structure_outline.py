"""Decide which numbers begin a clause: a stack of open headings, never a vote on one way of numbering."""

from dataclasses import dataclass, field

from index.headings import Family, Marker, parse_question
from index.structure_lines import ends_sentence, is_row
from index.structure_mode import Mode
from index.structure_quotation import Quotation
from index.structure_segments import Plan, Segment
from index.structure_stack import Stack

_STRUCTURAL = 50  # characters: a longer line that begins with 第X章 is a sentence about that chapter
_HEADLINE = 20  # characters of an unnumbered heading over articles (附则)
_GAP = 3  # numbers that a scan may lose in a row


@dataclass(frozen=True, slots=True)
class Heading:
    """An accepted heading."""

    line: int
    label: str  # the last part of the path
    above: tuple[int, ...]  # the headings over it, as indexes of the list of headings, outermost first
    unit: bool = False  # an article or a question: the headings over it do not enter its path
    is_question: bool = False


@dataclass(slots=True)
class Outline:
    """The headings of one segment, read line by line."""

    plan: Plan
    segment: Segment
    mode: Mode
    headings: list[Heading] = field(default_factory=list)
    _stack: Stack = field(default_factory=Stack)
    _quotation: Quotation = field(default_factory=Quotation)
    _questions: int = 0

    def take(self, line: int, listed: bool = False) -> bool:
        """Read a line; say whether a heading begins with it. `listed`: within the list of annexes."""
        depth = self._depth(line, listed)
        if depth is not None:
            self._stack.cut(depth)
            self._open(line)
            self._quotation.close()
        self._quotation.read(self._body(line))
        return depth is not None

    def _body(self, line: int) -> str:
        return self.plan.sheet.lines[line].body

    def _open(self, line: int) -> None:
        marker, index = self.plan.markers[line], len(self.headings)
        above = tuple(level.heading for level in self._stack.levels)
        question = self.mode is Mode.QUESTION and parse_question(self._body(line))
        if question:
            self._questions = question[0] or self._questions + 1
            self.headings.append(Heading(line, f"问{self._questions}", above, unit=True, is_question=True))
        elif marker is None:
            self.headings.append(Heading(line, "".join(self._body(line).split()), above))
        else:
            unit = self.mode is Mode.ARTICLE and marker.family is Family.ARTICLE
            self.headings.append(Heading(line, marker.label, above, unit))
            self._stack.push(marker, index)

    def _depth(self, line: int, listed: bool) -> int | None:
        """Return how many open headings stay open over a heading that begins here, None where none begins."""
        marker, goes_on = self.plan.markers[line], self.plan.sheet.goes_on(line)
        if self.mode is Mode.QUESTION and not goes_on and parse_question(self._body(line)):
            return len(self._stack)
        if marker is None:
            return self._headline(line) if self.mode is Mode.ARTICLE else None
        if self._is_mention(line, marker) or (goes_on and not self._printed_apart(line, marker)):
            return None
        if self._quotation.holds(marker, self._stack):
            return None
        if marker.family < Family.ARTICLE:
            return self._stack.rank(marker.family) if _is_structural(self._body(line)) else None
        if self.mode is Mode.OUTLINE:
            return self._outline_depth(line, marker, listed)
        if marker.family is not Family.ARTICLE:
            return None if listed else self._headed(line, marker)
        counted = self.mode is Mode.ARTICLE and (marker.clear or self._stack.fits(marker))
        return self._stack.units() if counted else None

    def _is_mention(self, line: int, marker: Marker) -> bool:
        """Say whether the number only refers to a clause, or counts the rows of a table."""
        if marker.reference:  # 二、三级市场也要规范。 is a mention, 二、三年目标 a heading after 一
            if marker.family is Family.HAN:
                return not (self._stack.fits(marker) and _is_structural(marker.rest))
            return not (marker.family > Family.HAN and self._stack.fits(marker) and self._is_listed(line, marker))
        return is_row(marker.rest) and not (marker.family is Family.ARTICLE and self._stack.fits(marker))

    def _is_listed(self, line: int, marker: Marker) -> bool:
        """Say whether a number begins an item although its words read as a reference: （一）规定的学历；（二）…

        A sentence or a heading ends above it, and it ends a list or the next number of its kind goes on with the list.
        """
        previous = self.plan.sheet.before(line)
        opened = self.headings and self.headings[-1].line == previous
        if previous < 0 or not (opened or ends_sentence(self._body(previous))):
            return False
        if marker.number > 1 and self._body(previous).endswith(("；", ";")):
            return True
        for following in self.plan.markers[line + 1 : self.segment.stop]:
            if following and following.family <= marker.family:
                return following.family is marker.family and following.number == marker.number + 1
        return False

    def _printed_apart(self, line: int, marker: Marker) -> bool:
        """Say whether a number is a heading although the sentence before it has no end: scans lose full stops."""
        sheet, previous = self.plan.sheet, self.plan.sheet.before(line)
        opened = self.headings and self.headings[-1].line == previous
        return self._stack.fits(marker) and not marker.reference and (opened or not sheet.width and marker.clear)

    def _headline(self, line: int) -> int | None:
        """Return the depth of an unnumbered heading over articles, e.g. 附则."""
        body = self._body(line)
        if len(body) > _HEADLINE or not self.headings or not self._next_is_unit(line):
            return None
        apart = ends_sentence(self._body(self.plan.sheet.before(line))) and not ends_sentence(body)
        return 0 if apart and not is_row(body) else None

    def _headed(self, line: int, marker: Marker) -> int | None:
        """Return the depth of a heading like 一、 that stands over articles or questions."""
        counted = self._stack.fits(marker) and _is_structural(self._body(line))
        if not counted or (self._stack.place(marker.family) is None and self._leads_on(line)):
            return None
        return min(self._stack.units(), self._stack.rank(marker.family)) if self._next_is_unit(line) else None

    def _next_is_unit(self, line: int) -> bool:
        if line + 1 >= self.segment.stop:
            return False
        marker = self.plan.markers[line + 1]
        if self.mode is Mode.QUESTION:
            return parse_question(self._body(line + 1)) is not None
        return marker is not None and marker.family is Family.ARTICLE and self._stack.fits(marker)

    def _outline_depth(self, line: int, marker: Marker, listed: bool) -> int | None:
        place = self._stack.place(marker.family)
        if listed and marker.family is not Family.HAN and not (place is not None and self._stack.fits(marker)):
            return None
        if listed and marker.family > Family.PAREN_HAN:
            return None
        if place is not None:
            last = self._stack.levels[place].number
            near = marker.number == 1 or last <= marker.number <= last + _GAP
            return place if self._stack.fits(marker) or (near and not listed) else None
        lost = marker.number <= _GAP and marker.family not in self._stack.last and marker.family <= Family.PAREN_HAN
        begins = marker.number == 1 or self._stack.runs_on(marker) or lost
        return self._new_level(line, marker) if begins else None

    def _new_level(self, line: int, marker: Marker) -> int:
        """Return the depth of a level that is not open: below the innermost heading, unless it ranks above that."""
        levels = self._stack.levels
        if not levels or levels[-1].family < marker.family:
            return len(levels)
        before = self._stack.parents.get(marker.family) is levels[-1].family
        below = before or self._leads_on(line) or self._resumes(line)
        return len(levels) if below else self._stack.rank(marker.family)

    def _leads_on(self, line: int) -> bool:
        """Say whether the line before introduces a list."""
        previous = self.plan.sheet.before(line)
        return previous >= 0 and self._body(previous).endswith((":", "："))

    def _resumes(self, line: int) -> bool:
        """Say whether the innermost open numbering goes on after the level that begins here."""
        top, families = self._stack.levels[-1], {level.family for level in self._stack.levels}
        for marker in self.plan.markers[line + 1 : self.segment.stop]:
            if marker and marker.family in families:
                return marker.family is top.family and marker.number == top.number + 1
        return False


def _is_structural(body: str) -> bool:
    return len(body) <= _STRUCTURAL and "。" not in body and not ends_sentence(body) and not is_row(body)
