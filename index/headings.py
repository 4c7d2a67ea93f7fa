"""Recognise the number that a heading begins with, in any of the ways that documents number."""

import re
from dataclasses import dataclass
from enum import IntEnum

from index.numerals import CHINESE, to_chinese, to_int


class Family(IntEnum):
    """A way of numbering; a smaller one usually stands above a greater one."""

    BOOK = 0  # 第一编
    SUBBOOK = 1  # 第一分编
    PART = 2  # 第一部分, 第一篇
    CHAPTER = 3  # 第一章
    SECTION = 4  # 第一节
    ARTICLE = 5  # 第一条, 第一条之一
    HAN = 6  # 一、
    PAREN_HAN = 7  # （一）
    DIGIT = 8  # 1.
    PAREN_DIGIT = 9  # （1）
    DIGIT_PAREN = 10  # 1）
    CIRCLED = 11  # ①
    QUESTION = 12  # 问1：


@dataclass(frozen=True, slots=True)
class Marker:
    """The number that a line begins with."""

    family: Family
    number: int
    sub: int  # 1 for 之一; 0 for none
    label: str  # normal form, as in a clause id
    rest: str  # what follows the number
    clear: bool  # set off from what follows by white space, a bracket or the end of the line
    reference: bool  # what follows reads as a reference to a clause, not as a heading


_UNITS = {
    "编": Family.BOOK, "分编": Family.SUBBOOK, "部分": Family.PART, "篇": Family.PART, "章": Family.CHAPTER,
    "节": Family.SECTION, "条": Family.ARTICLE,
}  # fmt: skip
_FIRST = frozenset(CHINESE + "第笫（([【0123456789０１２３４５６７８９问QＱ①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_PRINTED = {**{chr(0x2474 + i): f"({i + 1})" for i in range(20)}, **{chr(0x2488 + i): f"{i + 1}." for i in range(20)},
            **{chr(0x3220 + i): f"（{to_chinese(i + 1)}）" for i in range(10)}}  # ⑴ ⒈ ㈠ are one character each  # fmt: skip
_HAN, _DATE = "[一二三四五六七八九十百]", r"(?=(?:19|20)\d\d\s*[年\-—至])"
_MARKER = re.compile(
    rf"[第笫]\s*(?P<ordinal>[{CHINESE}\d](?:\s?[{CHINESE}\d])*)\s*(?P<unit>分编|部分|编|篇|章|节|条)(?:之(?P<sub>{_HAN}{{1,2}}))?"
    rf"|(?P<han>{_HAN}{{1,4}})\s*(?:、|[．.](?!\d))"
    rf"|[（(]\s*(?P<paren_han>{_HAN}{{1,4}})\s*[）)]\s*[、．.]?"
    rf"|(?P<digit>\d{{1,3}})\s*[.．、](?:(?!\d)|{_DATE})"
    r"|[（(]\s*(?P<paren_digit>\d{1,3})\s*[）)]\s*[、．.]?"
    r"|(?P<digit_paren>\d{1,2})\s*[）)]"
    r"|(?P<circled>[①-⑳])"
)
_QUESTION = re.compile(
    rf"(?:(?:(?P<before>{_HAN}{{1,3}}|\d{{1,3}})\s*[、.．]|[（(](?P<bracketed>{_HAN}{{1,3}}|\d{{1,3}})[）)])\s*)?"
    rf"[【\[]?(?:问题?|Q|Ｑ)\s*(?P<after>\d{{1,3}}|{_HAN}{{1,3}})?\s*[】\]]?\s*[:：.．、]"
)
_ANSWER = re.compile(r"[【\[]?(?:答复?|解答|A|Ａ)\s*\d{0,3}\s*[】\]]?\s*[:：.．、]")
_REFERENCE = re.compile(
    rf"(?:[、，,和及或至到与]|以及|或者)\s*[（(]?第?[{CHINESE}\d]|第[{CHINESE}\d]+[款项条]|之?规定|所[列称指述规]|中的|的(?!确)"
    r"|款(?![项待式])|项(?!目)|目(?![标录前的])|[—～~-]"  # （二）项规定的… is one, （二）项目年节能量… is not
)
_HAN_REFERENCE = re.compile(rf"{_HAN}{{1,3}}[、级类等档期季线]")


def parse_marker(body: str) -> Marker | None:
    """Return the number that a line begins with, None where it begins with none.

    Example: "第十条之一　市商务部门…" -> ARTICLE 10, sub 1, label "第十条之一"
    """
    if body[:1] not in _FIRST and body[:1] not in _PRINTED:
        return None
    body = _PRINTED.get(body[0], body[0]) + body[1:]
    match = _MARKER.match(body)
    if match is None:
        return None
    rest = body[match.end() :]
    clear = not rest or rest[0].isspace() or rest[0] in "（(【[《"
    family, number, sub = _number(match)
    reference = _HAN_REFERENCE if family is Family.HAN else _REFERENCE
    return Marker(
        family, number, sub, _label(family, number, sub, match["unit"]), rest, clear, bool(reference.match(rest))
    )


def parse_question(body: str) -> tuple[int | None, str] | None:
    """Return the number of a question of a 问/答 text (None where it has none) and its words.

    Example: "一、问：补贴怎么申请？" -> (1, "补贴怎么申请？")
    """
    match = _QUESTION.match(body) if body[:1] in _FIRST else None
    if match is None:
        return None
    number = match["after"] or match["before"] or match["bracketed"]
    return (to_int(number) if number else None), body[match.end() :]


def is_answer(body: str) -> bool:
    """Say whether a line begins the answer of a 问/答 text."""
    return _ANSWER.match(body) is not None


def _number(match: re.Match[str]) -> tuple[Family, int, int]:
    group = match.lastgroup if match.lastgroup not in ("unit", "sub") else "ordinal"
    if group == "ordinal":
        return _UNITS[match["unit"]], to_int(match["ordinal"]), to_int(match["sub"]) if match["sub"] else 0
    if group == "circled":
        return Family.CIRCLED, ord(match["circled"]) - ord("①") + 1, 0
    return Family[group.upper()], to_int(match[group]), 0


def _label(family: Family, number: int, sub: int, unit: str | None) -> str:
    if family <= Family.ARTICLE:
        return f"第{to_chinese(number) if number else '零'}{unit}" + (f"之{to_chinese(sub)}" if sub else "")
    forms = {
        Family.HAN: "{}",
        Family.PAREN_HAN: "（{}）",
        Family.DIGIT: "{}",
        Family.PAREN_DIGIT: "（{}）",
        Family.DIGIT_PAREN: "{}）",
    }
    if family is Family.CIRCLED:
        return chr(ord("①") + number - 1)
    return forms[family].format(to_chinese(number) if family in (Family.HAN, Family.PAREN_HAN) else number)
