"""Older Word and WPS files, where LibreOffice is installed; a clear message where it is not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import PolicyFileError
from index.reader import Reader, policy_files, read_text
from index.reader_kinds import Kind
from tests.formats import as_docx, paragraphs_of
from tests.libraries import POLICIES
from tests.test_reader_docx import plain, tree

RTF = rb"{\rtf1\ansi\ansicpg936 {\b \u31532 ?\u19968 ?\u26465 ?} \u22870 ?10\u19975 ?\u20803 ?\par}"  # 第一条 奖10万元
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="没有 LibreOffice")


@pytest.fixture(autouse=True)
def say_what_is_not_tested(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("skipif") and shutil.which("soffice") is None:
        print("\n*** 没有 LibreOffice，旧版 Word 和 WPS 没有测试。请安装 libreoffice-writer-nogui。***", file=sys.__stderr__)


@needs_office
@pytest.mark.parametrize("suffix", ["doc", "wps"])
def test_a_policy_has_the_clauses_that_its_text_has(tmp_path: Path, suffix: str) -> None:
    path = policy_files(POLICIES)[3]
    (tmp_path / "政策.docx").write_bytes(as_docx(paragraphs_of(path)))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "doc"]
    subprocess.run([*command, "--outdir", tmp_path, tmp_path / "政策.docx"], check=True, capture_output=True)
    file = (tmp_path / "政策.doc").rename(tmp_path / f"旧政策.{suffix}")
    with Reader() as reader:
        extract = reader.read_file(file)
    assert extract.kind == Kind.OFFICE
    assert plain(extract.text) == plain(read_text(path))
    assert tree(extract.text) == tree(read_text(path))


@needs_office
def test_one_after_the_other_and_a_damaged_one_between() -> None:
    with Reader() as reader:
        assert reader.read(RTF, "a.doc").text == "第一条 奖10万元"
        with pytest.raises(PolicyFileError, match="用 LibreOffice 打不开|读出来的是乱码|没有文字"):
            reader.read(b"{\\rtf1" + bytes(range(256)) * 20, "坏.doc")
        assert reader.read(RTF, "a.rtf").text == "第一条 奖10万元"


def test_without_libreoffice_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("index.reader_office._MAC", str(tmp_path / "none"))
    with Reader() as reader, pytest.raises(PolicyFileError, match="本机没有安装。请用 Word 或 WPS 另存为 .docx"):
        reader.read(OLE + "WordDocument".encode("utf-16-le"), "旧.wps")
