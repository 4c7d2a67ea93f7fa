"""Files that would harm: a clear message each, in bounded time and memory, and nothing written anywhere."""

import io
import socket
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import PolicyFileError
from index.reader import Reader
from index.reader_kinds import LIMITS, SUFFIXES, Kind
from tests.formats import as_docx, as_html, as_ofd, zipped

TEXTS = ["江州市企业上云补贴办法", "第一条 对上云企业给予补贴，最高20万元。", "第二条 本办法自2030年1月1日起施行。"]
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SECRET = "PRIVATE-KEY-OF-THIS-MACHINE"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as opened:
        yield opened


def said(reader: Reader, data: bytes, name: str) -> str:
    with pytest.raises(PolicyFileError) as caught:
        reader.read(data, name)
    assert str(caught.value).startswith(name)
    assert str(caught.value).endswith("。")
    return str(caught.value)


def word(document: str, **parts: bytes) -> bytes:
    """Return a Word document whose main part is `document`."""
    return zipped({"word/document.xml": document.encode(), **parts})


def altered(archive: bytes, field: int, value: int) -> bytes:
    """Return an archive whose directory states another size of its first part."""
    at = archive.index(b"PK\x01\x02") + field
    return archive[:at] + struct.pack("<I", value) + archive[at + 4 :]


# --- bombs

BLANKS = f"<w:document {WORD}><w:body><w:p><w:r><w:t>{' ' * 2**25}</w:t></w:r></w:p></w:body></w:document>"


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(word(BLANKS), id="ratio"),
        pytest.param(altered(word("<a/>"), 24, 2**31), id="stated size"),
        pytest.param(altered(word(BLANKS), 24, 1000), id="understated size"),
        pytest.param(zipped({"word/document.xml": b"<a/>", **{f"{n}": b"" for n in range(20_001)}}), id="parts"),
    ],
)
def test_archives_that_unpack_to_more_than_a_policy(reader: Reader, bomb: bytes) -> None:
    assert len(bomb) < 3 * 2**20
    assert "不像一份政策" in said(reader, bomb, "弹.docx") or "已损坏" in said(reader, bomb, "弹.docx")


@pytest.mark.parametrize("entity", ['<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">', "<!ENTITY b SYSTEM 'file://{path}'>",
                                    "<!ENTITY % p SYSTEM '{address}'> %p;", "<!ENTITY b SYSTEM '{address}'>"])  # fmt: skip
@pytest.mark.parametrize("kind", ["docx", "ofd"])
def test_entities_are_not_expanded_and_nothing_is_fetched(reader: Reader, tmp_path: Path, entity: str, kind: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd"
        declared = f"<!DOCTYPE x [{entity.format(path=secret, address=address)}]>"
        document = f"{declared}<w:document {WORD}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
        data = word(document) if kind == "docx" else zipped({"OFD.xml": document.encode()})
        message = said(reader, data, f"外.{kind}")
        with pytest.raises(TimeoutError):
            server.accept()
    assert "DOCTYPE" in message or "已损坏" in message
    assert SECRET not in message


def test_a_linked_template_or_picture_is_not_fetched(reader: Reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        target = f"http://127.0.0.1:{server.getsockname()[1]}/a"
        relations = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Id="1" Type="x/styles" TargetMode="External" Target="{target}"/>
        <Relationship Id="2" Type="x/numbering" Target="{target}"/></Relationships>"""
        document = f"<w:document {WORD}><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>"
        data = zipped({"word/document.xml": document.encode(), "word/_rels/document.xml.rels": relations.encode()})
        assert reader.read(data, "链.docx").text == "正文"
        page = f'<html><body><img src="{target}"><link rel=stylesheet href="{target}"><p>正文</p></body></html>'
        assert reader.read(page.encode(), "链.html").text == "正文"
        with pytest.raises(TimeoutError):
            server.accept()


# --- paths and names


@pytest.mark.parametrize("name", ["../../evil.txt", "/tmp/evil.txt", "..\\evil.txt", "word/../../evil.txt"])
def test_parts_with_tricky_names_are_not_written_anywhere(tmp_path: Path, name: str) -> None:
    data = io.BytesIO(as_docx(TEXTS))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(name, "x")
    file = tmp_path / "library" / "路.docx"
    file.parent.mkdir()
    file.write_bytes(data.getvalue())
    before = {path for path in Path("/tmp").iterdir() if not path.name.startswith("policy-reader-")}
    with Reader() as opened:
        assert opened.read_file(file).text == "\n".join(TEXTS)
    assert list(tmp_path.rglob("*")) == [file.parent, file]
    assert "evil.txt" not in {path.name for path in set(Path("/tmp").iterdir()) - before}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.docx", "a\nb.docx", "$(touch x).docx", "%s%n.docx", "x" * 200 + ".docx"])
def test_names_are_only_text(reader: Reader, name: str) -> None:
    assert reader.read(as_docx(TEXTS), name).text == "\n".join(TEXTS)
    assert said(reader, b"PK\x03\x04word/document.xml", name)


# --- damaged, encrypted, empty, large


@pytest.mark.parametrize(("suffix", "data"), [("docx", as_docx(TEXTS)), ("ofd", as_ofd(TEXTS))])
def test_a_document_cut_off_anywhere_is_refused(reader: Reader, suffix: str, data: bytes) -> None:
    for length in range(4, len(data) - 1, len(data) // 12):
        assert "损坏" in said(reader, data[:length], f"截.{suffix}") or "压缩包" in said(reader, data[:length], f"截.{suffix}")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_file_is_empty_whatever_its_name(reader: Reader, suffix: str) -> None:
    assert "是空的" in said(reader, b"", f"空{suffix}")
    assert "是空的" in said(reader, b" \n", f"空{suffix}")


def test_documents_without_text_say_so(reader: Reader) -> None:
    for data, name in ((as_docx([]), "无字.docx"), (b"<html><body><img src=a.png></body></html>", "无字.html")):
        assert "里没有文字" in said(reader, data, name)


def test_encrypted_documents_say_so(reader: Reader) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    assert "加密的文档" in said(reader, ole, "密.docx")
    data = as_docx(TEXTS)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + flags
        data = data[:at] + bytes([data[at] | 1]) + data[at + 1 :]
    assert "加密的文档" in said(reader, data, "密.docx")


@pytest.mark.parametrize("suffix", [".txt", ".docx", ".html", ".ofd", ".doc", ".pdf", ".png"])
def test_500_mib_are_refused_without_being_read(reader: Reader, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"大{suffix}"
    with file.open("wb") as handle:
        handle.truncate(500 * 2**20)
    started = time.process_time()
    with pytest.raises(PolicyFileError, match=rf"大{suffix} 有 500.0 MiB，超过一份.* MiB 的上限"):
        reader.read_file(file)
    assert time.process_time() - started < 1


def test_other_suffixes_are_no_way_round_the_limits(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "网页.pdf"
    file.write_bytes(b"<html>" + b" " * LIMITS[Kind.HTML].size)
    with pytest.raises(PolicyFileError, match="超过一份网页 20 MiB 的上限"):
        reader.read_file(file)
    assert "超过一份文本 5 MiB 的上限" in said(reader, b"x" * (LIMITS[Kind.TEXT].size + 1), "文本.docx")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (as_docx(TEXTS), "其实是文档.txt", Kind.DOCX),
        (as_docx(TEXTS), "其实是文档.pdf", Kind.DOCX),
        (as_ofd(TEXTS), "其实是.docx", Kind.OFD),
        (as_html(TEXTS), "网页另存的.doc", Kind.HTML),
        ("\n".join(TEXTS).encode("gb18030"), "其实是文本.docx", Kind.TEXT),
    ],
)
def test_a_wrong_suffix_does_not_matter(reader: Reader, data: bytes, name: str, kind: Kind) -> None:
    extract = reader.read(data, name)
    assert (extract.kind, "最高20万元" in extract.text) == (kind, True)


# --- nesting and tables


def test_nesting_without_end_is_refused(reader: Reader) -> None:
    cells = 400
    nested = "<w:tbl><w:tr><w:tc>" * cells + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * cells
    assert "已损坏" in said(reader, word(f"<w:document {WORD}><w:body>{nested}</w:body></w:document>"), "深.docx")
    assert "嵌套得太深" in said(reader, b"<html><body>" + b"<div>" * 8000 + "字".encode(), "深.html")


def test_a_table_of_half_a_million_cells_is_refused(reader: Reader) -> None:
    row = "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='999999'/></w:tcPr><w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc></w:tr>"
    document = f"<w:document {WORD}><w:body><w:tbl>{row * 8000}</w:tbl></w:body></w:document>"
    assert "里有一个表格有 504000 格，太大" in said(reader, word(document), "大表.docx")
    rows = "<tr><td colspan=999999 rowspan=999999>格</td></tr>" * 2600
    assert "格，太大" in said(reader, f"<html><body><table>{rows}</table></body></html>".encode(), "大表.html")


def test_a_table_of_ten_thousand_rows_is_read(reader: Reader) -> None:
    rows = "".join(f"<tr><td>企业{n}</td><td>{n}万元</td></tr>" for n in range(10_000))
    extract = reader.read(f"<html><body><table><tr><th>名称</th><th>金额</th></tr>{rows}</table></body></html>".encode(), "长.html")
    assert extract.text.count("\n") == 9_999
    assert extract.text.endswith("名称：企业9999，金额：9999万元。")


def test_styles_and_lists_that_go_round_in_rings_end(reader: Reader) -> None:
    styles = f"""<w:styles {WORD}><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="a"/><w:basedOn w:val="b"/></w:style>
    <w:style w:styleId="b"><w:name w:val="b"/><w:basedOn w:val="a"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>"""
    lists = f"""<w:numbering {WORD}><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="b"/></w:abstractNum>
    <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""
    relations = """<Relationships><Relationship Type="x/styles" Target="styles.xml"/>
    <Relationship Type="x/numbering" Target="numbering.xml"/></Relationships>"""
    parts = {"word/styles.xml": styles, "word/numbering.xml": lists, "word/_rels/document.xml.rels": relations}
    document = f"<w:document {WORD}><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>"
    data = word(document, **{name: text.encode() for name, text in parts.items()})
    assert reader.read(data, "环.docx").text == "正文"


def test_lines_without_end_are_refused(reader: Reader) -> None:
    assert "有 100001 行，超过一份政策 100000 行的上限" in said(reader, ("附件\n" * 100_001).encode(), "行.txt")
