"""The paragraphs of a header as values, and the kinds of line that stand among its titles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import structure_landmarks as landmarks
from index.structure_front import paragraphs
from index.structure_lines import Sheet
from index.types import HeaderFact, Span

SERIAL = re.compile(
    r"(?:[\[【]?(?:发文字号|文\s*号|发文号|文件编号)[】\]]?\s*[:：]?\s*)?"
    r"(?P<organ>[\u4e00-\u9fff](?:\s*[\u4e00-\u9fff]){1,11}?)\s*"
    r"[〔\[【（(［]\s*(?P<year>\d{4})\s*[〕\]】）)］]\s*(?:第\s*)?(?P<number>\d{1,5})\s*号(?:\s*签发人.*)?"
)
RED_HEAD = re.compile(r"(?P<issuer>[\u4e00-\u9fff\s]{4,60}?)\s*文\s*件")
PROMULGATED = re.compile(
    r"[（(]?\s*(?:根据\s*)?\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日.+|[（(].*(?:通过|公布|发布|修正|修订|施行).*"
)
# What pages of the web print around a document.
LABELLED = re.compile(
    r"[【\[]?(?:索引号|主题分类|公开\S{0,3}|信息分类|体裁分类|组配分类|生成日期|成文日期|发文日期|发布\S{2}|公布日期|发文\S{2}|文\s*号"
    r"|来\s*源|有效性|时效性)[】\]]?\s*[:：].*"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the header: its characters without line breaks, and where they stand."""

    body: str
    span: Span


def blocks(sheet: Sheet, lines: list[int]) -> list[Block]:
    """Return the paragraphs of the lines."""
    return [
        Block(
            "".join(sheet.lines[index].body for index in group),
            Span(sheet.lines[group[0]].start, sheet.lines[group[-1]].end),
        )
        for group in paragraphs(sheet, lines)
    ]


def fact(field: str, value: str, read: Sequence[Block]) -> HeaderFact:
    """Return a fact read from neighbouring paragraphs."""
    return HeaderFact(field, value, Span(read[0].span.start, read[-1].span.end))


def compact(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def is_title_line(body: str) -> bool:
    """Say whether a paragraph of the header could be (part of) a title, by what it is not."""
    others = (landmarks.is_addressee, landmarks.is_dated, landmarks.is_note, landmarks.is_copy, landmarks.is_printed,
              landmarks.is_contents, landmarks.is_prose, landmarks.is_dismissal, PROMULGATED.fullmatch, SERIAL.fullmatch,
              RED_HEAD.fullmatch, LABELLED.fullmatch)  # fmt: skip
    return not any(other(body) for other in others)
