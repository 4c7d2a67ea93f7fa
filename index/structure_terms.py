"""Read from when and until when a document holds, with the characters that state it."""

import calendar
import re
from array import array
from dataclasses import dataclass
from datetime import date, timedelta

from index.align import squeeze
from index.dates import add_years, find_dates
from index.numerals import to_int
from index.structure_landmarks import ITSELF
from index.types import HeaderFact, Span

_WORD = re.compile(r"起[\s\S]{0,12}?[施实执生试]\s*[行施效]|有\s*效\s*期|期\s*限|试\s*行\s*期|[试暂]\s*行\s*(?=[一二两三四五\d])|[废失]\s*[止效]")
_WINDOW = 160  # characters either side: a sentence on validity is shorter
_OWN = re.compile(rf"{ITSELF}(?:自|从|于|由|的?有效|的?[施试实执]行)|现(?:予|将|印发)|^\W*(?:自|有效期|从|施行)")
_YEAR, _SMALL = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})年", r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DAY = rf"{_YEAR}{_SMALL}月{_SMALL}日"
_FROM = re.compile(rf"(?:自|从|于)(?P<day>{_DAY})(?:起|开始)?[^，。；]{{0,6}}?(?:施行|实施|执行|生效|试行|有效)")
_FROM_ISSUE = re.compile(
    r"自(?:修订|修改|正式)?(?P<event>发布|公布|印发|颁布|下发|批准|通过|签发|出台)之日"
    r"(?:起?(?:满|的)?(?P<days>\d{1,3}|[一二三四五六七八九十百]{1,4})(?:个工作)?日(?:之?后|起))?[^，。；]{0,8}?(?:施行|实施|执行|生效|试行)"
)
_UNTIL = re.compile(
    rf"(?:有效期|施行|实施|执行|期限|有效|试行)(?:(?!有效期)[^。；]){{0,24}}?(?:至|到|截止)(?P<day>{_DAY}|\d{{4}}年(?:\d{{1,2}}月|年?底))"
)
_TERM = re.compile(
    r"(?:有效期|试行期?|施行期|实施期|执行期|暂行)(?:限)?[为是]?(?P<years>[一二两三四五六七八九十]|\d{1,2})年"
)
_OWN_TERM = re.compile(rf"(?:^|[，；：:]|[条、.．)）])(?:{ITSELF}的?)?(?:暂行|施行后|，)?$")  # right before a term
_PERIOD = re.compile(r"(?P<first>20\d\d)年?\s*[-—–－~～至到]+\s*(?P<last>20\d\d)\s*年")


def terms(text: str, issued: date | None, printed: date | None) -> list[HeaderFact]:
    """Return the facts `effective` and `expires` that the text states of the document itself; the last statement counts.

    A term that runs from publication gives `effective` in words ("自发布之日"), for the day is not stated;
    a term in years then counts from the issue.
    """
    found: dict[str, HeaderFact] = {}
    for sentence, places in _sentences(text):
        found.update(_read(sentence, places, _Days(issued, printed, _day_of(found.get("effective")))))
    return list(found.values())


def plan_period(title: str) -> tuple[str, date] | None:
    """Return the plan period that a title states and its last day.

    Example: "行动方案（2025—2026年）" -> ("2025-2026年", date(2026, 12, 31))
    """
    match = _PERIOD.search(title)
    return (f"{match['first']}-{match['last']}年", date(int(match["last"]), 12, 31)) if match else None


def _sentences(text: str) -> list[tuple[str, array]]:
    """Return the sentences that speak of validity, squeezed, and where their characters stand."""
    found, done = [], 0
    for match in _WORD.finditer(text):
        if match.start() < done:
            continue
        left = max(match.start() - _WINDOW, 0)
        start = max(text.rfind("。", left, match.start()) + 1, left)
        stop = text.find("。", match.end(), match.end() + _WINDOW)
        done = min(len(text), match.end() + _WINDOW, stop + 1 if stop >= 0 else len(text))
        sentence, places = squeeze(text, (Span(start, done),))
        if _OWN.search(sentence):
            found.append((sentence, places))
    return found


@dataclass(frozen=True, slots=True)
class _Days:
    """What is known of a document before a sentence is read."""

    issued: date | None
    printed: date | None
    effective: date | None  # stated in a sentence before

    def of(self, event: str) -> date | None:
        """Return the day from which a term counts that begins with an event: 印发, 公布, …"""
        return (self.printed if event == "印发" else None) or self.issued

    def start(self, before: str) -> date | None:
        """Return the day from which a term counts that names none, given the words of its sentence before it.

        Only a term of the document itself counts: 本办法有效期五年, not 许可证有效期五年.
        """
        return self.effective or self.printed or self.issued if _OWN_TERM.search(before) else None


def _day_of(fact: HeaderFact | None) -> date | None:
    try:
        return date.fromisoformat(fact.value) if fact else None
    except ValueError:  # in words
        return None


def _read(sentence: str, places: array, known: _Days) -> dict[str, HeaderFact]:
    found: dict[str, HeaderFact] = {}

    def keep(field: str, value: str, match: re.Match[str]) -> None:
        found[field] = HeaderFact(field, value, Span(places[match.start()], places[match.end() - 1] + 1))

    start = None
    if (match := _FROM.search(sentence)) and (hits := find_dates(match["day"])):
        start = hits[0].value
        keep("effective", start.isoformat(), match)
    elif match := _FROM_ISSUE.search(sentence):
        start = known.of(match["event"])
        if match["days"] and start:
            start += timedelta(days=to_int(match["days"]))
        stated = start if match["days"] or (match["event"] == "印发" and known.printed) else None
        keep("effective", stated.isoformat() if stated else f"自{match['event']}之日", match)
    if (match := _UNTIL.search(sentence)) and (last := _last_day(match["day"])):
        keep("expires", last.isoformat(), match)
    elif (match := _TERM.search(sentence)) and (start := start or known.start(sentence[: match.start()])):
        keep("expires", add_years(start, to_int(match["years"])).isoformat(), match)
    return found


def _last_day(written: str) -> date | None:
    """Return the day, or the last day of the month or year, that is written.

    Example: "2027年6月" -> date(2027, 6, 30)
    """
    if "日" in written:
        hits = find_dates(written)
        return hits[0].value if hits else None
    year, _, rest = written.partition("年")
    month = int(rest[:-1]) if rest.endswith("月") else 12
    return date(int(year), month, calendar.monthrange(int(year), month)[1]) if 1 <= month <= 12 else None
