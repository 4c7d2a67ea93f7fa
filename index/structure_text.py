"""Put printed lines together again, as text and as spans."""

import re

from index.structure_lines import Sheet, ends_sentence, is_page_number
from index.types import Span

_FIRST_SENTENCE = re.compile(r"[^。；！？：:;!?\n]*")
_HEADING_LENGTH = 30  # characters: a first sentence longer than this is text, not a heading
_LEAD_LENGTH = 60  # characters: a sentence that introduces a list may be longer
_DIGITS, _DIGITS_AT_END = re.compile(r"\d+"), re.compile(r"\d+$")
_WHOLE_NUMBER = 7  # digits: two numbers as long as this, one after the other, are telephone numbers
_LEAD_IN = 12  # characters: up to here "申报条件：" is a heading, beyond it a sentence that introduces a list


def join(sheet: Sheet, lines: list[int]) -> str:
    """Return the published characters of the lines: wrapped ones rejoined, paragraphs and rows one a line."""
    parts: list[str] = []
    for place, index in enumerate(lines):
        body = sheet.lines[index].body
        if place:
            parts.append(_glue(sheet, lines[place - 1], index))
        parts.append(body)
    return "".join(parts)


def spans(sheet: Sheet, lines: list[int]) -> tuple[Span, ...]:
    """Return where the lines stand in the text, one span for each run of neighbours."""
    runs: list[list[int]] = []
    for index in lines:
        if runs and index == runs[-1][1] + 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return tuple(Span(sheet.lines[first].start, sheet.lines[last].end) for first, last in runs)


def lead_of(text: str, label: str) -> str:
    """Return what a clause says of itself to the clauses below it: its first line or sentence, where that is short."""
    sentence = _FIRST_SENTENCE.match(text).group().rstrip()
    return sentence if len(sentence) <= _LEAD_LENGTH else label


def heading_of(text: str, label: str) -> str:
    """Return the heading of a clause: its first line or sentence, where text follows and it is short; else its number.

    Example: "1. 优化机制。构建…" -> "1. 优化机制", "（一）在本市注册；" -> "（一）"
    """
    sentence = _FIRST_SENTENCE.match(text).group()
    whole = len(sentence) + 1 >= len(text) and ends_sentence(text)
    return label if whole or len(sentence) > _HEADING_LENGTH else sentence.rstrip()


def is_heading_only(text: str) -> bool:
    """Say whether a text is a heading and nothing else."""
    body = text.rstrip()
    if body.endswith(("：", ":")) and len(body) <= _LEAD_IN:
        body = body[:-1]
    return "\n" not in body and len(body) <= _LEAD_LENGTH and not ends_sentence(body) and "。" not in body


def _glue(sheet: Sheet, previous: int, index: int) -> str:
    last, first = sheet.lines[previous].body, sheet.lines[index].body
    if is_page_number(first) or is_page_number(last):
        return " "
    if index != previous + 1 or sheet.begins_paragraph(index):
        return "\n"
    return " " if _is_latin(last[-1]) and _is_latin(first[0]) and not _is_torn_number(last, first) else ""


def _is_torn_number(last: str, first: str) -> bool:
    """Say whether a number stands on both sides of a line break: 62 | 0亿元, not two telephone numbers."""
    left, right = _DIGITS_AT_END.search(last), _DIGITS.match(first)
    return bool(left and right) and min(len(left.group()), len(right.group())) < _WHOLE_NUMBER


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
