"""Word documents: the same clauses as from text, numbers as Word prints them, nothing that Word does not print."""

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from index.clauses import split_clauses
from index.policy import parse_policy
from index.reader import Reader, policy_files, read_text
from index.reader_docx import read
from index.reader_kinds import Kind
from tests.formats import as_docx, paragraphs_of, saved
from tests.libraries import POLICIES

# (format, what is printed around the number)
OUTLINE = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


def plain(text: str) -> str:
    return "".join(text.split()).replace("*", "")


def tree(text: str) -> list[tuple[str, str]]:
    return [(clause.id, plain(clause.text)) for clause in split_clauses(parse_policy(text, "a.docx", ""))]


@pytest.mark.parametrize("path", policy_files(POLICIES), ids=lambda path: path.stem)
def test_a_policy_has_the_clauses_that_its_text_has(path: Path) -> None:
    with Reader() as reader:
        extract = reader.read(as_docx(paragraphs_of(path)), "政策.docx")
    assert extract.kind == Kind.DOCX
    assert plain(extract.text) == plain(read_text(path))
    assert tree(extract.text) == tree(read_text(path))


# --- numbers


def numbered(levels, lists: str = "") -> "docx.document.Document":
    """Return an empty document with the list 1 of these levels, and more lists."""
    document = docx.Document()
    root = document.part.numbering_part.element
    for child in list(root):
        root.remove(child)
    shown = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    root.append(parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="7">{shown}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="1"><w:abstractNumId w:val="7"/></w:num>'))
    for element in parse_xml(f"<w:lists {nsdecls('w')}>{lists}</w:lists>"):
        root.append(element)
    return document


def add(document, text: str, depth: int | None = None, number: int = 1):
    paragraph = document.add_paragraph(text)
    if depth is not None:
        properties = paragraph._p.get_or_add_pPr()
        properties.append(parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
        ))  # fmt: skip
    return paragraph


def lines(document) -> list[str]:
    return read(saved(document), "a.docx").text.split("\n")


def test_numbers_that_word_counts_are_printed_and_make_the_clauses() -> None:
    document = numbered(OUTLINE)
    for text in ("江州市促进上云办法", "江府办〔2030〕7号"):
        add(document, text)
    for text, depth in (("支持内容", 0), ("支持对象", 1), ("注册在本市的企业。", 2), ("信用良好的企业。", 2),
                        ("支持标准", 1), ("最高20万元。", 2), ("首次上云的再加5万元。", 3), ("附则", 0), ("本办法自公布之日起施行。", 1)):  # fmt: skip
        add(document, text, depth)
    text = "\n".join(lines(document))
    assert text.split("\n")[2:] == [
        "一、支持内容", "（一）支持对象", "1. 注册在本市的企业。", "2. 信用良好的企业。", "（二）支持标准", "1. 最高20万元。",
        "（1）首次上云的再加5万元。", "二、附则", "（一）本办法自公布之日起施行。",
    ]  # fmt: skip
    assert [identity.partition("号/")[2] for identity, _ in tree(text)] == [
        "题", "一", "一/（一）", "一/（一）/1", "一/（一）/2", "一/（二）", "一/（二）/1", "一/（二）/1/（1）", "二", "二/（一）",
    ]  # fmt: skip


def test_articles_count_on_through_the_chapters() -> None:
    document = numbered([("chineseCountingThousand", "第%1章"), ("chineseCountingThousand", "第%2条")])
    level = document.part.numbering_part.element.find(".//w:lvl[@w:ilvl='1']", document.element.nsmap)
    level.insert(2, parse_xml(f'<w:lvlRestart {nsdecls("w")} w:val="0"/>'))
    for text, depth in (("总则", 0), ("为了发展。", 1), ("适用于企业。", 1), ("附则", 0), ("自公布之日起施行。", 1)):
        add(document, text, depth)
    assert lines(document) == [
        "第一章 总则",
        "第一条 为了发展。",
        "第二条 适用于企业。",
        "第二章 附则",
        "第三条 自公布之日起施行。",
    ]


def test_a_list_of_its_own_begins_anew_and_a_second_use_goes_on() -> None:
    anew = '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    same = '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    document = numbered([("decimal", "%1、")], anew + same)
    for text, number in (("甲", 1), ("乙", 1), ("丙", 2), ("丁", 2), ("戊", 3)):
        add(document, text, 0, number)
    assert lines(document) == ["1、甲", "2、乙", "1、丙", "2、丁", "3、戊"]


def test_styles_carry_numbers_and_a_paragraph_can_do_without() -> None:
    document = numbered(OUTLINE)
    for depth, name in enumerate(("Heading 1", "Heading 2")):
        style = document.styles[name].element
        style.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="1"/></w:numPr>'))
        level = document.part.numbering_part.element.find(f".//w:lvl[@w:ilvl='{depth}']", document.element.nsmap)
        level.insert(2, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style.styleId}"/>'))
    document.add_paragraph("总体要求", style="Heading 1")
    document.add_paragraph("主要目标", style="Heading 2")
    bare = document.add_paragraph("不编号的标题", style="Heading 2")
    bare._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="0"/></w:numPr>'))
    document.add_paragraph("保障措施", style="Heading 1")
    assert lines(document) == ["一、总体要求", "（一）主要目标", "不编号的标题", "二、保障措施"]


@pytest.mark.parametrize(
    ("form", "tenth", "eleventh"),
    [
        ("japaneseCounting", "十", "十一"),
        ("ideographDigital", "一〇", "一一"),
        ("chineseLegalSimplified", "拾", "拾壹"),
        ("ideographTraditional", "癸", "甲"),
        ("decimalEnclosedCircle", "⑩", "⑪"),
        ("decimalZero", "10", "11"),
        ("lowerRoman", "x", "xi"),
        ("upperLetter", "J", "K"),
        ("neverHeardOf", "10", "11"),
        ("bullet", "", ""),
    ],
)
def test_every_way_of_writing_numbers(form: str, tenth: str, eleventh: str) -> None:
    document = numbered([(form, "%1、" if tenth else "")])
    for _ in range(11):
        add(document, "项", 0)
    assert lines(document)[9:] == [f"{tenth}、项" if tenth else "项", f"{eleventh}、项" if tenth else "项"]


# --- tables


def test_tables_stand_in_their_place_with_headers_in_every_row() -> None:
    document = docx.Document()
    document.add_paragraph("一、支持标准")
    table = document.add_table(4, 3)
    rows = [
        ("类别", "标准", "上限"),
        ("民宿", "每间5000元", "20万元"),
        ("", "每间2000元", ""),
        ("说明：以上由县财政承担", "", ""),
    ]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 2))
    document.add_paragraph("二、资金拨付")
    extract = read(saved(document), "a.docx")
    assert extract.tables == 1
    assert extract.text.split("\n") == [
        "一、支持标准",
        "类别：民宿，标准：每间5000元，上限：20万元。",
        "类别：民宿，标准：每间2000元。",
        "说明：以上由县财政承担",
        "二、资金拨付",
    ]


def test_a_frame_around_the_text_is_no_table_of_facts() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "第一条 给予奖励。"
    cell.add_paragraph("第二条 自公布之日起施行。")
    extract = read(saved(document), "a.docx")
    assert (extract.text.split("\n"), extract.tables) == (["第一条 给予奖励。", "第二条 自公布之日起施行。"], 0)


# --- what is not printed


def with_body(xml: str) -> list[str]:
    """Return the lines of a document whose body holds the XML before an empty paragraph."""
    document = docx.Document()
    spaces = nsdecls("w", "r", "m") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    for element in reversed(parse_xml(f"<w:all {spaces}>{xml}</w:all>")):
        document.element.body.insert(0, element)
    return lines(document)


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (("<w:p><w:r><w:t>给予</w:t></w:r><w:del><w:r><w:delText>10</w:delText></w:r></w:del>"
         "<w:ins><w:r><w:t>20</w:t></w:r></w:ins><w:r><w:t>万元。</w:t></w:r></w:p>"), ["给予20万元。"]),
        ("<w:p><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>", ["新处"]),
        ("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半句，</w:t></w:r></w:p><w:p><w:r><w:t>后半句。</w:t></w:r></w:p>",
         ["前半句，后半句。"]),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>明</w:t></w:r></w:p>", ["明"]),
        (("<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id='2'/><w:pict><w:txbxContent><w:p><w:r><w:t>文本框</w:t></w:r></w:p>"
         "</w:txbxContent></w:pict></w:r></w:p>"), ["正文"]),
        ("<w:p><w:r><w:t>第一行</w:t><w:br/><w:t>一、</w:t><w:tab/><w:t>列</w:t><w:tab/><w:t>同一行</w:t></w:r></w:p>", ["第一行", "一、 列\t同一行"]),
        ("<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r></w:p>", ["3"]),
        ("<w:p><w:hyperlink><w:r><w:t>链接的字</w:t></w:r></w:hyperlink></w:p>", ["链接的字"]),
        ("<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>控件里的字</w:t></w:r></w:p></w:sdtContent></w:sdt>", ["控件里的字"]),
        (("<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr><w:sdtContent>"
         "<w:p><w:r><w:t>一、总则 1</w:t></w:r></w:p></w:sdtContent></w:sdt><w:p><w:r><w:t>一、总则</w:t></w:r></w:p>"), ["一、总则"]),
        ("<w:p><w:r><w:ruby><w:rt><w:r><w:t>pinyin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>注音</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
         ["注音"]),
        ("<w:p><m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>", ["a+b"]),
        (("<w:p><mc:AlternateContent><mc:Choice><w:r><w:t>新</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback>"
         "</mc:AlternateContent></w:p>"), ["新"]),
    ],
)  # fmt: skip
def test_what_is_printed_is_read_and_nothing_else(xml: str, expected: list[str]) -> None:
    assert with_body(xml) == expected


def test_text_whose_paragraph_mark_was_deleted_is_not_lost_at_the_end() -> None:
    deleted = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前半句，</w:t></w:r></w:p>"
    table = "<w:tbl><w:tr><w:tc>{0}</w:tc></w:tr></w:tbl>"
    assert with_body(deleted + table.format("<w:p><w:r><w:t>格</w:t></w:r></w:p>")) == ["前半句，", "格"]
    assert with_body(table.format(deleted)) == ["前半句，"]


def test_line_ends_of_the_xml_are_spaces() -> None:
    assert with_body("<w:p><w:r><w:t>一\n二\t三</w:t></w:r></w:p>") == ["一 二 三"]


def test_headers_and_footers_are_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    assert lines(document) == ["正文。"]
