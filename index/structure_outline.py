"""Decide which numbers begin a clause: a stack of open headings, never a vote on one way of numbering."""

import re
from dataclasses import dataclass, field
from enum import Enum

from index.headings import Family, Marker, is_answer, parse_question
from index.structure_lines import ends_sentence, is_row
from index.structure_segments import Plan, Segment

_QUOTED = re.compile(
    r"[“「]\s*(?:第[^章节条]{1,8}(?P<unit>[章节条])|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])"
)
_STRUCTURAL = 50  # characters: a longer line that begins with 第X章 is a sentence about that chapter
_HEADLINE = 20  # characters of an unnumbered heading over articles (附则)
_GAP = 3  # numbers that a scan may lose in a row
_LEAD = 10  # characters of a heading that leads into a list ("申报条件：")


class Mode(Enum):
    """What the units of a segment are."""

    ARTICLE = "article"  # 第X条 stands alone, with all items in it
    QUESTION = "question"  # a question with its answer stands alone
    OUTLINE = "outline"  # every numbered level is a node
    PLAIN = "plain"  # no numbers at all


@dataclass(frozen=True, slots=True)
class Heading:
    """An accepted heading."""

    line: int
    label: str  # the last part of the path
    above: tuple[int, ...]  # the headings over it, as indexes of the list of headings, outermost first
    unit: bool  # an article or a question: the headings over it do not enter its path


@dataclass(slots=True)
class _Open:
    family: Family
    number: int
    sub: int
    index: int


@dataclass(slots=True)
class Outline:
    """The headings of one segment, read line by line."""

    plan: Plan
    segment: Segment
    mode: Mode
    headings: list[Heading] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _last: dict[Family, int] = field(default_factory=dict)
    _article: tuple[int, int] = (0, 0)  # the last article, 第十条之一 as (10, 1)
    _questions: int = 0
    _quotes: int = 0  # quotation marks open in the current clause
    _quoted: str = ""  # the unit that the open quotation numbers, e.g. 条

    def take(self, line: int, listed: bool = False) -> bool:
        """Read a line; say whether a heading begins with it. `listed`: within the list of annexes."""
        depth = self._depth(line, listed)
        body = self.plan.sheet.lines[line].body
        if depth is not None:
            self._open(line, depth)
            self._quotes, self._quoted = 0, ""
        self._count_quotes(body)
        return depth is not None

    def _open(self, line: int, depth: int) -> None:
        marker = self.plan.markers[line]
        del self._stack[depth:]
        above = tuple(opened.index for opened in self._stack)
        index = len(self.headings)
        question = self.mode is Mode.QUESTION and parse_question(self.plan.sheet.lines[line].body)
        if question:
            self._questions = question[0] or self._questions + 1
            self.headings.append(Heading(line, f"问{self._questions}", above, unit=True))
        elif marker is None:
            label = "".join(self.plan.sheet.lines[line].body.split())
            self.headings.append(Heading(line, label, above, unit=False))
        else:
            unit = self.mode is Mode.ARTICLE and marker.family is Family.ARTICLE
            self.headings.append(Heading(line, marker.label, above, unit))
            self._stack.append(_Open(marker.family, marker.number, marker.sub, index))
            self._last[marker.family] = marker.number
            if marker.family is Family.ARTICLE:
                self._article = (marker.number, marker.sub)

    def _depth(self, line: int, listed: bool) -> int | None:
        """Return how many open headings stay open over a heading that begins here, None where none begins."""
        marker, body = self.plan.markers[line], self.plan.sheet.lines[line].body
        if self.mode is Mode.QUESTION and parse_question(body) and not self.plan.sheet.goes_on(line):
            return self._above(Family.ARTICLE)
        if self.mode is Mode.ARTICLE and marker is None:
            return self._headline(line)
        if marker is None or self._is_mention(marker):
            return None
        if self.plan.sheet.goes_on(line) and not self._printed_apart(line, marker):
            return None
        if self._quotes > 0 and not self._after_quotation(marker):
            return None
        if marker.family < Family.ARTICLE:
            return self._above(marker.family) if _is_structural(body) else None
        if self.mode in (Mode.ARTICLE, Mode.QUESTION):
            return self._unit_depth(line, marker, listed)
        return self._outline_depth(line, marker, listed)

    def _is_mention(self, marker: Marker) -> bool:
        """Say whether the number only refers to a clause, or counts the rows of a table."""
        if marker.reference:  # 一、二级市场 is a mention, 二、三年行动 after 一 a heading
            return not (marker.family is Family.HAN and self._fits(marker))
        return is_row(marker.rest) and not (marker.family is Family.ARTICLE and self._fits(marker))

    def _above(self, family: Family) -> int:
        return next((i for i, opened in enumerate(self._stack) if opened.family >= family), len(self._stack))

    def _place(self, family: Family) -> int | None:
        return next((i for i, opened in enumerate(self._stack) if opened.family is family), None)

    def _fits(self, marker: Marker) -> bool:
        """Say whether the number is the next one of an open level."""
        place = self._place(marker.family)
        if marker.family is Family.ARTICLE:
            number, sub = self._article  # articles number on through the chapters
        elif place is None:
            return marker.number == 1
        else:
            number, sub = self._stack[place].number, self._stack[place].sub
        return (marker.number, marker.sub) in ((number + 1, 0), (number, sub + 1))

    def _printed_apart(self, line: int, marker: Marker) -> bool:
        """Say whether a number is a heading although the sentence before it has no end: scans lose full stops."""
        sheet, previous = self.plan.sheet, self.plan.sheet.before(line)
        opened = self.headings and self.headings[-1].line == previous
        return self._fits(marker) and not marker.reference and (opened or not sheet.width and marker.clear)

    def _after_quotation(self, marker: Marker) -> bool:
        """Say whether the number goes on with an open level, whose quotation then was never closed."""
        numbered = self._quoted == "条" and marker.family is Family.ARTICLE
        return not numbered and self._place(marker.family) is not None and self._fits(marker)

    def _count_quotes(self, body: str) -> None:
        if "“" not in body and "”" not in body:
            return
        quoted = _QUOTED.search(body)
        again = self._quotes > 0 and body.startswith("“")  # each paragraph of a quotation opens it anew
        self._quotes = max(0, self._quotes + body.count("“") - body.count("”") - again)
        if self._quotes and quoted:
            self._quoted = quoted["unit"] or ""

    def _headline(self, line: int) -> int | None:
        """Return the depth of an unnumbered heading over articles, e.g. 附则."""
        lines, following = self.plan.sheet.lines, line + 1
        if following >= self.segment.stop or len(lines[line].body) > _HEADLINE or not self.headings:
            return None
        marker = self.plan.markers[following]
        if marker is None or marker.family is not Family.ARTICLE or not self._fits(marker):
            return None
        apart = ends_sentence(lines[self.plan.sheet.before(line)].body) and not ends_sentence(lines[line].body)
        return 0 if apart and not is_row(lines[line].body) else None

    def _unit_depth(self, line: int, marker: Marker, listed: bool) -> int | None:
        if marker.family is Family.ARTICLE:
            if self.mode is Mode.QUESTION or not (marker.clear or self._fits(marker)):
                return None
            return self._above(Family.ARTICLE)
        following, place = line + 1, self._place(marker.family)
        body = self.plan.sheet.lines[line].body
        if listed or following >= self.segment.stop or not _is_structural(body):
            return None
        if not self._fits(marker) or place is None and self._leads_on(line):
            return None
        if self.mode is Mode.QUESTION:
            leads = parse_question(self.plan.sheet.lines[following].body) is not None
        else:
            below = self.plan.markers[following]
            leads = below is not None and below.family is Family.ARTICLE and self._fits(below)
        return (
            next((i for i, o in enumerate(self._stack) if o.family >= Family.ARTICLE), len(self._stack))
            if leads
            else None
        )

    def _outline_depth(self, line: int, marker: Marker, listed: bool) -> int | None:
        place = self._place(marker.family)
        if place is not None:
            last = self._stack[place].number
            if self._fits(marker):
                return place if not listed or marker.family <= Family.PAREN_HAN else None
            near = marker.number == 1 or last <= marker.number <= last + _GAP
            return place if near and not listed else None
        if listed and marker.family is not Family.HAN and marker.family is not Family.ARTICLE:
            return None
        if marker.number == 1:
            return self._new_level(line, marker)
        runs_on = marker.number == self._last.get(marker.family, 0) + 1
        lost_start = marker.number <= _GAP and marker.family not in self._last and marker.family is not Family.CIRCLED
        return self._new_level(line, marker) if runs_on or lost_start else None

    def _new_level(self, line: int, marker: Marker) -> int:
        """Return the depth of a level that is not open: below the innermost heading, unless it ranks above that."""
        if not self._stack or self._stack[-1].family < marker.family:
            return len(self._stack)
        if self._leads_on(line):
            return len(self._stack)
        return len(self._stack) if self._resumes(line) else self._above(marker.family)

    def _leads_on(self, line: int) -> bool:
        """Say whether the line before introduces a list."""
        previous = self.plan.sheet.before(line)
        return previous >= 0 and self.plan.sheet.lines[previous].body.endswith((":", "："))

    def _resumes(self, line: int) -> bool:
        """Say whether the innermost open numbering goes on after the level that begins here."""
        top = self._stack[-1]
        for later in range(line + 1, self.segment.stop):
            marker = self.plan.markers[later]
            if marker and marker.family is top.family:
                return marker.number == top.number + 1
            if marker and any(marker.family is opened.family for opened in self._stack):
                return False
        return False


def mode_of(plan: Plan, segment: Segment) -> Mode:
    """Say what the units of a segment are."""
    lines = [i for i in range(segment.start, segment.stop) if i not in plan.contents]
    questions = sum(parse_question(plan.sheet.lines[i].body) is not None for i in lines)
    if questions > 1 or questions and any(is_answer(plan.sheet.lines[i].body) for i in lines):
        return Mode.QUESTION
    numbered = [(i, plan.markers[i]) for i in lines if plan.markers[i]]
    articles = [m for i, m in numbered if m.family is Family.ARTICLE and not m.reference and not plan.sheet.goes_on(i)]
    if any(m.number == 1 for m in articles):
        return Mode.ARTICLE
    if not any(m.family is Family.HAN and m.number == 1 for _, m in numbered) and sum(m.clear for m in articles) > 1:
        return Mode.ARTICLE
    return Mode.OUTLINE


def _is_structural(body: str) -> bool:
    return len(body) <= _STRUCTURAL and "。" not in body and not ends_sentence(body) and not is_row(body)
