"""The characters of a PDF page with their places, as PDFium reads them."""

import ctypes
import itertools
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from index.page_rows import is_latin
from index.page_types import Box, Run, hull, turned

_SKEW = 0.1  # radians: a scanner's own text layer may lean by as much; watermarks and seals lean by more
# In sizes of a character.
_APART = 0.7  # a wider gap ends a run
_LATIN_GAP = 0.18  # a space between words, where the file has none
_RAISED = 0.3  # another line, or a raised sign
_TWICE = 0.15  # bold is at times made by printing twice
_SHADES = (("\u2e80", "\u2fdf"), ("\uf900", "\ufaff"), ("\ufb00", "\ufb06"))  # radicals, doubles and ligatures of signs
_WIDE_SIGNS = 0x2E80  # from here on characters are Chinese
_HEIGHT = 0.9  # size of a font to the height of its box
_LEANS = -1
_FACE_BYTES = 128


@dataclass(frozen=True, slots=True)
class Glyph:
    """A printed character."""

    sign: str
    box: Box
    base: float  # of its line, from the top of the page
    size: float
    face: str


@dataclass(frozen=True, slots=True)
class GlyphPage:
    """The characters of a page, turned upright."""

    width: float
    height: float
    quarters: int  # clockwise turns from the page as displayed to upright
    glyphs: tuple[Glyph, ...]  # in the order of the file
    unreadable: int  # characters that the file does not name


def read_glyphs(page: pypdfium2.PdfPage, most: int) -> GlyphPage | None:
    """Read the characters of a page that run in its main direction; None where there are more than `most`."""
    textpage = page.get_textpage()
    try:
        if textpage.count_chars() > most:
            return None
        raw = list(_raw(textpage))
    finally:
        textpage.close()
    left, top, width, height, visible = _frame(page)
    angles = Counter(quarter for _, _, _, angle, _, _ in raw if (quarter := _quarter(angle)) != _LEANS)
    angle = angles.most_common(1)[0][0] if angles else 0
    quarters = -angle % 4
    glyphs, unreadable = [], 0
    for sign, box, origin, turn, size, face in raw:
        box = _flipped(box, left, top)
        if _quarter(turn) != angle or not _meets(box, visible):
            continue
        sign = _plain(sign)
        if not sign:
            unreadable += 1
            continue
        x, y = origin[0] - left, top - origin[1]
        base = turned((x, y, x, y), quarters, width, height)[1]
        glyphs.append(Glyph(sign, turned(box, quarters, width, height), base, size, face))
    if quarters % 2:
        width, height = height, width
    return GlyphPage(width, height, (quarters - page.get_rotation() // 90) % 4, tuple(glyphs), unreadable)


def runs_of(glyphs: Sequence[Glyph]) -> list[Run]:
    """Return characters that follow each other on a line as runs."""
    groups: list[list[Glyph]] = []
    for glyph in glyphs:
        if groups and _follows(groups[-1][-1], glyph):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [run for run in map(_run, groups) if run.text]


def _frame(page: pypdfium2.PdfPage) -> tuple[float, float, float, float, Box]:
    """Return left and top in the coordinates of the file, width, height, and the part that is shown."""
    left, bottom, right, top = page.get_mediabox()
    shown = page.get_cropbox()
    if min(right - left, top - bottom, shown[2] - shown[0], shown[3] - shown[1]) <= 0:  # PDFium takes a size of its own
        left, bottom = 0, 0
        right, top = page.get_size()
        shown = (left, bottom, right, top)
    return left, top, right - left, top - bottom, _flipped(shown, left, top)


def _raw(textpage: pypdfium2.PdfTextPage) -> Iterator[tuple[str, Box, tuple[float, float], float, float, str]]:
    """Yield (character, box, origin, clockwise angle, size, font) in the coordinates of the file."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    name, flags = ctypes.create_string_buffer(_FACE_BYTES), ctypes.c_int()
    for place in range(textpage.count_chars()):
        if pdfium.FPDFText_IsGenerated(textpage, place) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(textpage, place)
        if pdfium.FPDFText_IsHyphen(textpage, place) == 1:  # at the end of a line, where PDFium takes it out of words
            code = ord("-")
        angle = pdfium.FPDFText_GetCharAngle(textpage, place)
        if not pdfium.FPDFText_GetLooseCharBox(textpage, place, box) or angle < 0:
            continue
        pdfium.FPDFText_GetCharOrigin(textpage, place, x, y)
        wide, high = box.right - box.left, box.top - box.bottom
        if _quarter(angle) in (1, 3):
            wide, high = high, wide
        face, size = "", _HEIGHT * high
        if code > _WIDE_SIGNS:  # as wide as the font's size, whatever the file scales it by
            pdfium.FPDFText_GetFontInfo(textpage, place, name, _FACE_BYTES, flags)
            face, size = name.value.decode("utf-8", "replace"), wide
        yield chr(code), (box.left, box.bottom, box.right, box.top), (x.value, y.value), angle, size, face


def _quarter(angle: float) -> int:
    """Return how many quarters a character is turned clockwise, `_LEANS` where it leans."""
    quarters = round(angle / (math.pi / 2))
    return quarters % 4 if abs(angle - quarters * math.pi / 2) < _SKEW else _LEANS


def _flipped(box: Box, left: float, top: float) -> Box:
    """Return a box of the file (from the lower left corner) as one from the upper left corner."""
    return box[0] - left, top - box[3], box[2] - left, top - box[1]


def _meets(box: Box, other: Box) -> bool:
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def _plain(sign: str) -> str:
    """Return a character as it is written elsewhere; "" for one without a meaning."""
    if any(first <= sign <= last for first, last in _SHADES):
        return unicodedata.normalize("NFKC", sign)
    if sign in "\t\r\n\xa0":
        return " "
    return "" if unicodedata.category(sign) in ("Cc", "Co", "Cn", "Cs") or sign == "\ufffd" else sign


def _follows(last: Glyph, glyph: Glyph) -> bool:
    gap = glyph.box[0] - last.box[2]
    size = max(last.size, glyph.size)
    return abs(glyph.base - last.base) < _RAISED * size and -size < gap < _APART * size


def _run(group: list[Glyph]) -> Run:
    group = sorted(group, key=lambda glyph: glyph.box[0])
    kept = [glyph for before, glyph in zip((None, *group), group, strict=False) if not _is_twice(before, glyph)]
    while kept and kept[0].sign == " ":
        kept.pop(0)
    while kept and kept[-1].sign == " ":
        kept.pop()
    if not kept:
        return Run("", (0, 0, 0, 0), 0)
    text = kept[0].sign
    for before, glyph in itertools.pairwise(kept):
        gap = glyph.box[0] - before.box[2] > _LATIN_GAP * glyph.size
        text += " " * (gap and is_latin(before.sign) and is_latin(glyph.sign)) + glyph.sign
    faces = [glyph.face for glyph in kept if glyph.face]
    sizes = sorted([glyph.size for glyph in kept if glyph.face] or [glyph.size for glyph in kept])
    ends = (faces[0], faces[-1]) if faces else ("", "")
    return Run(" ".join(text.split(" ")), hull([glyph.box for glyph in kept]), sizes[len(sizes) // 2], ends)


def _is_twice(before: Glyph | None, glyph: Glyph) -> bool:
    return (
        before is not None and before.sign == glyph.sign != " " and glyph.box[0] - before.box[0] < _TWICE * glyph.size
    )
