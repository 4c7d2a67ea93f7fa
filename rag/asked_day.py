"""Read whose day a question asks for: the rules of then (2019年时), or one version (2010年版)."""

import calendar
import re
from datetime import date

_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)"
_DAY = rf"{_YEAR}\s*年(?:\s*(?P<month>1[0-2]|0?[1-9])\s*月(?:\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日)?)?"
_RULES = r"规定|标准|政策|细则|办法|条例|文件|规则|法律|法规"
# What happened to an enterprise in a year asks for nothing of then: 2019年时我们刚成立.
_EVENT = r"(?![^，。？?]{0,8}(?:成立|注册|设立|落户|入驻|毕业|入职|评上|认定|通过|开业|投产))"
_THEN = (
    re.compile(rf"{_DAY}年?(?:[底末初]|前后)?的?(?:时候?|当时|那时候?|那会儿|那一?年|当年){_EVENT}"),
    re.compile(rf"{_DAY}的?(?:(?:旧|老)?(?:{_RULES})|(?:适用|执行|有效|施行)的)"),
    re.compile(rf"(?:截至|截止到?|按照?|依照?){_DAY}"),
    re.compile(rf"\b(?:as of|back in)\s+{_YEAR}\b", re.IGNORECASE),
)
_VERSION = (
    re.compile(rf"{_YEAR}\s*年?的?(?:那一?)?(?:版|份)"),
    re.compile(rf"{_YEAR}\s+(?:rules?|version|edition|policy|standards?|regulations?)\b", re.IGNORECASE),
)


def asked_days(question: str, today: date) -> tuple[date, ...]:
    """Return the days before today whose rules a question asks for; a year or month stands for its last day.

    Example: "2019年时最高补多少" -> (date(2019, 12, 31),)
    """
    matches = (match.groupdict() for pattern in _THEN for match in pattern.finditer(question))
    days = (_last(found["year"], found.get("month"), found.get("day")) for found in matches)
    return tuple(dict.fromkeys(day for day in days if day and day < today))


def asked_versions(question: str) -> tuple[int, ...]:
    """Return the years whose versions a question asks for.

    Example: "2010年版最高补多少" -> (2010,)
    """
    return tuple(dict.fromkeys(int(m["year"]) for pattern in _VERSION for m in pattern.finditer(question)))


def _last(year: str, month: str | None, day: str | None) -> date | None:
    try:
        last = calendar.monthrange(int(year), int(month or 12))[1]
        return date(int(year), int(month or 12), int(day or last))
    except ValueError:  # 2月30日
        return None
