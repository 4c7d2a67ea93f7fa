"""Read PDF files: the text that they hold, and by character recognition the pages that are pictures."""

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import PolicyFileError
from index.page_tables import Rulings, shared_out
from index.page_text import text_of
from index.page_types import Cell, Page, Table, hull
from index.pdf_glyphs import GlyphPage, read_glyphs, runs_of
from index.types import Extract

_MAX_PAGES = 1000  # the longest laws have some 300
_MAX_SCANNED = 100  # pages of character recognition: 200 s on two idle cores, the limit being 600 s
_MAX_CHARACTERS = 200_000  # of one page; a page of the smallest print has 10,000
_FEW = 30  # characters: what scanners print onto pictures has fewer; a last page with a date has no picture
_PICTURE = 0.3  # of the page: logos and seals take less
_OUTLINES = 200  # paths: text without fonts; a table of 20 rows by 6 columns has 140
_RULINGS = 4  # paths or parts of one: fewer draw no table
_UNREADABLE = 0.1  # of the characters: fonts that do not name them
_EVERYDAY = 0.7  # of the characters beyond ASCII; fonts that name them wrongly give rare ones
_DEPTH = 4  # of forms within forms that are searched for pictures and paths
_MAX_PIXELS = 40_000_000  # of a page that is rendered: 18 pages of A4, as web pages printed in one piece have
_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: "设了打开密码，不能直接读。请去掉密码再导入。",
    pdfium.FPDF_ERR_SECURITY: "用了不支持的加密方式，不能直接读。请用打印功能另存为 PDF 再导入。",
}
_DAMAGED = "已损坏或不完整。请用 PDF 阅读器打开看看，另存后再导入。"


def read(data: bytes, name: str) -> Extract:
    """Read a PDF file; a line a paragraph, a line a row of a table.

    :raises PolicyFileError: if it is encrypted, damaged, without pages or too long.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise PolicyFileError(f"{name} {_ERRORS.get(error.err_code, _DAMAGED)}") from error
    rulings = Rulings(data)
    try:
        return text_of(list(_pages(document, rulings, name)))
    finally:
        rulings.close()
        document.close()


def _pages(document: pypdfium2.PdfDocument, rulings: Rulings, name: str) -> Iterator[Page]:
    if len(document) > _MAX_PAGES:
        raise PolicyFileError(f"{name} 有 {len(document)} 页，超过 {_MAX_PAGES} 页的上限。请拆成一份政策一个文件。")
    if not len(document):
        raise PolicyFileError(f"{name} 一页也没有。请确认文件完整，再重新导入。")
    scanned = 0
    for index in range(len(document)):
        try:
            page = document[index]
            found = _glyphs(page, f"{name} 第 {index + 1} 页")
            if not _is_picture(page, found):
                yield _printed(page, found, rulings, index)
                continue
            scanned += 1
            if scanned > _MAX_SCANNED:
                raise PolicyFileError(
                    f"{name} 有 {_MAX_SCANNED} 页以上是扫描的图片，识别要太久。请拆成几份，或用扫描软件识别成文字后再导入。"
                )
            yield _recognised(page)
            page.close()
        except pypdfium2.PdfiumError as error:
            raise PolicyFileError(f"{name} 第 {index + 1} 页{_DAMAGED}") from error


def _glyphs(page: pypdfium2.PdfPage, where: str) -> GlyphPage:
    found = read_glyphs(page, _MAX_CHARACTERS)
    if found is None:
        raise PolicyFileError(
            f"{where}的字超过 {_MAX_CHARACTERS} 个，不像一份政策。请用 PDF 阅读器打开看看，另存后再导入。"
        )
    return found


def _is_picture(page: pypdfium2.PdfPage, found: GlyphPage) -> bool:
    """Say whether the text of a page must be read from how it looks."""
    signs = [glyph.sign for glyph in found.glyphs if glyph.sign != " "]
    if len(signs) + found.unreadable >= _FEW:
        return found.unreadable > _UNREADABLE * (len(signs) + found.unreadable) or not _is_everyday(signs)
    area, paths = 0.0, 0
    for drawn in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH], _DEPTH):
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = drawn.get_bounds()
            area = max(area, (right - left) * (top - bottom))
        else:
            paths += 1
    return area > _PICTURE * found.width * found.height or paths > _OUTLINES


def _is_everyday(signs: list[str]) -> bool:
    """Say whether most characters beyond ASCII are in everyday use, in simplified or traditional Chinese."""
    others = [sign for sign in signs if not sign.isascii()]
    if len(others) < _FEW:
        return sum(sign.isalnum() for sign in signs) * 2 > len(signs)
    return any(
        sum(bool(sign.encode(encoding, "ignore")) for sign in others) > _EVERYDAY * len(others)
        for encoding in ("gb2312", "big5")
    )


def _recognised(page: pypdfium2.PdfPage) -> Page:
    from index import reader_ocr  # slow to load and large; most files need it never

    width, height = page.get_size()
    scale = min(reader_ocr.DPI / 72, (_MAX_PIXELS / (width * height)) ** 0.5)
    return reader_ocr.page_of(page.render(scale=scale).to_numpy())


def _printed(page: pypdfium2.PdfPage, found: GlyphPage, rulings: Rulings, index: int) -> Page:
    groups = []
    if _has_rulings(page):
        groups = rulings.tables(index, found.quarters, (found.width, found.height))
    shares, rest = shared_out(groups, [glyph.box for glyph in found.glyphs])
    tables = []
    for cells, table in zip(groups, shares, strict=True):
        written = [tuple(runs_of([found.glyphs[i] for i in share])) for share in table]
        tables.append(Table(hull(cells), tuple(Cell(cell, runs) for cell, runs in zip(cells, written, strict=True))))
    return Page(found.width, found.height, tuple(runs_of([found.glyphs[i] for i in rest])), tuple(tables))


def _has_rulings(page: pypdfium2.PdfPage) -> bool:
    strokes = 0
    for path in page.get_objects([pdfium.FPDF_PAGEOBJ_PATH], _DEPTH):
        strokes += max(1, pdfium.FPDFPath_CountSegments(path) // 4)
        if strokes >= _RULINGS:
            return True
    return False
