"""Figures of a text: numbers with unit, dates and periods, in one normal form, with the bound that holds for each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from index.numerals import to_int

DATE = "date"  # unit of a day, month or year
_CN = "〇零一二两三四五六七八九十百千"
_ARABIC = r"\d+(?:,\d{3})*(?:\.\d+)?"
_NUMBER = rf"(?:{_ARABIC}|[{_CN}]+(?:万[{_CN}]+|点[{_CN}]+)?)"
_SCALE = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
# Units that count the same things: any of a group may stand for another.
_SAME = (
    ("元", "块钱", "元人民币"), ("美元",), ("欧元",), ("港元", "港币"), ("%",), ("‰",), ("个百分点", "百分点"), ("倍",), ("成",),
    ("工作日", "个工作日"), ("日", "天", "个自然日"), ("个月", "月份"), ("年", "年度", "个年度", "周年"), ("周", "星期"),
    ("小时", "个小时"), ("分钟",), ("季度", "个季度"),
    ("家", "个", "户", "所", "座", "栋"), ("人", "名", "位", "个人"), ("件", "项", "款", "宗", "起"), ("次", "回"),
    ("平方米", "平米", "m2", "㎡"), ("平方公里",), ("亩",), ("公顷",), ("公里", "千米"), ("米",), ("吨",), ("辆",), ("套", "间"),
    ("种", "类"), ("份",), ("期",), ("级",), ("批",), ("千瓦",), ("篇",), ("学时", "课时"), ("门",), ("场",), ("人次",),
    ("户次",), ("只", "头", "条"), ("枚",), ("厘米", "公分"), ("毫米",), ("千克", "公斤"), ("克",), ("升",), ("分贝",), ("度",), ("层",),
    ("台",), ("部",), ("张",), ("笔",), ("单",), ("标箱",), ("千瓦时",), ("兆瓦",), ("床",), ("轮",), ("届",), ("本",), ("岁", "周岁"),
)  # fmt: skip
_UNIT = {unit: group[0] for group in _SAME for unit in group}
_UNITS = "|".join(sorted(_UNIT, key=len, reverse=True))
# Units after which a Chinese 一 counts; 一个, 一家, 一项 are mostly articles.
_ONE_COUNTS = {"元", "年", "日", "个月", "工作日", "倍", "成", "%", "‰", "次", "周", "小时", "亩", "级", "岁"}
_TITLED = re.compile(r"\d{1,2}:\d{2}|[一二三四五六七八九]级|第[一二三四五六七八九十\d]+[期批类档次个]|0\d{2,3}-?\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)|《[^》]*》|〔\d{4}〕\d*号?|第[\d〇零一二两三四五六七八九十百千]+(?:[条款项章节部编点篇届]|部分)|\d*[A-Za-z]+\d*|“[^”]{0,6}\+[^”]{0,6}”")
_DATE = re.compile(
    rf"(?:(?P<y>\d{{4}}|[〇零一二三四五六七八九]{{4}})(?:年度?|(?=[-—~至到]\d{{4}}年)))?"
    rf"(?:(?P<m>\d{{1,2}}|[{_CN}]{{1,3}})月(?![份度]?[内以]))?(?:(?P<d>\d{{1,2}}|[{_CN}]{{1,3}})[日号])?"
)
_PERCENT = re.compile(rf"(?P<kind>百分之|千分之|万分之)(?P<n>{_NUMBER})")
_COUNT = re.compile(
    rf"(?P<a>{_NUMBER})(?:(?P<s1>万亿|百万|千万|[百千万亿])?(?P<u1>{_UNITS}|[%‰])?(?:\(含\))?(?P<to>[-~—至到]+)(?P<b>{_NUMBER}))?"
    rf"(?P<s>万亿|百万|千万|[百千万亿])?[余多来]?(?P<u>{_UNITS}|[%‰])?"
)
_NOTHING = re.compile(r"一(?:次性|对一|站式|体|定|批|些|系列|揽子|致|般|律|起|边|方面|盘棋|件事|级)|[十百千万]分(?!之)|[百千]强|百企|千企|九院|三角")


class Bound(StrEnum):
    """What a figure limits."""

    NONE = ""
    MOST = "不超过"
    LEAST = "不少于"
    ABOUT = "约"
    FROM = "起"
    UNTIL = "止"
    AFTER = "后"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, or a day, month or year."""

    value: Fraction | tuple[int, ...]  # of a date: year, month, day, 0 where not said
    unit: str  # one name for units that count the same; DATE; "" for none
    bound: Bound
    start: int  # characters of the folded text, half-open
    end: int
    written: str
    article: bool = False  # 一家, 一个, 一名: in a draft it may count nothing

    def equals(self, other: "Figure") -> bool:
        """Tell whether the same number of the same unit is meant, whatever the bound."""
        if self.unit == other.unit == DATE:
            return _covers(other.value, self.value)
        return self.value == other.value and self.unit == other.unit


@lru_cache(maxsize=20_000)  # sentences of clauses are read again with every draft
def figures(folded: str) -> tuple[Figure, ...]:
    """Return the figures of a folded text, in order; numbers inside titles, 文号 and names left out.

    Example: "最高300万元" -> one figure, 3000000 元, at most
    """
    covered = [match.span() for match in _TITLED.finditer(folded)] + [m.span() for m in _NOTHING.finditer(folded)]
    found: list[Figure] = []
    position = 0
    while position < len(folded):
        inside = next((end for start, end in covered if start <= position < end), None)
        if inside is not None:
            position = inside
            continue
        figures_here, end = _at(folded, position)
        found += figures_here
        position = max(end, position + 1)
    return tuple(_bounded(folded, figure, found) for figure in found)


def _at(text: str, position: int) -> tuple[list[Figure], int]:
    if text.startswith("一半", position):
        return [Figure(Fraction(50), "%", Bound.NONE, position, position + 2, "一半")], position + 2
    if text.startswith("半年", position):
        return [Figure(Fraction(6), "个月", Bound.NONE, position, position + 2, "半年")], position + 2
    if match := _PERCENT.match(text, position):
        unit = {"百分之": "%", "千分之": "‰", "万分之": "万分"}[match["kind"]]
        value = _value(match["n"], "")
        return ([Figure(value, unit, Bound.NONE, position, match.end(), match.group())] if value else []), match.end()
    match = _DATE.match(text, position)
    if match and match.group() and (match["y"] or match["m"] or _is_day(match)) and not _duration(text, match):
        parts = tuple(_whole(match[name]) for name in ("y", "m", "d"))
        if parts[1] <= 12 and parts[2] <= 31:
            return [Figure(parts, DATE, Bound.NONE, position, match.end(), match.group())], match.end()
    match = _COUNT.match(text, position)
    return (_counted(match), match.end()) if match else ([], position)


def _is_day(match: re.Match[str]) -> bool:
    return match["d"] is not None and match.group().endswith("号")


def _duration(text: str, match: re.Match[str]) -> bool:
    """Tell whether 三年 or 一月 is a length of time, not a date."""
    if match["y"]:
        return len(match["y"]) != 4
    return False


def _counted(match: re.Match[str]) -> list[Figure]:
    unit, scale = _UNIT.get(match["u"] or "", match["u"] or ""), match["s"] or ""
    low = match["u1"] or match["u"] or ""
    parts = [(match["a"], (match["s1"] or scale) if match["b"] else scale, _UNIT.get(low, low) if match["b"] else unit)]
    if match["b"]:
        parts.append((match["b"], scale, unit))
    found = []
    for digits, times, counted in parts:
        value = _value(digits, times)
        chinese = not digits[0].isdigit()
        if value is None or (chinese and not counted):
            continue
        article = chinese and value == 1 and counted not in _ONE_COUNTS
        value, counted = _converted(value, counted)
        found.append(Figure(value, counted, Bound.NONE, match.start(), match.end(), match.group(), article))
    if len(parts) == 2 == len(found):  # a range: from the first to the second
        found = [replace(found[0], bound=Bound.LEAST), replace(found[1], bound=Bound.MOST)]
    return found


def _converted(value: Fraction, unit: str) -> tuple[Fraction, str]:
    """Return tenths as per cent and years as months."""
    times, name = {"成": (10, "%"), "年": (12, "个月")}.get(unit, (1, unit))
    return value * times, name


def _value(digits: str, scale: str) -> Fraction | None:
    times = _SCALE.get(scale, 1)
    if digits[0].isdigit():
        return Fraction(digits.replace(",", "")) * times
    whole, _, part = digits.partition("点")
    try:
        if "万" in whole:
            high, _, low = whole.partition("万")
            return Fraction(to_int(high) * _SCALE["万"] + to_int(low)) * times
        value = Fraction(to_int(whole))
        return (value + (Fraction(to_int(part), 10 ** len(part)) if part else 0)) * times
    except ValueError:
        return None


def _whole(digits: str | None) -> int:
    try:
        return to_int(digits) if digits else 0
    except ValueError:
        return 99


def _covers(wide: tuple[int, ...], narrow: tuple[int, ...]) -> bool:
    """Tell whether all that `narrow` says of a day is said by `wide`."""
    return all(not said or said == other for said, other in zip(narrow, wide, strict=True))


_NOT = r"不(?:得|能|可|应|准|会|许|要)?"
_PLAIN = r"(?<!不)(?<![未不])(?<!不[得能可应准会许要])"
_MOST = rf"{_NOT}(?:超过|超出|超|高于|多于|大于|长于)|至多|{_PLAIN}(?:低于|少于|小于|短于)|不足|不到|[未不]满|未达"
_LEAST = rf"{_NOT}(?:低于|少于|小于|短于)|至少|{_PLAIN}(?:超过?|突破|高于|多于|大于|满|逾|长于)"
_ABOUT = r"约|近|大概|左右|上下"
# Between a bound and its figure: words without a verb that sets the figure anew.
_GAP = r"(?:(?!按|给|为|达|奖|补|处|低于|高于|超|满)[^,。;、0-9])"
_BEFORE = (
    (Bound.MOST, re.compile(rf"(?:{_MOST}){_GAP}{{0,16}}$")),
    (Bound.LEAST, re.compile(rf"(?:{_LEAST})(?:了|到|达|达到)?{_GAP}{{0,16}}$")),
    (Bound.MOST, re.compile(r"(?:最[高多长大迟]|上限|封顶|限额|顶格)[^,。;、的0-9]{0,8}$")),
    (Bound.LEAST, re.compile(r"(?:最[低少短]|下限|起步)[^,。;、的0-9]{0,8}$")),
    (Bound.ABOUT, re.compile(rf"(?:{_ABOUT})(?:为|占)?$")),
)
_BEHIND = (
    (Bound.LEAST, re.compile(r"^(?:\(含\))?(?:及|或)?(?:以上|之上|起步)")),
    (Bound.MOST, re.compile(r"^(?:\(含\))?(?:及|或)?(?:以下|之下|以内|之内|内|封顶|为限)")),
    (Bound.ABOUT, re.compile(r"^(?:左右|上下)")),
    (Bound.AFTER, re.compile(r"^(?:以后|之后|后)")),
    (Bound.UNTIL, re.compile(r"^(?:之前|以前|前)")),
)
_DATE_BEFORE = (
    (Bound.FROM, re.compile(r"(?:自|从)$")),
    (Bound.UNTIL, re.compile(r"(?:到|至|截[至止](?:到|于)?|截止日?期?(?:为|是)|止于|到期日?(?:为|是)|截止日(?:为|是))$")),
)
_DATE_BEHIND = (
    (Bound.FROM, re.compile(r"^(?:起|以后|之后|后|以来|开始|到|至|[-—~])")),
    (Bound.UNTIL, re.compile(r"^(?:[底末年]*(?:之前|以前|前|止|为止|到期|截止)|[年]?[底末])")),
)


def _bounded(text: str, figure: Figure, others: list[Figure]) -> Figure:
    """Return the figure with the bound that the words around it set."""
    left = max((o.end for o in others if o.end <= figure.start), default=0)
    before, behind = text[max(left, figure.start - 24) : figure.start], text[figure.end : figure.end + 6]
    before = re.split(r"[,。;:、!?]", before)[-1]
    ahead, after = (_DATE_BEFORE, _DATE_BEHIND) if figure.unit == DATE else (_BEFORE, _BEHIND)
    if figure.bound is not Bound.NONE:  # of a range
        return figure
    bound = next((b for b, pattern in after if pattern.search(behind)), None)
    bound = bound or _last(ahead, before)
    if bound is Bound.NONE and re.search(r"[余多]", figure.written):
        bound = Bound.LEAST
    return replace(figure, bound=bound)


def _last(patterns: Sequence[tuple[Bound, re.Pattern[str]]], before: str) -> Bound:
    """Return the bound whose word stands nearest to the figure."""
    found = [(match.start(), bound) for bound, pattern in patterns if (match := pattern.search(before))]
    return max(found, default=(0, Bound.NONE))[1]
