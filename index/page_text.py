"""Make the text of a document of its printed pages: paragraphs one a line, tables as rows, doubtful characters marked."""

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

from index.headings import Family, parse_marker
from index.page_columns import Line, lines_of
from index.page_furniture import without_furniture
from index.page_grids import Grid, with_grids
from index.page_rows import is_latin
from index.page_types import Page, Run
from index.structure_lines import ends_sentence, width_of
from index.table_text import table_lines
from index.types import Extract, Span

# What is not broken at the end of a line: words and numbers, brackets before and marks behind them.
_TOKEN = re.compile(
    r"[（(《〈「『【〔\[]*(?:[A-Za-z0-9.,%‰/~+:@_-]+|.)(?:[“”‘’]+.?|[，。、；：！？）)》〉」』】〕\]…·%％‰]|(?<=[，、])[A-Za-z0-9]+)*"
)
# In sizes of a character.
_FITS = 0.35  # lines end this unevenly
_TORN = 5.0  # a line that stops within a sentence may end as early, before words that are not broken
_INDENT = 1.0  # a first line stands in by two; columns and scans lean by less than one
_CENTRED = 1.0  # gaps on the left and on the right that are alike
_WITHIN = 2.5  # more than a first line stands in
_OTHER_SIZE = 0.15  # share of the size: headings are larger by a sixth at least
_PITCH = 1.7  # of the usual distance of lines: a paragraph that is set apart
_TITLE_STEP = 2.2  # sizes of a character between the lines of one title, whatever the text has
_LEADERS = re.compile(r"[.．·…⋯]{4,}\s*\d{0,4}$")  # a line of a table of contents
_ABOVE = {Family.ARTICLE, Family.CHAPTER, Family.SECTION, Family.HAN, Family.PAREN_HAN}
# Around what is doubtful while text is put together; private, so that no document has them: `_plain` in
# `index.pdf_glyphs` leaves such characters out, character recognition does not know them.
_OPEN, _CLOSE = "\ue000", "\ue001"


def text_of(pages: Sequence[Page]) -> Extract:
    """Return the text of printed pages."""
    items = lines_of(without_furniture(pages))
    sheet = _Sheet([item for item in items if isinstance(item, Line)])
    found: list[str] = []
    tables = 0
    last: Line | Grid | None = None
    for item in with_grids(items, _marked):
        if isinstance(item, Line):
            if isinstance(last, Line) and sheet.joins(last, item):
                found[-1] += _glue(last.run.text, item.run.text) + _marked(item.run)
            else:
                found.append(_marked(item.run))
        else:
            tables += 1
            found += table_lines(item.rows)
        last = item
    return _unmarked("\n".join(found), tables)


class _Sheet:
    """How the lines of a document are set."""

    def __init__(self, lines: Sequence[Line]) -> None:
        followers = [
            (last, line) for last, line in itertools.pairwise(lines) if _wraps(last, line) and _surely(last, line)
        ]
        flush = sum(not _is_indented(line) for _, line in followers)
        self.indents = flush * 2 >= len(followers)  # paragraphs begin with a line that stands in
        steps = [line.run.top - last.run.top for last, line in followers if last.block == line.block]
        self.pitch = median(steps) if steps else 0.0

    def joins(self, last: Line, line: Line) -> bool:
        """Say whether a paragraph goes on from one line in the next."""
        if self._is_apart(last, line) or not (_wraps(last, line) or self._is_torn(last, line)):
            return False
        marker = parse_marker(line.run.text)
        ended = ends_sentence(last.run.text)
        if _are_title(last, line):
            return not ended and not marker
        if _is_indented(line):
            if ended or marker or _other_faces(last.run, line.run):
                return False
            hangs = line.run.left > last.run.left + _INDENT * line.run.size and parse_marker(last.run.text) is not None
            return hangs or not self.indents
        if marker and (ended or (marker.family in _ABOVE and not marker.reference and not self.indents)):
            return False
        return self.indents or not ended or not _is_spaced(last, line, self.pitch)

    def _is_torn(self, last: Line, line: Line) -> bool:
        """Say whether a line stops within a sentence, and the next is no first line of a paragraph."""
        room = last.right - last.run.right
        flush = self.indents and abs(line.run.left - line.left) < _INDENT * line.run.size
        return flush and room < _TORN * last.run.size and _surely(last, line)

    def _is_apart(self, last: Line, line: Line) -> bool:
        sizes = last.run.size, line.run.size
        if abs(sizes[0] - sizes[1]) > _OTHER_SIZE * max(sizes) or _LEADERS.search(last.run.text):
            return True
        if last.block != line.block:
            return False
        step = line.run.top - last.run.top
        if _are_title(last, line):
            return step > _TITLE_STEP * max(sizes)
        return self.pitch > 0 and step > _PITCH * self.pitch


def _is_spaced(last: Line, line: Line, pitch: float) -> bool:
    return last.block == line.block and line.run.top - last.run.top > 1.15 * pitch


def _surely(last: Line, line: Line) -> bool:
    """Say whether a sentence goes on, by the words."""
    return not ends_sentence(last.run.text) and parse_marker(line.run.text) is None


def _wraps(last: Line, line: Line) -> bool:
    """Say whether a line ends where the next word did not fit any more."""
    size = last.run.size
    room = last.right - last.run.right
    if _are_title(last, line):
        room += last.run.left - last.left
    return width_of(_TOKEN.match(line.run.text).group()) * size > room - _FITS * size


def _are_title(last: Line, line: Line) -> bool:
    """Say whether two lines may be of one title: both centred, the second one well within the margins."""
    return line.run.left - line.left > _WITHIN * line.run.size and _is_centred(last) and _is_centred(line)


def _is_centred(line: Line) -> bool:
    return abs(line.run.left - line.left - (line.right - line.run.right)) < _CENTRED * line.run.size


def _is_indented(line: Line) -> bool:
    return line.run.left - line.left > _INDENT * line.run.size


def _other_faces(last: Run, run: Run) -> bool:
    return bool(last.faces[1] and run.faces[0]) and last.faces[1] != run.faces[0]


def _glue(last: str, text: str) -> str:
    return " " if is_latin(last[-1]) and is_latin(text[0]) else ""


def _marked(run: Run) -> str:
    """Return the text of a run with its doubtful characters between private signs."""
    doubts = set(run.doubts)
    return "".join(f"{_OPEN}{sign}{_CLOSE}" if place in doubts else sign for place, sign in enumerate(run.text))


def _unmarked(text: str, tables: int) -> Extract:
    """Return a text without the private signs, and the spans that they marked; neighbours are one."""
    pieces: list[str] = []
    spans: list[Span] = []
    for piece, length in _pieces(text.replace(_CLOSE + _OPEN, "")):
        if piece.startswith(_OPEN):
            piece = piece[1:]
            spans.append(Span(length, length + len(piece)))
        pieces.append(piece)
    return Extract("".join(pieces), tuple(spans), tables)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Yield what stands between and within private signs, each with the length of the plain text before it."""
    length = 0
    for piece in re.split(f"({_OPEN}[^{_CLOSE}]*){_CLOSE}", text):
        yield piece, length
        length += len(piece) - piece.startswith(_OPEN)
