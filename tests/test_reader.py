"""Reading policy files in every encoding they come in."""

from pathlib import Path

import pytest

from index import codec
from index.errors import PolicyFileError, SettingError
from index.policy import parse_policy
from index.reader import cleaned, policy_files, read_file, read_text
from index.reader_kinds import LIMITS, Kind
from index.types import Extract, Span

SIMPLIFIED = "第一条　为支持企业发展，制定本办法。\n第二条　给予一次性奖励10万元。\n"
TRADITIONAL = "第一條　為協助企業發展，訂定本辦法。\n第二條　申請人應當檢具下列文件，向市政府提出。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_reads_simplified_chinese_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "办法.txt"
    file.write_bytes(SIMPLIFIED.encode(encoding))
    assert read_text(file) == SIMPLIFIED


def test_tells_big5_from_gb18030(tmp_path: Path) -> None:
    file = tmp_path / "辦法.txt"
    file.write_bytes(TRADITIONAL.encode("big5"))
    assert read_text(file) == TRADITIONAL


def test_every_line_and_page_break_becomes_a_newline(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("一\r\n二\r三\f四\u2028五\u200b六\n".encode())
    assert read_text(file) == "一\n二\n三\n四\n五六\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空的"),
        (" \n\u3000\n".encode(), "是空的"),
        (b"a\x00b", "空字节"),
        (b"PDF-1.4 " + bytes(range(1, 9)) * 20, "控制字符"),
        (b"%PDF-1.4 \n", "已损坏或不完整"),
        (b"Rar!\x1a\x07\x00", "是压缩包，不能直接读"),
        (b"PK\x03\x04" + b"a.txt", "是压缩包，不能直接读"),
        (b"PK\x03\x04" + b"xl/workbook.xml", "是Excel 表格，不能直接读"),
        (b"\xff\xfe\x00\xd8", "utf-16"),
        (b"\xff\xff\xff\xff", "编码认不出来"),
    ],
)
def test_says_why_a_file_cannot_be_read(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "坏.txt"
    file.write_bytes(content)
    with pytest.raises(PolicyFileError, match=said) as caught:
        read_text(file)
    assert "坏.txt" in str(caught.value)


def test_refuses_a_file_beyond_the_limit_without_reading_it(tmp_path: Path) -> None:
    file = tmp_path / "大.txt"
    with file.open("wb") as handle:
        handle.truncate(LIMITS[Kind.TEXT].size + 1)
    with pytest.raises(PolicyFileError, match="超过一份文本 5 MiB 的上限"):
        read_text(file)


def test_says_that_a_file_is_missing_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="找不到文件"):
        read_text(tmp_path / "没有.txt")
    with pytest.raises(PolicyFileError, match="读不出来"):
        read_text(tmp_path)


def test_lists_policy_files_sorted_through_all_folders(tmp_path: Path) -> None:
    for name in ("b.txt", "a.MD", "sub/c.txt", ".hidden.txt", ".git/d.txt", "register.json", "e.pdf", "f.exe"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [str(path.relative_to(tmp_path)) for path in policy_files(tmp_path)] == ["a.MD", "b.txt", "e.pdf", "sub/c.txt"]


def test_a_missing_or_empty_folder_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="没有政策目录"):
        policy_files(tmp_path / "没有")
    with pytest.raises(SettingError, match="没有政策文件"):
        policy_files(tmp_path)


def test_text_under_another_suffix_is_read_as_text(tmp_path: Path) -> None:
    file = tmp_path / "其实是文本.pdf"
    file.write_text(SIMPLIFIED, encoding="utf-8")
    assert read_file(file) == Extract(SIMPLIFIED, kind=Kind.TEXT)


def test_other_content_under_a_suffix_is_named(tmp_path: Path) -> None:
    file = tmp_path / "坏.docx"
    file.write_bytes(b"\x00\x01\x02")
    with pytest.raises(PolicyFileError, match="坏.docx 的内容不是 Word（.docx），可能已损坏"):
        read_file(file)


def test_doubts_move_along_with_what_is_cleaned_away() -> None:
    raw = Extract("甲\r\n乙\u200b丙丁\ufeff戊", (Span(3, 6), Span(7, 9)))
    assert cleaned(raw) == Extract("甲\n乙丙丁戊", (Span(2, 4), Span(5, 6)))


def test_doubts_are_kept_in_the_index(tmp_path: Path) -> None:
    read = parse_policy(SIMPLIFIED, "扫描.txt", "", (Span(3, 5), Span(20, 21)))
    codec.write_lines(tmp_path / "policies.jsonl", [read])
    assert codec.read_lines(tmp_path / "policies.jsonl", codec.policy) == (read,)
    assert read.doubts == (Span(3, 5), Span(20, 21))
