"""Dates as documents write them, however spaced."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from index.numerals import to_int
from index.types import Span

_YEAR = r"(?P<year>\d{4}|[〇零○一二三四五六七八九]{4})"
_SMALL = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_WRITTEN = re.compile(rf"{_YEAR}\s*年\s*(?P<month>{_SMALL})\s*月\s*(?P<day>{_SMALL})\s*日")
_SIGNED = re.compile(r"(?<!\d)(?P<year>\d{4})(?P<sign>[-./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class DateHit:
    """A date and the characters that it was read from."""

    value: date
    span: Span


def find_dates(text: str, start: int = 0, end: int | None = None) -> tuple[DateHit, ...]:
    """Find the dates written with 年月日 in `text[start:end]`, in order; an impossible day (2月30日) is none."""
    return _hits(_WRITTEN, text, start, len(text) if end is None else end)


def date_in_name(name: str) -> date | None:
    """Read the last date of a file name.

    Example: "某某条例(2020-05-14).txt" -> date(2020, 5, 14)
    """
    hits = _hits(_WRITTEN, name, 0, len(name)) or _hits(_SIGNED, name, 0, len(name))
    return hits[-1].value if hits else None


def is_date(text: str) -> bool:
    """Say whether a line is a date written with 年月日 and nothing else."""
    return _WRITTEN.fullmatch(text.strip()) is not None


def add_years(day: date, years: int) -> date:
    """Return the last day of a term of whole years that begins on `day`.

    Example: 2024-05-01, 5 -> 2029-04-30
    """
    last = day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)
    return last if (day.month, day.day) == (2, 29) else last - timedelta(days=1)


def _hits(pattern: re.Pattern[str], text: str, start: int, end: int) -> tuple[DateHit, ...]:
    found = []
    for match in pattern.finditer(text, start, end):
        try:
            value = date(to_int(match["year"]), to_int(match["month"]), to_int(match["day"]))
        except ValueError:
            continue
        found.append(DateHit(value, Span(match.start(), match.end())))
    return tuple(found)
