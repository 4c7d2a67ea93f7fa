"""Scans and pictures by character recognition: the words, the order, the tables, and what was doubtful.

RAG_SCANS=1 reads all shipped policies as scans too; it takes minutes.
"""

import os
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from rapidfuzz.distance import Levenshtein
from reportlab.pdfgen.canvas import Canvas

from index import reader_image, reader_pdf
from index.clauses import split_clauses
from index.errors import PolicyFileError
from index.ocr_text import as_printed
from index.policy import parse_policy
from index.reader import read_file, read_text
from index.reader_kinds import Kind, kind_of
from tests import printed
from tests.formats import paragraphs_of
from tests.printed import A4, BODY, LEFT

POLICIES = sorted((Path(__file__).parents[1] / "data/policies").glob("*.txt"))
WRITTEN = [
    "江宁市青山区人民政府文件",
    "青政规〔2025〕12号",
    "青山区人民政府关于印发《青山区支持企业融资若干规定》的通知",
    "各镇人民政府、街道办事处，区政府各部门：",
    "《青山区支持企业融资若干规定》已经区政府第8次常务会议审议通过，现印发给你们，请认真贯彻执行。",
    "青山区支持企业融资若干规定",
    "第一条　对符合条件的企业（以下简称“企业”），按照贷款实际支付利息的50%给予贴息，单家企业每年最高不超过200万元；贴息期限不超过3年。",
    "第二条　申请企业应当同时具备下列条件：",
    "（一）在本区依法登记注册，信用良好；",
    "（二）上一年度营业收入增长10%以上。",
    "第三条　支持标准见下表。",
]
TABLE = [
    ["类别", "支持内容", "最高金额"],
    ["贷款贴息", "按利息的百分之五十", "200万元"],
    ["担保补贴", "按担保费的百分之三十", "50万元"],
]
ROWS = [
    "类别：贷款贴息，支持内容：按利息的百分之五十，最高金额：200万元。",
    "类别：担保补贴，支持内容：按担保费的百分之三十，最高金额：50万元。",
]
LINES = ["一、支持企业融资", "对符合条件的企业给予贴息，最高不超过200万元。", "二、支持企业引才"]


def compact(text: str) -> str:
    return "".join(text.split())


def accuracy(written: str, found: str) -> float:
    written, found = compact(written), compact(found)
    return 1 - Levenshtein.distance(written, found) / len(written)


def strip(lines: list[str], size: tuple[int, int] = (1000, 220)) -> Image.Image:
    """Return a small picture with a few lines."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(size[0] * 0.48, size[1] * 0.48))
    printed.draw(
        canvas, [printed.Place(30, A4[1] - size[1] * 0.48 + 30 * (n + 1), BODY, line) for n, line in enumerate(lines)]
    )
    canvas.save()
    return printed.images_of(file.getvalue())[0]


def degraded(image: Image.Image, angle: float) -> Image.Image:
    """Return a page as an office scanner gives it: askew, blurred, with noise and traces of compression."""
    image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white").filter(ImageFilter.GaussianBlur(0.6))
    noise = np.random.default_rng(7).normal(0, 10, (image.height, image.width, 3))
    file = BytesIO()
    Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=60)
    return Image.open(file)


# --- a scanned policy


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a red head, a table and a seal, laid down askew."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4)
    (places,) = printed.pages_of(WRITTEN)
    printed.draw(canvas, [*places, printed.Place(460, 790, 14, "— 1 —")])
    top = A4[1] - places[-1].y - 16
    canvas.grid([LEFT, 180, 400, 520], [top - 30 * row for row in range(4)])
    canvas.setFont(printed.FONT, 12)
    for row, cells in enumerate(TABLE):
        for left, cell in zip((LEFT, 180, 400), cells, strict=True):
            canvas.drawString(left + 6, top - 30 * row - 20, cell)
    canvas.save()
    (image,) = printed.images_of(file.getvalue())
    seal = Image.new("RGB", image.size, "white")
    ImageDraw.Draw(seal).ellipse((760, 750, 1080, 1070), outline=(225, 60, 60), width=9)
    image = ImageChops.multiply(image, seal)  # red ink over black print
    path = tmp_path_factory.mktemp("scan") / "扫描.pdf"
    path.write_bytes(printed.as_scan([degraded(image, 0.7)]))
    return path


def test_a_scan_is_read_as_its_text(scanned: Path) -> None:
    extract = read_file(scanned)
    assert extract.kind == Kind.PDF
    assert accuracy("".join([*WRITTEN, *ROWS]), extract.text) >= 0.99
    assert extract.text.split("\n")[-2:] == ROWS
    assert extract.tables == 1
    assert all(0 <= span.start < span.end <= len(extract.text) for span in extract.doubts)
    assert sum(span.end - span.start for span in extract.doubts) < 0.05 * len(extract.text)
    policy = parse_policy(extract.text, "扫描.pdf", "", extract.doubts)
    assert (policy.number, policy.title) == ("青政规〔2025〕12号", "青山区支持企业融资若干规定")
    assert clause_ids(extract.text) == clause_ids("\n".join([*WRITTEN, *ROWS]))
    assert clause_ids(extract.text)[-1] == "青政规〔2025〕12号/第三条"


def clause_ids(text: str) -> list[str]:
    return [clause.id for clause in split_clauses(parse_policy(text, "政策", ""))]


@pytest.mark.skipif(not os.environ.get("RAG_SCANS"), reason="takes minutes: set RAG_SCANS=1")
@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_shipped_policy_scanned_is_read_as_its_text(path: Path) -> None:
    written = paragraphs_of(path)
    images = printed.images_of(printed.as_pdf(printed.pages_of(written), header="政府公报  2025年第3期"))
    extract = reader_pdf.read(printed.as_scan(images), "扫描.pdf")
    assert accuracy("".join(written), extract.text) >= 0.99
    ids = [
        [clause.id for clause in split_clauses(parse_policy(text, "政策", ""))]
        for text in (read_text(path), extract.text)
    ]
    assert ids[0] == ids[1]


# --- pictures


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP", "TIFF"])
def test_pictures_of_every_kind(kind: str) -> None:
    picture = printed.as_picture([strip(LINES)], kind)
    assert kind_of(picture, "图.dat") == Kind.IMAGE
    assert reader_image.read(picture, "图.dat").text.split("\n") == LINES


def test_every_page_of_a_picture_is_read_and_sentences_go_on() -> None:
    pages = [
        strip(["第一条　对符合条件的企业，按照贷款实际支付利息的百分之"]),
        strip(["五十给予贴息。", "第二条　本规定自印发之日起施行。"]),
    ]
    extract = reader_image.read(printed.as_picture(pages, "TIFF"), "图.tif")
    assert [compact(line) for line in extract.text.split("\n")][-1] == "第二条本规定自印发之日起施行。"
    assert (
        accuracy(
            "第一条对符合条件的企业，按照贷款实际支付利息的百分之五十给予贴息。第二条本规定自印发之日起施行。",
            extract.text,
        )
        == 1
    )


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_pictures_that_lie_on_a_side_or_stand_on_their_head(angle: int) -> None:
    image = strip([*LINES, "对引进的人才给予奖励，最高不超过50万元。"], (1000, 320)).rotate(angle, expand=True)
    assert reader_image.read(printed.as_picture([image], "PNG"), "图.png").text.split("\n")[:3] == LINES


def test_transparent_and_grey_pictures() -> None:
    image = strip(LINES)
    clear = Image.new("RGBA", image.size)
    clear.paste((0, 0, 0, 255), mask=image.convert("L").point(lambda level: 255 - level))
    for picture in (clear, image.convert("L"), image.convert("1")):
        assert reader_image.read(printed.as_picture([picture], "PNG"), "图.png").text.split("\n") == LINES


def test_what_is_hard_to_make_out_is_marked() -> None:
    image = strip(LINES)
    width, height = image.size
    smeared = image.crop((0, 0, width // 2, height)).resize((width // 9, height // 5)).resize((width // 2, height))
    image.paste(smeared, (0, 0))
    extract = reader_image.read(printed.as_picture([image], "PNG"), "图.png")
    assert extract.doubts
    second = extract.text.index("\n") + 1
    half = second + len(LINES[1]) // 2 + 3
    assert all(span.start < half or span.start >= extract.text.rindex("\n") for span in extract.doubts)


# --- PDF files of both kinds


def joined(*parts: bytes) -> bytes:
    whole, file = pypdfium2.PdfDocument.new(), BytesIO()
    for part in parts:
        document = pypdfium2.PdfDocument(part)
        whole.import_pages(document)
        document.close()
    whole.save(file)
    whole.close()
    return file.getvalue()


def test_each_page_of_a_mixed_pdf_is_read_its_way() -> None:
    text = printed.as_pdf(
        printed.pages_of(["关于贴息的规定", "一、总则", "本规定适用于本区企业，由区财政局负责解释。"])
    )
    extract = reader_pdf.read(joined(text, printed.as_scan([strip(LINES, (1240, 600))])), "混.pdf")
    assert extract.text.split("\n") == [
        "关于贴息的规定",
        "一、总则",
        "本规定适用于本区企业，由区财政局负责解释。",
        *LINES,
    ]


def test_a_layer_of_rubbish_over_a_scan_is_not_believed() -> None:
    file = BytesIO()
    image = strip(LINES)
    canvas = Canvas(file, pagesize=(image.width * 0.48, image.height * 0.48))
    canvas.drawInlineImage(image, 0, 0, image.width * 0.48, image.height * 0.48)
    written = canvas.beginText(10, 60)
    written.setTextRenderMode(3)
    written.setFont("Helvetica", 8)
    written.textOut("!#$%&'()*+,-./:;<=>?@[]^_`{|}~" * 3)
    canvas.drawText(written)
    canvas.save()
    assert reader_pdf.read(file.getvalue(), "乱.pdf").text.split("\n") == LINES


# --- what cannot be read


def header_only(width: int, height: int) -> bytes:
    """Return a PNG that says it is enormous."""
    whole = bytearray(printed.as_picture([Image.new("1", (8, 8))], "PNG"))
    whole[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    whole[29:33] = zlib.crc32(bytes(whole[12:29])).to_bytes(4, "big")
    return bytes(whole)


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (printed.as_picture([strip(LINES)], "PNG")[:900], "已损坏或不是能读的图片"),
        (header_only(12_000, 11_000), "有 12000×11000 个像素，超过 120 百万像素的上限"),
        (header_only(100_000, 100_000), "已损坏或不是能读的图片|像素"),
        (printed.as_picture([Image.new("RGB", (400, 300), "white")], "PNG"), "里没有认出文字"),
        (printed.as_picture([Image.new("1", (8, 8))] * 101, "TIFF"), "有 101 页，超过 100 页的上限"),
    ],
    ids=["cut off", "too large", "bomb", "blank", "too many pages"],
)
def test_says_why_a_picture_cannot_be_read(picture: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "坏.png"
    file.write_bytes(picture)
    with pytest.raises(PolicyFileError, match=said) as caught:
        read_file(file)
    assert "坏.png" in str(caught.value)


# --- marks


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("青政规[2025]12号", "青政规〔2025〕12号"),
        ("青政规(2025)12号", "青政规〔2025〕12号"),
        ("（沪府办发〔2024]14号)要求", "（沪府办发〔2024〕14号）要求"),
        ("(一)在本区注册;", "（一）在本区注册；"),
        ("方案(2025-2026年)", "方案（2025-2026年）"),
        ("改革行动方案(2025-2026", "改革行动方案（2025-2026"),
        ("(含)企业(见附件", "（含）企业（见附件"),
        ("时间:9:00,地点:区政府", "时间：9:00，地点：区政府"),
        ("增长3.5%,达到1,200万元", "增长3.5%，达到1,200万元"),
        ("Green Finance (GF), London", "Green Finance (GF), London"),
    ],
)
def test_marks_are_written_as_chinese_documents_print_them(read: str, written: str) -> None:
    assert as_printed(read) == written
