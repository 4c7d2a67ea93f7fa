"""Tell the unnumbered closing and the contacts below the last clause from the clause itself."""

import re

from index import structure_landmarks as landmarks
from index.headings import parse_marker
from index.structure_lines import Sheet, ends_sentence

_HEADING = 30  # characters: a longer first sentence is text, not a heading (`structure_text` draws the line there too)
_FIRST_SENTENCE = re.compile(r"[^。；！？：:;!?]*")
# Headings that a closing belongs under; 组织实施, 其他支持措施 and 申报时间 are none.
_ABOUT_TERM = re.compile(
    r"附\s*则|施行|生效|有效期|解释|说明$|(?:实施|执行|适用|政策)(?:日期|时间|期限?)|^(?:实施|执行)$"
    r"|其[他它](?:事项|规定|要求|问题|有关.*|相关.*)?$"
)
# For an article, whose whole first line counts.
_NAMES_TERM = re.compile("附则|其他|其它|施行|实施|期限|有效|解释|说明|时间|适用")
_ABOUT_CONTACT = re.compile("联系|咨询|方式|受理|申报|申请|办理|材料|渠道|途径")


def split_last(sheet: Sheet, last: list[int], is_article: bool) -> tuple[list[int], list[int]]:
    """Take the closing and the contacts off the lines of the last clause and return both; one of them is empty."""
    first = sheet.lines[last[0]].body
    heading = first if is_article else _heading(first)
    under_term = (_NAMES_TERM if is_article else _ABOUT_TERM).search(heading) or _states_term(first)
    for place in range(1, len(last)):
        if _is_closing(sheet, last[place]) and not under_term:
            return _cut(last, place), []
        apart = sheet.begins_paragraph(last[place])
        if apart and landmarks.is_contact(sheet.lines[last[place]].body) and not _ABOUT_CONTACT.search(heading):
            return [], _cut(last, place)
    return [], []


def _heading(first: str) -> str:
    """Return the heading of a clause that begins with this line, "" where it has none; its text does not count."""
    rest = _without_number(first)
    heading = _FIRST_SENTENCE.match(rest).group().rstrip()
    is_sentence = "，" in heading and rest[len(heading) :].strip() in ("。", "；")  # and no text after it on the line
    return heading if len(heading) <= _HEADING and not is_sentence else ""


def _states_term(first: str) -> bool:
    """Say whether a clause begins with how long the document holds, or who explains it."""
    return landmarks.is_closing(_without_number(first))


def _without_number(first: str) -> str:
    marker = parse_marker(first)
    return marker.rest.strip() if marker else first


def _is_closing(sheet: Sheet, line: int) -> bool:
    """Say whether a closing begins with a line; the paragraph above it may end exactly at the margin."""
    if not (sheet.begins_paragraph(line) or ends_sentence(sheet.lines[sheet.before(line)].body)):
        return False
    wrapped = line + 1 < len(sheet.lines) and sheet.goes_on(line + 1)
    return landmarks.is_closing(sheet.lines[line].body + (sheet.lines[line + 1].body if wrapped else ""))


def _cut(last: list[int], place: int) -> list[int]:
    taken = last[place:]
    del last[place:]
    return taken
