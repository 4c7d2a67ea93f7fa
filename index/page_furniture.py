"""Leave out what is printed on pages around the text: running headers and footers, page numbers, marks of seals."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from index.page_rows import merged, rows
from index.page_types import Page, Run
from index.structure_lines import is_page_number

_BAND = 0.13  # of the page's height, above and below: official documents keep 37 mm above (0.125) and 35 mm below
_SAME_PLACE = 0.012  # of the page's height: where the same words count as repeated, 10 points on A4
_ALIKE = 0.9  # of the characters, as character recognition reads the same header differently
_APART = 1.0  # size of a character: wider gaps part what stands on one line
_MARK = 20  # characters: marks of the paper amid the text are short
# Repeated on so many pages, and on this share of them: headers of odd and even pages differ; what stands amid the
# text, as forms that are alike do, is a mark of the paper only where nearly all pages have it.
_AT_EDGES, _WITHIN = (2, 0.3), (3, 0.8)
_NUMBERED_PAGES = 3  # bare numbers that run along on so many pages, or on all, are page numbers
_ROMAN = re.compile(r"[ivxlcIVXLC]{1,6}|[Ⅰ-ⅻ]{1,3}")
_BARE = re.compile(r"[-—–－·•~]*\s*(?P<number>\d{1,4})\s*[-—–－·•~]*")
_COUNTED = re.compile(
    r"(?:第\s*)?\d{1,4}\s*页?\s*[/，,共]\s*(?:共\s*)?\d{1,4}\s*页?|第\s*\d{1,4}\s*页|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?"
)
_NUMERAL = re.compile(r"\d+|[一二三四五六七八九十百]+")
_ANNEX = re.compile(r"附\s*[件表录]")  # 附件1, 附件2 stand at the top of pages and are no page numbers


@dataclass(frozen=True, slots=True)
class _Row:
    page: int
    runs: tuple[Run, ...]
    text: str
    place: tuple[float, float]  # left and middle of the line, shares of the page
    edge: bool  # in the band above or below


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Return the pages with the text only."""
    found = [row for index, page in enumerate(pages) for row in _rows(index, page)]
    out = _numbers(found, len(pages)) | _repeated(found, len(pages))
    dropped = {(row.page, id(run)) for place, row in enumerate(found) if place in out for run in row.runs}
    return [
        replace(page, runs=tuple(run for run in page.runs if (index, id(run)) not in dropped))
        for index, page in enumerate(pages)
    ]


def _rows(index: int, page: Page) -> list[_Row]:
    """Return what stands together on a line; a mark in the margin is apart from the line beside it."""
    found = []
    for row in rows(page.runs):
        pieces = [[row[0]]]
        for before, run in pairwise(row):
            if run.left - before.right > _APART * max(before.size, run.size):
                pieces.append([])
            pieces[-1].append(run)
        for piece in pieces:
            line = merged(piece)
            middle = (line.top + line.bottom) / 2 / page.height
            edge = middle < _BAND or middle > 1 - _BAND
            found.append(_Row(index, tuple(piece), line.text.strip(), (line.left / page.width, middle), edge))
    return found


def _numbers(found: Sequence[_Row], pages: int) -> set[int]:
    """Return the places of page numbers: those that say so, and bare ones that run along with the pages."""
    out = {place for place, row in enumerate(found) if row.edge and _is_numbered(row.text)}
    bare = {place: int(match["number"]) - row.page for place, row in enumerate(found)
            if row.edge and (match := _BARE.fullmatch(row.text))}  # fmt: skip
    steps = Counter(bare.values())
    return out | {place for place, step in bare.items() if steps[step] >= min(_NUMBERED_PAGES, pages)}


def _is_numbered(text: str) -> bool:
    return is_page_number(text) or _COUNTED.fullmatch(text) is not None or _ROMAN.fullmatch(text) is not None


def _repeated(found: Sequence[_Row], pages: int) -> set[int]:
    """Return the places of lines that stand on several pages in the same place."""
    if pages < 2:
        return set()
    buckets: dict[int, list[int]] = {}
    for place, row in enumerate(found):
        buckets.setdefault(round(row.place[1] / _SAME_PLACE), []).append(place)
    out: set[int] = set()
    for bucket, places in buckets.items():
        near = [place for key in (bucket - 1, bucket, bucket + 1) for place in buckets.get(key, ())]
        for place in places:
            if place not in out:
                alike = [other for other in near if _is_repeat(found[place], found[other])]
                least, share = _AT_EDGES if found[place].edge else _WITHIN
                needed = max(least, round(share * pages))
                if len({found[other].page for other in alike}) >= needed:
                    out.update(alike)
    return out


def _is_repeat(row: _Row, other: _Row) -> bool:
    """Say whether two lines are the same header or mark; their numbers may only run along with the pages."""
    if row is other:
        return True
    near = abs(row.place[1] - other.place[1]) < _SAME_PLACE
    if not near or _ANNEX.match(row.text):
        return False
    if row.edge and other.edge:
        return _same_numbers(row, other) and _alike(row.text, other.text)
    return len(row.text) <= _MARK and row.text == other.text and abs(row.place[0] - other.place[0]) < _SAME_PLACE


def _same_numbers(row: _Row, other: _Row) -> bool:
    mine, theirs = _NUMERAL.findall(row.text), _NUMERAL.findall(other.text)
    apart = other.page - row.page
    return len(mine) == len(theirs) and all(
        a == b or (a.isdecimal() and b.isdecimal() and int(b) - int(a) == apart)
        for a, b in zip(mine, theirs, strict=True)
    )


def _alike(text: str, other: str) -> bool:
    mine, theirs = _NUMERAL.sub("", text), _NUMERAL.sub("", other)
    return mine == theirs or SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= _ALIKE
