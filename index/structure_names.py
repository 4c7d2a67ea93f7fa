"""Find the printed lines that end the title of a document, whatever stands below them."""

import re
from collections.abc import Sequence

KINDS = (
    "办法|细则|规定|方案|意见|通知|措施|规划|计划|条例|决定|指南|公告|公报|通告|标准|要点|清单|规则|规程|准则|制度|政策|"
    "章程|纲要|解释|批复|决议|命令|目录|解读|问答|指引|条款|协定|公约|法"
)
_KIND_LAST = re.compile(rf"(?:{KINDS})(?:[（(][^（()）]*[)）])*$")
# 印发《…》, or 印发…的通知 without marks; in characters: shorter names stand in any text.
_QUOTED = re.compile(r"《([^《》]{6,120})》|(?:印发|转发|批转)([^《》，。；：]{6,120}?)的通知")
_SENTENCE = re.compile(r"[，。；：！？,;:!?]")
_ALIKE = str.maketrans("()-－–", "（）———")  # signs that a title and its repetition print differently
_LINES = 3  # printed lines that a repeated title may take
_TITLE_LENGTH = 80  # characters


def title_ends(bodies: Sequence[str]) -> frozenset[int]:
    """Return the lines that end a title: one that the text quotes (印发《…》) and prints again, or the one at the top.

    In a wrapped text such a line may be as long as a full line, and then looks like the beginning of a sentence.
    """
    return frozenset((*_repeated(bodies), *_topmost(bodies)))


def _repeated(bodies: Sequence[str]) -> list[int]:
    """Return the lines that end the repetition of a quoted name."""
    text = "".join("".join(bodies).split()).translate(_ALIKE)
    names = {name for match in _QUOTED.finditer(text) if _ends_with_kind(name := match[1] or match[2])}
    starts = {name[0] for name in names}  # a quick look before white space is taken out
    found = []
    for first, body in enumerate(bodies):
        if body[:1] not in starts:
            continue
        joined = "".join(body.split()).translate(_ALIKE)
        for last in range(first, min(first + _LINES, len(bodies))):
            joined += "".join(bodies[last].split()).translate(_ALIKE) if last > first else ""
            if joined in names:
                found.append(last)
    return found


def _topmost(bodies: Sequence[str]) -> list[int]:
    """Return the last line above the first one with the signs of a sentence, where a title could end with it."""
    first = next((place for place, body in enumerate(bodies) if _SENTENCE.search(body)), 0)
    title = first > 0 and len(bodies[first - 1]) <= _TITLE_LENGTH and _ends_with_kind(bodies[first - 1])
    return [first - 1] if title else []


def _ends_with_kind(name: str) -> bool:
    """Say whether a name ends with what a document is (办法, 行动方案（2025—2027年）)."""
    return _KIND_LAST.search(name) is not None
