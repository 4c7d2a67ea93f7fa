"""Find the title of a document, and that of the notice around it."""

import re
from collections.abc import Iterator

from index import structure_landmarks as landmarks
from index.structure_blocks import LABELLED, RED_HEAD, SERIAL, Block, compact, fact, is_title_line
from index.types import HeaderFact

_WRAPPER = re.compile(
    r"关于(?:印发|批转|转发|发布|公布|下发)[^《》]{0,40}《(?P<title>.{1,300})》[^《》]{0,10}的(?:通知|公告|通告)$"
)
_ABOUT = re.compile(r"(?P<issuer>[\u4e00-\u9fff、]{4,60}?)关于")
_PLACE = 2  # characters that a place begins with
_LINES = 8  # printed lines that a title may take; 5 is the longest seen
_BRACKETS = str.maketrans("()", "（）")


def title_facts(front: list[Block]) -> Iterator[HeaderFact]:
    """Yield `title`, `notice_title` where a notice issues the document, and `about`: the authority a title names."""
    notice, issued = _find(front)
    letterhead, notice = _letterhead(notice)
    if letterhead:
        yield fact("about", "、".join(compact(block.body) for block in letterhead), letterhead)
    if issued:
        yield fact("title", _text(issued), issued)
    if not notice:
        return
    title = _text(notice)
    wrapped = _WRAPPER.search(title)
    if issued or wrapped:
        yield fact("notice_title", title, notice)
    if not issued:
        yield fact("title", wrapped["title"] if wrapped else title, notice)
    if about := _ABOUT.match(title):
        yield fact("about", about["issuer"], notice)


def _find(front: list[Block]) -> tuple[list[Block], list[Block]]:
    """Return the lines of the notice's title and those of the issued document's."""
    marks = [i for i, block in enumerate(front) if SERIAL.fullmatch(block.body) or RED_HEAD.fullmatch(block.body)]
    notice, stop = _run(front, marks[-1] + 1 if marks else 0)
    if not notice:  # pages of the web print the title above the 文号
        notice, stop = _run(front, 0)
    last = max((i + 1 for i, block in enumerate(front) if i >= stop and _ends_notice(block.body)), default=0)
    issued = _run(front, last)[0] if last else []
    return notice, issued if landmarks.looks_like_title(_text(issued)) else []


def _letterhead(title: list[Block]) -> tuple[list[Block], list[Block]]:
    """Cut a title into the authorities printed above it and itself: a title does not name its place twice.

    Example: 江州市科学技术局 | 江州市技术转移补助指南, but not 江州市科学技术局 | 关于技术转移的通知
    """
    first = 0
    while first < len(title) - 1 and landmarks.is_organ(title[first].body):
        first += 1
    own = title[first:]
    repeats = all(compact(block.body)[:_PLACE] == _text(own)[:_PLACE] for block in title[:first])
    return (title[:first], own) if repeats and _is_whole(_text(own)) else ([], title)


def _run(front: list[Block], start: int) -> tuple[list[Block], int]:
    """Return the title that begins at or after a paragraph and where it stops; none beyond running text."""
    found: list[Block] = []
    for place in range(start, len(front)):
        body = front[place].body
        whole = found and _is_whole(_text(found)) and not landmarks.is_period(body)
        if whole or len(found) == _LINES or (found and not is_title_line(body)):
            return found, place
        if is_title_line(body):
            found.append(front[place])
        elif landmarks.is_addressee(body) or (landmarks.is_prose(body) and not LABELLED.fullmatch(body)):
            return found, place
    return found, len(front)


def _is_whole(title: str) -> bool:
    return title.count("《") == title.count("》") and landmarks.looks_like_title(title)


def _ends_notice(body: str) -> bool:
    return landmarks.is_dated(body) or landmarks.is_note(body) or landmarks.ANNEX.fullmatch(body) is not None


def _text(lines: list[Block]) -> str:
    """Return a title without stray spaces, its brackets full width."""
    joined = "".join(block.body for block in lines)
    return re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", joined).translate(_BRACKETS)
