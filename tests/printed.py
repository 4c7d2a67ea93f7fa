"""Documents as printed pages, made by the tests: set like official documents, as PDF with text or as scans."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"  # known to every reader and not part of the file
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

A4 = (595.0, 842.0)
# GB/T 9704: 37 mm above, 28 mm on the left, 22 lines of 28 characters of 16 points.
LEFT, RIGHT, TOP, BOTTOM, LEADING, BODY = 79.0, 527.0, 105.0, 741.0, 28.9, 16.0
_NOT_FIRST = "，。、；：！？）》〉」』】〕”’…·%％)"
_NOT_LAST = r"（(《〈「『【〔“‘"
_WORD = re.compile(rf"[{_NOT_LAST}]*(?:[A-Za-z0-9.]+|.)[{_NOT_FIRST}]*")
_NUMBERED = re.compile(r"第\S{1,4}条|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．]|附件")


@dataclass(frozen=True)
class Place:
    """Where a line is set."""

    x: float
    y: float  # from the top of the page
    size: float
    text: str
    stretch: float = 0.0  # points between characters


def width(text: str, size: float) -> float:
    return pdfmetrics.stringWidth(text, FONT, size)


def wrapped(text: str, size: float, measure: float, indent: float) -> list[str]:
    """Break a paragraph into lines as Chinese is broken: no closing mark at the start, no number cut."""
    lines, line, room = [], "", measure - indent
    for word in _WORD.findall(text):
        if line and width(line + word, size) > room + 0.01:
            lines.append(line)
            line, room = "", measure
        line += word.lstrip() if not line else word
    return [*lines, line]


def set_lines(
    paragraphs: Iterable[str], left: float = LEFT, right: float = RIGHT
) -> list[tuple[float, float, str, float]]:
    """Return (left, size, text, stretch) of each line, as in official documents."""
    found = []
    for text in paragraphs:
        plain = not re.search(r"[。；：，]", text) and not _NUMBERED.match(text) and len(text) < 80
        if plain and re.fullmatch(r"[\d年月日\s]+", text):
            found.append((right - 4 * BODY - width(text, BODY), BODY, text, 0.0))
        elif plain:
            size = (
                32.0 if text.endswith("文件") and len(text) < 20 else BODY if "〕" in text and len(text) < 20 else 22.0
            )
            size = min(size, (right - left) / 14)
            for line in wrapped(text, size, right - left, 0):
                found.append((left + (right - left - width(line, size)) / 2, size, line, 0.0))
        else:
            indent = 0.0 if text.endswith("：") and "各" in text[:8] else 2 * BODY
            lines = wrapped(text, BODY, right - left, indent)
            for number, line in enumerate(lines):
                start = left + (indent if number == 0 else 0)
                spare = right - start - width(line, BODY)
                stretch = spare / max(len(line) - 1, 1) if number < len(lines) - 1 else 0.0
                found.append((start, BODY, line, stretch))
    return found


def pages_of(paragraphs: Iterable[str]) -> list[list[Place]]:
    """Return the lines of each page, one column."""
    pages: list[list[Place]] = [[]]
    y = TOP
    for x, size, text, stretch in set_lines(paragraphs):
        step = max(LEADING, size * 1.4)
        if y + step > BOTTOM:
            pages.append([])
            y = TOP
        y += step
        pages[-1].append(Place(x, y, size, text, stretch))
    return pages


def as_pdf(pages: Sequence[Sequence[Place]], header: str = "", numbers: str = "— {} —") -> bytes:
    """Return a PDF with text; `numbers` is how pages are numbered below, "" not at all."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number, page in enumerate(pages, 1):
        places = list(page)
        if header:
            places.append(Place(LEFT, 60, 10.5, header))
        if numbers:
            text = numbers.format(number, len(pages))
            places.append(Place(RIGHT - 14 - width(text, 14) if number % 2 else LEFT + 14, 790, 14, text))
        draw(canvas, places)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def draw(canvas: Canvas, places: Iterable[Place]) -> None:
    """Print lines on a page."""
    for place in places:
        written = canvas.beginText(place.x, A4[1] - place.y)
        written.setFont(FONT, place.size)
        written.setCharSpace(place.stretch)
        written.textOut(place.text)
        canvas.drawText(written)


def images_of(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    """Return the pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(pdf)
    images = [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    document.close()
    return images


def as_scan(images: Sequence[Image.Image], dpi: int = 150) -> bytes:
    """Return pictures of pages as a PDF without text."""
    return as_picture(images, "PDF", resolution=dpi)


def as_picture(images: Sequence[Image.Image], kind: str, **options: object) -> bytes:
    """Return pictures of pages as a file of a kind that holds one or several."""
    file = BytesIO()
    more = {"save_all": True, "append_images": list(images[1:])} if len(images) > 1 else {}
    images[0].save(file, kind, **more, **options)
    return file.getvalue()
