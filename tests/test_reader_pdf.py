"""PDF files with text: paragraphs as written, tables as rows, nothing of what is printed around them."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from rapidfuzz.distance import Levenshtein
from reportlab.pdfgen.canvas import Canvas

from index import reader_pdf
from index.clauses import split_clauses
from index.errors import PolicyFileError
from index.policy import parse_policy
from index.reader import read_file, read_text
from index.reader_kinds import Kind
from tests import printed
from tests.formats import paragraphs_of
from tests.printed import A4, BODY, LEFT, RIGHT, Place

POLICIES = sorted((Path(__file__).parents[1] / "data/policies").glob("*.txt"))
LONG = "对符合条件的企业，按照贷款实际支付利息的百分之五十给予贴息，单家企业每年最高不超过200万元，贴息期限不超过3年；"
SHORT = "由区财政局负责解释。"


def compact(text: str) -> str:
    return "".join(text.split())


def read(pdf: bytes) -> str:
    return reader_pdf.read(pdf, "试.pdf").text


def drawn(*pages: Callable[[Canvas], None], **options: object) -> bytes:
    """Return a PDF whose pages are drawn by functions."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, **options)
    for page in pages:
        canvas.setFont(printed.FONT, BODY)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def ruled(
    canvas: Canvas, xs: list[float], ys: list[float], cells: dict[tuple[int, int, int, int], str], size: float = 12
) -> None:
    """Draw a table; a cell is (first column, first row, columns, rows), edges `ys` from the top of the page."""
    canvas.setFont(printed.FONT, size)
    for (column, row, across, down), text in cells.items():
        left, right, top, bottom = xs[column], xs[column + across], ys[row], ys[row + down]
        canvas.rect(left, A4[1] - bottom, right - left, bottom - top)
        for number, line in enumerate(printed.wrapped(text, size, right - left - 8, 0)):
            canvas.drawString(left + 4, A4[1] - top - size * 1.3 * (number + 1), line)


# --- the shipped policies


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_policy_printed_as_pdf_is_read_as_its_text(path: Path, tmp_path: Path) -> None:
    written = paragraphs_of(path)
    file = tmp_path / "政策.pdf"
    file.write_bytes(printed.as_pdf(printed.pages_of(written), header="政府公报  2025年第3期"))
    extract = read_file(file)
    assert extract.kind == Kind.PDF
    expected, found = compact("".join(written)), compact(extract.text)
    assert 1 - Levenshtein.distance(expected, found) / len(expected) >= 0.999
    lines = set(map(compact, extract.text.split("\n")))
    assert [text for text in written if "。" in text and compact(text) not in lines] == []
    assert clause_ids(extract.text) == clause_ids(read_text(path))


def clause_ids(text: str) -> list[str]:
    return [clause.id for clause in split_clauses(parse_policy(text, "政策", ""))]


# --- what is printed around the text


@pytest.mark.parametrize(
    "numbers", ["— {} —", "- {} -", "－{}－", "第{}页 共{}页", "第 {} 页", "{} / {}", "{}", "Page {} of {}"]
)
def test_page_numbers_are_left_out(numbers: str) -> None:
    written = ["关于贴息的规定", *[f"第{number}条　{LONG}" for number in "一二三四五六七八九十"] * 2]
    pages = printed.pages_of(written)
    assert len(pages) == 3
    assert compact(read(printed.as_pdf(pages, numbers=numbers))) == compact("".join(written))


def test_running_headers_are_left_out_whichever_page_they_change_on() -> None:
    pages = printed.pages_of([f"第{number}条　{LONG}" for number in "一二三四五六七八九十"] * 3)
    for number, page in enumerate(pages):
        page.append(Place(LEFT, 60, 10.5, "上海市人民政府公报" if number % 2 else "2025年第3期（总第99期）"))
        page.append(Place(20, 400, 10.5, "骑缝章"))
    assert len(pages) == 5
    text = read(printed.as_pdf(pages))
    assert not any(word in text for word in ("公报", "总第", "骑缝"))
    assert compact(text).count(compact(LONG)) == 30


def test_annexes_at_the_top_of_pages_stay() -> None:
    pages = [
        printed.pages_of([f"附件{number}", f"{name}申请表", (name * 12 + "，") * 3 + SHORT])[0]
        for number, name in enumerate(("贴息", "奖励", "补贴"), 1)
    ]
    pages = [[replace(place, y=place.y - 60) for place in page] for page in pages]
    text = read(printed.as_pdf(pages))
    assert [line for line in text.split("\n") if line.startswith("附件")] == ["附件1", "附件2", "附件3"]


def test_watermarks_and_what_is_printed_twice_to_look_bold() -> None:
    def page(canvas: Canvas) -> None:
        for shift in (0, 0.4):
            canvas.drawString(LEFT + shift, 700, "一、主要目标")
        canvas.drawString(LEFT, 660, "人人享有，天天向上。")
        canvas.saveState()
        canvas.rotate(45)
        canvas.setFont(printed.FONT, 60)
        canvas.drawString(300, 200, "内部资料")
        canvas.restoreState()

    assert read(drawn(page)) == "一、主要目标\n人人享有，天天向上。"


# --- paragraphs


def test_a_paragraph_goes_on_over_the_page_break_inside_a_word() -> None:
    written = ["关于贴息的规定", *[LONG.replace("；", "。")] * 9, LONG * 4]
    pages = printed.pages_of(written)
    assert pages[1][0].text[0] not in "，。" and not pages[0][-1].text.endswith("。")
    assert [compact(line) for line in read(printed.as_pdf(pages)).split("\n")] == written


def test_double_spacing_and_first_lines_that_end_early_are_no_titles() -> None:
    ending = "企业按照本规定申请的，由区财政局审核之后拨付，每年一次"  # full to the margin, without a mark
    opening = "各部门应当加强协作，形成合力，推动政策落地" + "Implementation"  # ends as early as it stands in

    def page(canvas: Canvas) -> None:
        y = 780.0
        for text in (LONG[:-1] + "。", ending + "。", opening + "等方面。", LONG[:-1] + "。"):
            for x, _, line, stretch in printed.set_lines([text]):
                printed.draw(canvas, [Place(x, A4[1] - y, BODY, line, stretch)])
                y -= 44

    lines = [compact(line) for line in read(drawn(page)).split("\n")]
    assert lines == [LONG[:-1] + "。", ending + "。", opening + "等方面。", LONG[:-1] + "。"]


def test_blocks_without_indents_and_hanging_items() -> None:
    def page(canvas: Canvas) -> None:
        y = 760.0
        for text, hang in (
            (LONG[:-1] + "。", 0),
            ("申报材料：", 0),
            ("1. " + LONG, 20),
            ("2. " + LONG, 20),
            (SHORT, 0),
        ):
            for number, line in enumerate(printed.wrapped(text, BODY, RIGHT - LEFT - hang, -hang)):
                canvas.drawString(LEFT + (hang if number else 0), y, line)
                y -= 22
            y -= 10

    lines = [compact(line) for line in read(drawn(page)).split("\n")]
    assert lines == [LONG[:-1] + "。", "申报材料：", "1." + LONG, "2." + LONG, SHORT]


def test_spaces_stay_between_words_and_go_between_digits_and_chinese() -> None:
    def page(canvas: Canvas) -> None:
        x = LEFT
        for piece in ("到", "2026", "年引进", "AI", "企业", "100", "家以上，见", "Green Finance"):
            canvas.drawString(x, 700, piece)
            x += printed.width(piece, BODY) + 0.25 * BODY  # as word processors set Latin apart

    assert read(drawn(page)) == "到2026年引进AI企业100家以上，见Green Finance"


def test_columns_are_read_one_after_the_other() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(240, 780, "政府公报摘登")
        for left, texts in ((60, ("甲" + LONG, "乙" + LONG)), (310, ("丙" + LONG, SHORT))):
            y = 740.0
            for x, _, line, _ in printed.set_lines(texts, left, left + 14 * BODY):
                canvas.drawString(x, y, line)
                y -= 24

    assert [compact(line) for line in read(drawn(page)).split("\n")] == [
        "政府公报摘登",
        "甲" + LONG,
        "乙" + LONG,
        "丙" + LONG,
        SHORT,
    ]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_pages_lie_on_any_side(rotate: int) -> None:
    written = ["关于贴息的规定", "一、" + LONG, SHORT]
    document = pypdfium2.PdfDocument(printed.as_pdf(printed.pages_of(written)))
    document[0].set_rotation(rotate)
    file = BytesIO()
    document.save(file)
    document.close()
    assert compact(read(file.getvalue())) == compact("".join(written))


def test_text_that_runs_sideways_is_turned() -> None:
    def page(canvas: Canvas) -> None:
        canvas.rotate(90)
        ruled(
            canvas,
            [100, 300, 500],
            [1100, 1130, 1160],
            {(0, 0, 1, 1): "事项", (1, 0, 1, 1): "标准", (0, 1, 1, 1): "新建", (1, 1, 1, 1): "5000元"},
        )

    extract = reader_pdf.read(drawn(page), "试.pdf")
    assert (extract.text, extract.tables) == ("事项：新建，标准：5000元。", 1)


# --- tables

XS, YS = [80, 180, 380, 520], [300, 330, 390, 450]
HEAD = {(0, 0, 1, 1): "类别", (1, 0, 1, 1): "支持内容", (2, 0, 1, 1): "最高金额（万元）"}


def test_a_table_becomes_rows_that_carry_their_heads_among_the_text() -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(LEFT, 700, "二、支持标准")
        ruled(canvas, XS, YS, {**HEAD, (0, 1, 1, 2): "贷款贴息", (1, 1, 1, 1): "按实际支付利息的百分之五十给予贴息，分两年拨付",
                               (2, 1, 1, 1): "200", (1, 2, 1, 1): "担保费补贴", (2, 2, 1, 1): "50"})  # fmt: skip
        canvas.setFont(printed.FONT, BODY)
        canvas.drawString(LEFT, A4[1] - 500, SHORT)

    extract = reader_pdf.read(drawn(page), "试.pdf")
    assert extract.text.split("\n") == [
        "二、支持标准",
        "类别：贷款贴息，支持内容：按实际支付利息的百分之五十给予贴息，分两年拨付，最高金额（万元）：200。",
        "类别：贷款贴息，支持内容：担保费补贴，最高金额（万元）：50。",
        SHORT,
    ]
    assert extract.tables == 1


def test_a_table_goes_on_over_pages_with_a_repeated_head_a_cut_row_and_a_merged_cell() -> None:
    def first(canvas: Canvas) -> None:
        ruled(canvas, XS, [600, 630, 690, 740], {**HEAD, (0, 1, 1, 1): "贷款贴息", (1, 1, 1, 1): "给予贴息", (2, 1, 1, 1): "200",
                                                 (0, 2, 1, 1): "场地补贴", (1, 2, 1, 1): "租用办公用房的，按照租金的百分之三十", (2, 2, 1, 1): "30"})  # fmt: skip

    def second(canvas: Canvas) -> None:
        ruled(canvas, XS, [90, 120, 180, 240], {**HEAD, (0, 1, 1, 1): "", (1, 1, 1, 1): "给予补贴。", (2, 1, 1, 1): "",
                                                (0, 2, 1, 1): "人才奖励", (1, 2, 1, 1): "给予奖励", (2, 2, 1, 1): "10"})  # fmt: skip
        canvas.setFont(printed.FONT, BODY)
        canvas.drawString(LEFT, A4[1] - 300, SHORT)

    extract = reader_pdf.read(drawn(first, second), "试.pdf")
    assert extract.text.split("\n") == [
        "类别：贷款贴息，支持内容：给予贴息，最高金额（万元）：200。",
        "类别：场地补贴，支持内容：租用办公用房的，按照租金的百分之三十给予补贴，最高金额（万元）：30。",
        "类别：人才奖励，支持内容：给予奖励，最高金额（万元）：10。",
        SHORT,
    ]
    assert extract.tables == 1


def test_a_frame_around_text_and_lines_under_it_are_no_table() -> None:
    written = ["关于贴息的规定", LONG, LONG]
    places = printed.pages_of(written)[0]

    def page(canvas: Canvas) -> None:
        printed.draw(canvas, places)
        canvas.rect(60, 100, 480, 700)
        for y in (300, 310, 320, 330):
            canvas.line(80, y, 500, y)

    extract = reader_pdf.read(drawn(page), "试.pdf")
    assert ([compact(line) for line in extract.text.split("\n")], extract.tables) == (written, 0)


# --- what cannot be read


def blank(pages: int, width: float = 595, height: float = 842) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    file = BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()


NO_PAGES = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj
trailer <</Root 1 0 R/Size 3>>
%%EOF"""


@pytest.mark.parametrize(
    ("pdf", "said"),
    [
        (
            drawn(lambda canvas: canvas.drawString(80, 700, "密"), encrypt="secret"),
            "设了打开密码，不能直接读。请去掉密码",
        ),
        (printed.as_pdf(printed.pages_of([LONG]))[:400], "已损坏或不完整"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "已损坏或不完整"),
        (NO_PAGES, "一页也没有|已损坏或不完整"),
        (blank(1001), "有 1001 页，超过 1000 页的上限"),
        (blank(1), "里没有认出文字"),
        (blank(1, 14400, 14400), "里没有认出文字"),
    ],
    ids=["encrypted", "cut off", "noise", "no pages", "too many pages", "blank", "enormous page"],
)
def test_says_why_a_pdf_cannot_be_read(pdf: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "坏.pdf"
    file.write_bytes(pdf)
    with pytest.raises(PolicyFileError, match=said) as caught:
        read_file(file)
    assert "坏.pdf" in str(caught.value)


@pytest.mark.parametrize(
    ("whole", "broken"),
    [(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 0 0 595 /b ]"), (b"380 452 140 60 re", b"380 1e9 1e9 0 re"), (b"/Count 1", b"/Count 9")],
    ids=["size of the page", "place of a line", "number of pages"],
)  # fmt: skip
def test_what_only_one_of_the_two_libraries_can_read_raises_nothing_else(whole: bytes, broken: bytes) -> None:
    def page(canvas: Canvas) -> None:
        ruled(canvas, XS, YS, {**HEAD, (0, 1, 3, 2): LONG})
        canvas.rect(380, 452, 140, 60)

    pdf = drawn(page, pageCompression=0)
    assert whole in pdf
    try:
        text = read(pdf.replace(whole, broken))
    except PolicyFileError as error:
        assert "损坏" in str(error)
    else:
        assert compact(LONG[:-1]) in compact(text)


def test_a_pdf_that_may_be_opened_but_not_changed_is_read() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = drawn(
        lambda canvas: canvas.drawString(80, 700, SHORT), encrypt=StandardEncryption("", "owner", canModify=0)
    )
    assert read(locked) == SHORT
