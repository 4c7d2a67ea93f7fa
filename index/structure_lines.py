"""The lines of a document as printed: which were wrapped, which begin a paragraph, which are rows of a table."""

import re
from dataclasses import dataclass

_CLOSERS = "”’」』）)】》〉\"'"
_SENTENCE_ENDS = frozenset("。！？；：!?;:…")
_PARTWAY = re.compile(r"[，、,（(“《〈【—\-]$")  # ends like this: the sentence goes on in the next line
_BARE = re.compile(r"[，。；：、！？,;:!?]")
_NAMED = re.compile(r"的(?:通知|公告|通告|意见|批复|函|决定|报告)$")  # ends a title
_REASON = re.compile(r"为(?!止)|根据|依据|依照|按照|经")  # how a preamble opens
_NUMBERED = re.compile(r"[一二三四五六七八九十百]{1,4}、|[（(][一二三四五六七八九十百\d]{1,3}[）)]|\d{1,3}[.．、]|第\S{1,8}[条章节编]|[①-⑳]")
_PAGE_NUMBER = re.compile(r"[-—–－·•]+\s*\d{1,4}\s*[-—–－·•]+|第\s*\d{1,4}\s*页(?:[，,/ ]*共\s*\d{1,4}\s*页)?")
_MARKDOWN = re.compile(r"^#{1,6}\s+|\*\*")
_CELLS = re.compile(r"\t|\S\s*\|\s*\S.*\||[ \u3000]{3,}|\u3000{2,}")
# A cut at the end of a page leaves a long line, a heading a short one; 30 characters is a printed line of A4 paper.
_LONG_LINE = 30
_SLACK = 3  # characters that a wrapped line may be short of the full width: punctuation may not begin a line
_MAX_WRAP = 60  # characters: no page is wider
_WRAPPED_SHARE = 0.4  # of the lines stand at the full width in a wrapped document (0.6 to 0.8 seen, others below 0.15)
_MIN_LINES = 8  # fewer lines say nothing about a width


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

    def is_full(self, index: int) -> bool:
        """Say whether the line reaches the right margin of a wrapped document."""
        return self.width > 0 and width_of(self.lines[index].body) >= self.width - _SLACK

    def before(self, index: int) -> int:
        """Return the line before, page numbers passed over; -1 at the top."""
        index -= 1
        while index >= 0 and is_page_number(self.lines[index].body):
            index -= 1
        return index

    def goes_on(self, index: int) -> bool:
        """Say whether a sentence of the line before goes on in this line."""
        previous = self.before(index)
        if previous < 0:
            return False
        last, body = self.lines[previous].body, self.lines[index].body
        if ends_sentence(last) or is_row(last) or is_row(body):
            return False
        if _PARTWAY.search(last):
            return True
        if _NAMED.search(last) or is_bare(last) and _REASON.match(body):
            return False
        if self.width:
            return self.is_full(previous)
        return not is_bare(last) and (len(last) >= _LONG_LINE or "。" in last)

    def begins_paragraph(self, index: int) -> bool:
        """Say whether a paragraph, a heading or a row of a table begins with this line."""
        previous = self.before(index)
        if previous < 0:
            return True
        last, line = self.lines[previous], self.lines[index]
        if not (self.goes_on(index) or self.is_full(previous) or _is_torn(last.body)):
            return True
        if is_row(last.body) or is_row(line.body) or last.body.endswith(("：", ":")):
            return True
        if line.indented and ends_sentence(last.body):
            return True
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
    return Sheet(tuple(lines), _full_width(lines))


def width_of(body: str) -> float:
    """Return the width in Chinese characters; a Latin letter or digit takes half of one."""
    wide = (len(body.encode("utf-8", "surrogatepass")) - len(body)) / 2
    return (wide + len(body)) / 2


def _is_torn(body: str) -> bool:
    """Say whether a line stops within a sentence: it has punctuation, but none at its end, and is no heading."""
    if ends_sentence(body) or _NAMED.search(body):
        return False
    return "。" in body or "；" in body or not (_NUMBERED.match(body) or is_bare(body))


def ends_sentence(body: str) -> bool:
    """Say whether a line ends with the end of a sentence or of a part of a list."""
    body = body.rstrip(_CLOSERS)
    return bool(body) and body[-1] in _SENTENCE_ENDS


def is_bare(body: str) -> bool:
    """Say whether a line has no punctuation of a sentence, as titles and headings have none."""
    return _BARE.search(body) is None


def is_row(body: str) -> bool:
    """Say whether a line is a row of a table written as text."""
    return _CELLS.search(body) is not None


def is_page_number(body: str) -> bool:
    """Say whether a line is a page number and nothing else."""
    return _PAGE_NUMBER.fullmatch(body) is not None


def _full_width(lines: list[Line]) -> float:
    widths = sorted(width_of(line.body) for line in lines)
    if len(widths) < _MIN_LINES:
        return 0
    full = widths[int(len(widths) * 0.8)]
    near = [line for line in lines if abs(width_of(line.body) - full) <= _SLACK]
    open_ended = sum(not ends_sentence(line.body) for line in near)
    if full > _MAX_WRAP or len(near) < _WRAPPED_SHARE * len(lines) or open_ended * 2 < len(near):
        return 0
    return full
