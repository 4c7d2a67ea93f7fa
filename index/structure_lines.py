"""The lines of a document as printed: which were wrapped, which begin a paragraph, which are rows of a table."""

import re
from dataclasses import dataclass

from index.structure_names import title_ends
from index.structure_torn import torn_items

_CLOSERS = "”’」』）)】》〉\"'"
_SENTENCE_ENDS = frozenset("。！？；：!?;:…")
_PARTWAY = re.compile(r"[，、,（(“《〈【—\-]$")  # ends like this: the sentence goes on in the next line
_BARE = re.compile(r"[，。；：、！？,;:!?]")
_NAMED = re.compile(r"的(?:通知|公告|通告|意见|批复|函|决定|报告)$")  # ends a title
# A title that lists ("关于民事、行政诉讼…的解释"); in a wrapped text such a line may be the middle of a sentence.
_ENTITLED = re.compile(
    r"[^，。；：]*关于[^，。；：]+(?:办法|细则|规定|方案|意见|措施|决定|决议|条例|解释|批复|解答|通知)(?:[（(][^（()）]*[)）])?"
    r"|[^，。；：《]*(?:办法|细则|规定|方案|意见|措施|条例)(?:[（(][^（()）]*[)）])?"
)
_REASON = re.compile(r"为(?!止)|根据|依据|依照|按照|经")  # how a preamble opens
_NUMBERED = re.compile(
    r"[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百\d]{1,3}[）)]|\d{1,3}[.．、]|第\S{1,8}[条章节编]|[①-⑳]"
)
_ARTICLE = re.compile(r"第\S{1,8}条")
_ITEM = re.compile(
    r"[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百\d]{1,3}[）)]|\d{1,3}[.．、](?!\d)|[①-⑳]"
)
_LABELLED = re.compile(r"[\u4e00-\u9fff（）()A-Za-z/ ]{2,12}[：:][^，。；]*")  # 联系人：…
_PAGE_NUMBER = re.compile(r"[-—–－·•]+\s*\d{1,4}\s*[-—–－·•]+|第\s*\d{1,4}\s*页(?:[，,/ ]*共\s*\d{1,4}\s*页)?")
_MARKDOWN = re.compile(r"^#{1,6}\s+|\*\*")
_CELLS = re.compile(r"\S\s*\t\s*\S|\S\s*\|\s*\S.*\|")
_GAPS = re.compile(r"\S(?:[ \u3000]{3,}|\u3000{2,})\S")
# A cut at the end of a page leaves a long line, a heading a short one; 30 characters is a printed line of A4 paper.
_LONG_LINE = 30
_SLACK = 4  # characters that a wrapped line may be short of the full width: numbers and brackets are not broken
_NARROW, _WIDE = 20, 60  # characters: no page is narrower or wider
_NEAR = 0.8  # of the widest line: lines beyond this reach the margin, or end a paragraph just before it
_TORN_SHARE, _MIN_TORN = 0.5, 3  # of those lines stop within a sentence (wrapped 0.6 to 0.9 seen, otherwise below 0.3)


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line that is not blank."""

    start: int  # in the text, white space at both ends left out
    end: int
    body: str  # the characters without markdown emphasis
    indented: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All printed lines of a document."""

    lines: tuple[Line, ...]
    width: float  # characters of a full line where the document is wrapped, else 0
    above: tuple[int, ...]  # for each line the one before it, page numbers passed over; -1 at the top
    titles: frozenset[int]  # lines that end a title
    torn: frozenset[int]  # lines whose sentence goes on in the next although the document is not wrapped

    def is_full(self, index: int) -> bool:
        """Say whether the line reaches the right margin of a wrapped document."""
        return self.width > 0 and width_of(self.lines[index].body) >= self.width - _SLACK

    def before(self, index: int) -> int:
        """Return the line before, page numbers passed over; -1 at the top."""
        return self.above[index]

    def goes_on(self, index: int) -> bool:
        """Say whether a sentence of the line before goes on in this line."""
        previous = self.before(index)
        if previous < 0:
            return False
        last, body = self.lines[previous].body, self.lines[index].body
        if ends_sentence(last) or is_row(last) or is_row(body):
            return False
        if _PARTWAY.search(last) or previous in self.torn:
            return True
        if is_bare(last) and _REASON.match(body):
            return False
        if self._is_title(previous):
            return False
        if self.width:
            return self.is_full(previous)
        torn = len(last) >= _LONG_LINE and not _LABELLED.fullmatch(last) or "。" in last
        return torn and not is_bare(last)

    def _is_title(self, index: int) -> bool:
        body = self.lines[index].body
        named = index in self.titles or _NAMED.search(body) is not None
        return named or (not self.width and _ENTITLED.fullmatch(body) is not None)

    def begins_paragraph(self, index: int) -> bool:
        """Say whether a paragraph, a heading or a row of a table begins with this line."""
        previous = self.before(index)
        if previous < 0:
            return True
        last, line = self.lines[previous], self.lines[index]
        if self._is_title(previous):
            return True
        if not (self.goes_on(index) or self.is_full(previous) or _is_torn(last.body)):
            return True
        if _ITEM.match(line.body) and not (self.is_full(previous) or _PARTWAY.search(last.body)):
            return True
        if is_row(last.body) or is_row(line.body) or last.body.endswith(("：", ":")):
            return True
        if ends_sentence(last.body) and (line.indented or is_bare(line.body) and not self.is_full(index)):
            return True  # a line without any signs is no end of a sentence: a title, a heading, a signature
        return is_bare(last.body) and _REASON.match(line.body) is not None and not _PARTWAY.search(last.body)


def read_lines(text: str) -> Sheet:
    """Cut a text into its printed lines."""
    lines, start = [], 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            left = start + len(raw) - len(raw.lstrip())
            plain = _MARKDOWN.sub("", stripped).strip() if stripped[0] == "#" or "**" in stripped else stripped
            body = plain or stripped
            lines.append(Line(left, left + len(stripped), body, raw.startswith(("\u3000\u3000", "    "))))
        start += len(raw) + 1
    bodies, width = [line.body for line in lines], _full_width(lines)
    torn = frozenset() if width else torn_items(bodies)
    return Sheet(tuple(lines), width, _above(lines), title_ends(bodies), torn)


def _above(lines: list[Line]) -> tuple[int, ...]:
    above, last = [], -1
    for index, line in enumerate(lines):
        above.append(last)
        last = last if is_page_number(line.body) else index
    return tuple(above)


def width_of(body: str) -> float:
    """Return the width in Chinese characters; a Latin letter or digit takes half of one."""
    wide = (len(body.encode("utf-8", "surrogatepass")) - len(body)) / 2
    return (wide + len(body)) / 2


def _is_torn(body: str) -> bool:
    """Say whether a line stops within a sentence: it has punctuation, but none at its end, and is no heading."""
    if ends_sentence(body) or _NAMED.search(body) or _LABELLED.fullmatch(body):
        return False
    if "。" in body or "；" in body:
        return True
    if _NUMBERED.match(body) and not _ARTICLE.match(body):
        return "，" in body and len(body) >= _LONG_LINE
    return not is_bare(body)


def ends_sentence(body: str) -> bool:
    """Say whether a line ends with the end of a sentence or of a part of a list."""
    body = body.rstrip(_CLOSERS)
    return bool(body) and body[-1] in _SENTENCE_ENDS


def is_bare(body: str) -> bool:
    """Say whether a line has no punctuation of a sentence, as titles and headings have none."""
    return _BARE.search(body) is None


def is_row(body: str) -> bool:
    """Say whether a line is a row of a table written as text."""
    return _CELLS.search(body) is not None or (_GAPS.search(body) is not None and "。" not in body)


def is_page_number(body: str) -> bool:
    """Say whether a line is a page number and nothing else."""
    return _PAGE_NUMBER.fullmatch(body) is not None


def _full_width(lines: list[Line]) -> float:
    widths = [(width_of(line.body), ends_sentence(line.body)) for line in lines if not is_row(line.body)]
    widest = max((width for width, _ in widths), default=0)
    if not _NARROW <= widest <= _WIDE:
        return 0
    near = [(width, ended) for width, ended in widths if width >= _NEAR * widest]
    torn = sorted(width for width, ended in near if not ended)
    if len(torn) < max(_MIN_TORN, _TORN_SHARE * len(near)):
        return 0
    return torn[len(torn) // 2]
