"""What a drafted sentence may rest on: a cited clause as folded sentences, each with what must be read with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from index.lexicon import fold
from index.types import Clause, Policy
from rag.figures import DATE, Figure, figures

_STOP = re.compile(r"(?<=[。!?！？])(?![”’」』)])|\n")
_PART = re.compile(r"(?<=[;；])")
_SEGMENT = re.compile(r"[,，;；。:：!?！？\n]+")
_ITEM = re.compile(r"^(?:[一二三四五六七八九十]{1,2}是|\([一二三四五六七八九十\d]{1,3}\)|[①-⑳]|\d{1,2}[.、])")
# A sentence that begins so cannot be read without the one before it.
_LEANS = re.compile(r"^(?:但是?|其中|上述|前述|前款|该|此类|此外|同时|并|否则|逾期|其|对|超过|不足|未|第[一二三四五]|[^,，:：]{1,10}[:：])|上述|前款|前述")
# Characters of a heading; a longer one is the first sentence of an article without a heading.
_HEADING = 14
_WORDED = re.compile(r"[按奖补给]")  # a cell that says by itself what is given
_ASKED = re.compile(r"问\d")  # an item of a 问/答 text: the question says what the answer is about
_NUMBER = re.compile(r"^(?:第[〇零一二两三四五六七八九十百千\d]+[条章节编]|\(?[一二三四五六七八九十\d]+[)、.])\s*")


@dataclass(frozen=True, slots=True)
class Ground:
    """One sentence of a clause, folded."""

    text: str
    lead: str  # the words that lead to it: 有下列情形之一的，不予受理：
    around: str  # what may be read with it: headings, title, issuer, what all parts of a full stop speak of
    before: str = ""  # the sentence before, where this one leans on it and is offered as one with it

    @property
    def whole(self) -> str:
        """The sentence with its lead and the sentence that it leans on."""
        return self.lead + self.before + self.text

    @property
    def everything(self) -> str:
        """The sentence with all that may be read with it."""
        return f"{self.around}。{self.whole}"


def grounds(clause: Clause, policy: Policy) -> tuple[Ground, ...]:
    """Return the sentences of a clause, in order."""
    named = clause.heading if len(_NUMBER.sub("", fold(clause.heading))) <= _HEADING or _ASKED.match(clause.path[-1]) else ""
    about = "。".join(_NUMBER.sub("", fold(t)) for t in (policy.title, policy.issuer, *clause.ancestors, named) if t)
    found: list[Ground] = []
    joined: list[Ground] = []
    lead, before = "", ""
    for stopped in filter(None, (fold(part) for part in _STOP.split(_without_tables(clause.text)))):
        parts = [part for part in _PART.split(stopped) if part]
        first = segments(parts[0])
        for number, part in enumerate(parts):
            item = _ITEM.match(part) is not None
            lead = lead if item or number else ""
            own = _NUMBER.sub("", _ITEM.sub("", part))
            head = first[0] if number and len(first) > 1 else ""  # who or what all parts speak of
            found.append(Ground(own, lead if item else "", "。".join(filter(None, (about, head)))))
            if before and _LEANS.search(own):  # it cannot be read alone: also as one with the sentence before it
                joined.append(Ground(own, lead if item else "", about, f"{before.rstrip('。;')},"))
            before = own
            if part.endswith((":", "：")):
                lead = own
    return tuple(found + joined + [Ground(row, "", f"{about}。{header}") for header, row in _rows(clause.text)])


def _without_tables(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("|"))


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield the header and each row of the tables of a text, a row as the sentence that it stands for.

    Example: | 条件 | 标准 | 年度上限 | over | 达到100万 | 补助30% | 25万元 | -> "达到100万的,补助30%,年度上限25万元"
    """
    header: list[str] = []
    for line in text.split("\n"):
        cells = [fold(cell) for cell in line.strip().strip("|").split("|")] if line.lstrip().startswith("|") else []
        if not cells or all(set(cell) <= set("-:") for cell in cells):
            header = header if cells else []
        elif not header:
            header = cells
        else:
            named = zip(header, cells, strict=False)
            yield "。".join(header), ",".join(_cell(name, cell) for name, cell in named if cell.strip("-—/"))


def _cell(name: str, cell: str) -> str:
    if name.endswith(("条件", "情形", "对象")):
        return f"{cell}的"
    return cell if _WORDED.search(cell) or cell.isdigit() else f"{name}{cell}"


def figures_of(ground: Ground) -> list[Figure]:
    """Return the figures that a sentence offers: its own, and those around it; days around it only if it has none."""
    own = list(figures(ground.whole))
    dated = any(figure.unit == DATE for figure in own)
    return own + [figure for figure in figures(ground.around) if not (dated and figure.unit == DATE)]


def header_ground(clause: Clause, policy: Policy) -> str:
    """Return what is known of the document itself, folded: title, number, issuer, addressees, dates in words."""
    days = {"成文日期{}": policy.issued, "{}印发": policy.printed, "自{}起施行": policy.effective, "有效期至{}到期": policy.expires}
    words = [phrase.format(day_words(day)) for phrase, day in days.items() if day]
    facts = (policy.title, policy.number, policy.issuer, policy.addressees, policy.copied_to, policy.period)
    return fold("。".join(("文号标题发文机关主送抄送施行有效期", *filter(None, facts), *words)))


def day_words(day: date) -> str:
    """Return a date as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def segments(folded: str) -> list[str]:
    """Cut at commas, colons and stops, outside of brackets and quotation marks."""
    hidden = re.sub(r"《[^》]*》|“[^”]*”|\([^)]*\)", lambda m: "＿" * len(m.group()), folded)
    found, start = [], 0
    for match in _SEGMENT.finditer(hidden):
        found.append(folded[start : match.start()])
        start = match.end()
    found.append(folded[start:])
    return [part for part in found if part] or [folded]


def cuts(unit: str) -> Iterator[tuple[str, str]]:
    """Yield each way to cut a unit in two at a comma, a colon or a 、."""
    parts = segments(unit)
    for place in range(1, len(parts)):
        yield ",".join(parts[:place]), ",".join(parts[place:])
    for match in re.finditer("、", unit):
        yield unit[: match.start()], unit[match.end() :]


def units(folded: str) -> list[str]:
    """Cut a draft at full stops and semicolons: each unit must rest on the clause by itself."""
    parts = re.split(r"(?<=[。;；!?！？])(?![”’」』)])|\n", folded)
    return [part for part in parts if part and segments(part) != [part[-1:]]]
