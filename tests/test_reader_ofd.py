"""OFD documents: lines where they stand on the page, whatever their order in the file."""

from pathlib import Path

import pytest

from index.errors import PolicyFileError
from index.reader import Reader, policy_files, read_text
from index.reader_kinds import Kind
from index.reader_ofd import read
from tests.formats import as_ofd, paragraphs_of, zipped
from tests.libraries import POLICIES
from tests.test_reader_docx import plain, tree

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MAIN = f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>".encode()
DOCUMENT = f'<ofd:Document {SPACE}><ofd:Pages><ofd:Page BaseLoc="Content.xml"/></ofd:Pages></ofd:Document>'.encode()


def page(*objects: str, document: bytes = DOCUMENT) -> bytes:
    """Return a document of one page with the text objects."""
    content = f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"
    return zipped({"OFD.xml": MAIN, "Doc_0/Document.xml": document, "Doc_0/Content.xml": content.encode()})


def placed(x: float, y: float, text: str, more: str = "") -> str:
    code = f'<ofd:TextCode X="0" Y="4">{text}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="{x} {y} 100 5" Size="4" {more}>{code}</ofd:TextObject>'


@pytest.mark.parametrize("path", policy_files(POLICIES), ids=lambda path: path.stem)
def test_a_policy_has_the_clauses_that_its_text_has(path: Path) -> None:
    with Reader() as reader:
        extract = reader.read(as_ofd(paragraphs_of(path)), "政策.ofd")
    assert extract.kind == Kind.OFD
    assert plain(extract.text) == plain(read_text(path))
    assert tree(extract.text) == tree(read_text(path))


def test_pieces_of_a_line_are_joined_and_wide_gaps_part_cells() -> None:
    found = read(page(
        placed(60, 30.8, "万元。"), placed(20, 30, "给予最高"), placed(36, 30.5, "20"), placed(40, 30, "%"),
        placed(20, 40, "类别"), placed(80, 40, "标准"), placed(20, 50, "high"), placed(31, 50, "tech"),
        placed(100, 270, "7"),
    ), "a.ofd")  # fmt: skip
    assert found.text.split("\n") == ["给予最高20%   万元。", "类别   标准", "high tech"]


def test_text_that_is_moved_or_scaled_stands_where_it_is_printed() -> None:
    below = placed(20, 30, "第二行", 'CTM="1 0 0 1 0 20"')
    large = placed(20, 44, "第一行", 'CTM="2 0 0 2 0 -12"')
    assert read(page(below, large), "a.ofd").text.split("\n") == ["第一行", "第二行"]


def test_several_lines_of_one_object_and_places_that_are_not_repeated() -> None:
    codes = '<ofd:TextCode X="0" Y="4">甲</ofd:TextCode><ofd:TextCode Y="10">乙</ofd:TextCode><ofd:TextCode X="4">丙</ofd:TextCode>'
    found = read(page(f'<ofd:TextObject Boundary="20 30 100 5" Size="4">{codes}</ofd:TextObject>'), "a.ofd")
    assert found.text.split("\n") == ["甲", "乙丙"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (page(), "全是图片"),
        (zipped({"OFD.xml": MAIN}), "缺少 Doc_0/Document.xml"),
        (zipped({"OFD.xml": b"<x"}), "已损坏"),
        (zipped({"OFD.xml": MAIN, "Encryptions.xml": b""}), "加密"),
    ],
)
def test_says_why_a_document_cannot_be_read(content: bytes, said: str) -> None:
    with pytest.raises(PolicyFileError, match=said):
        read(content, "坏.ofd")


def test_numbers_that_are_none_and_pages_that_are_not_there_do_no_harm() -> None:
    odd = '<ofd:TextObject Boundary="a b" CTM="1 2" Size="0"><ofd:TextCode X="nan" Y="1e999">字</ofd:TextCode></ofd:TextObject>'
    assert read(page(odd), "a.ofd").text.strip() == "字"
    two = DOCUMENT.replace(b"<ofd:Page BaseLoc", b'<ofd:Page BaseLoc="../../../etc/passwd"/><ofd:Page BaseLoc')
    assert read(page(placed(1, 1, "字"), document=two), "a.ofd").text == "字"
