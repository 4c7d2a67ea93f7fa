"""Recognise the lines that stand around the text of a document: notes, dates, signatures, lists, annexes."""

import re

from index.dates import is_date
from index.structure_lines import ends_sentence, is_bare
from index.structure_names import KINDS

ANNEX = re.compile(
    r"附\s*件(?:\s*(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3}(?=[:：.、\s]|$)))?"
    r"(?P<mark>\s*[:：.、]|\s+|(?<=\d)|$)\s*(?P<title>.*)"
)
# What a document calls itself: 本办法, 上述扶持项目; not 本市, 本企业.
ITSELF = r"(?:本|以上|上述|此)(?![市区县省州]|企业|单位|机构|公司|园区)[\u4e00-\u9fff“”《》（）()〔〕0-9—-]{1,30}?"
_TITLE = re.compile(rf"(?:{KINDS})[》]?(?:\s*[（(][^（()）]*[)）])*$")
_CONTENTS = re.compile(r"目\s*[录次]")
_PERIOD = re.compile(r"[（(][^（()）]{2,30}[)）]")
_ADDRESSEE = re.compile(r"[^。；;]{2,200}[:：]")
_SPEECH = re.compile(r"如下|通知|现将|根据|为了|按照|以下|下列|公告|印发|规定|[？?]")
_NOTE = re.compile(r"[（(]?(?:此件|本文|主动公开|依申请公开|不予公开|公开属性|信息公开|签发人)[^。]{0,20}[)）]?")
_COPY = re.compile(r"(?:抄\s*送|抄\s*报|主题词)\s*[:：]")
_PRINTED = re.compile(r"[^。；]*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印\s*发")
_LIST = re.compile(r"附\s*件\s*\d{0,2}\s*[:：]|附\s*[:：]|附\s*件\s*\d{1,2}\s*[.、．]")
_DISMISSAL = re.compile(r"(?:特此(?:通知|公告|通告|批复|函告|函复|报告)|此复)[。．.！]?")
_ORGAN = re.compile(
    r"[^。；，：]{2,40}(?:政府|委员会|办公室|局|厅|部|委|院|会|中心|公司|署|银行|办|处|室|团|社)\s*(?:[（(]?(?:公章|盖章|代章|印章)[）)]?)?"
)
_CLOSING = re.compile(
    rf"{ITSELF}(?:[^。]{{0,10}}自[^。]{{0,30}}(?:起|后)[^。]{{0,12}}(?:施行|实施|执行|生效|有效|试行)"
    r"|[^。]{0,20}由[^。]{2,40}解释|的?有效期|的?(?:施行|试行|执行|实施)(?:期|日期|时间))"
    r"|有效期(?:限)?[为至自\d]|施行(?:日期|时间)"
)
_CONTACT = re.compile(
    r"(?:联\s*系\s*(?:人|电话|方式|地址|单位)|咨询(?:电话|方式|地址)|受理(?:地址|电话|窗口)|政策咨询)[^。]{0,6}[:：]"
)


def looks_like_title(body: str) -> bool:
    """Say whether a line could be (the end of) the title of a document."""
    return len(body) <= 80 and _TITLE.search(body) is not None and is_bare(_PERIOD.sub("", body))


def is_period(body: str) -> bool:
    """Say whether a line is the bracketed end of a title, e.g. （2025-2026年） or （试行）."""
    return _PERIOD.fullmatch(body) is not None


def is_contents(body: str) -> bool:
    """Say whether a line is the heading of a table of contents."""
    return _CONTENTS.fullmatch(body) is not None


def is_addressee(body: str) -> bool:
    """Say whether a paragraph is the line of those a notice goes to (区政府各委、办、局：)."""
    return _ADDRESSEE.fullmatch(body) is not None and _SPEECH.search(body) is None


def is_note(body: str) -> bool:
    """Say whether a line is a note on publication, e.g. （此件公开发布）."""
    return _NOTE.fullmatch(body) is not None


def is_copy(body: str) -> bool:
    """Say whether a line begins the list of those who get a copy."""
    return _COPY.match(body) is not None


def is_printed(body: str) -> bool:
    """Say whether a line is the printer's line at the end (…年…月…日印发)."""
    return _PRINTED.fullmatch(body) is not None


def is_list(body: str) -> bool:
    """Say whether a line begins the list of annexes at the end of a text."""
    return _LIST.match(body) is not None


def is_dismissal(body: str) -> bool:
    """Say whether a line is the formula that ends a notice."""
    return _DISMISSAL.fullmatch(body) is not None


def is_organ(body: str) -> bool:
    """Say whether a line could be the name of an authority, as in a signature."""
    return _ORGAN.fullmatch(body) is not None


def is_dated(body: str) -> bool:
    """Say whether a line is the date under a signature."""
    return is_date(body)


def is_closing(body: str) -> bool:
    """Say whether a paragraph states from when and how long the document holds, or who explains it."""
    return _CLOSING.match(body) is not None


def is_contact(body: str) -> bool:
    """Say whether a line names whom to ask."""
    return _CONTACT.match(body) is not None


def is_prose(body: str) -> bool:
    """Say whether the last line of a paragraph ends running text, not a title, note, list of names or formula."""
    return ends_sentence(body) and not (is_addressee(body) or is_dismissal(body) or is_note(body) or is_copy(body))
