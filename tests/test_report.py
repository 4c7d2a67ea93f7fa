"""A folder of whatever people have: what is read, what is left out, and what is said of it."""

import io
from pathlib import Path

import pytest

from index import report as reports
from index.gathering import Progress
from index.report import ProgressLine
from tests.formats import as_docx, as_html, as_ofd
from tests.libraries import SMALL, inside
from tests.test_index_cli import NUMBER, numbers


def policy(number: int, what: str) -> list[str]:
    """Return the paragraphs of a policy of its own."""
    text = SMALL.replace("7号", f"{number}号").replace("企业上云", what)
    return [line for line in text.split("\n") if line]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    folder = tmp_path / "whatever"
    (folder / "网页_files").mkdir(parents=True)
    table = "<table><tr><th>类别</th><th>标准</th></tr><tr><td>民宿</td><td>每间5000元</td></tr></table>"
    page = as_html(policy(9, "民宿")).replace(b"</div></div>", table.encode() + b"</div></div>", 1)
    for name, content in {
        "上云.txt": SMALL.encode("gb18030"),
        "租房.docx": as_docx(policy(8, "人才租房")),
        "民宿.html": page,
        "网页_files/图.png": b"\x89PNG",
        "电商.ofd": as_ofd(policy(10, "电商")),
        "~$租房.docx": b"\x00owner",
        "坏\x1b[2J.docx": b"PK\x03\x04word/document.xml",
        "空.pdf": b"",
        "名单.xlsx": b"PK\x03\x04xl/workbook.xml",
        "说明.ini": b"x",
    }.items():
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_of_all_kinds_is_read_and_reported(mixed: Path, tmp_path: Path) -> None:
    result = inside("build", "--policies", mixed, "--out", tmp_path / "index")
    assert result.returncode == 3
    first, *others = result.stdout.splitlines()
    assert first.startswith("4 份政策，")
    assert others == [
        "新读的文件：文本 1 份、网页 1 份、OFD 1 份、Word（.docx）1 份",
        "含表格，每行已带上表头：民宿.html（1 个）",
        "没有看，不是能读的文件（请另存为 .docx 或 PDF）：名单.xlsx",
    ]
    failed = result.stderr.splitlines()
    assert len(failed) == 2
    assert failed[0].startswith("没有读入：坏?[2J.docx 已损坏或不完整")
    assert failed[1].startswith("没有读入：空.pdf 是空的")
    assert numbers(tmp_path / "index") == [f"江府办〔2030〕{n}号" for n in (10, 7, 8, 9)]

    again = inside("build", "--policies", mixed, "--out", tmp_path / "index")
    assert "没有变化" in again.stdout.splitlines()[0]
    assert len(again.stdout.splitlines()) == 2


def test_any_kind_is_added(mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.txt").write_text(SMALL, encoding="utf-8")
    inside("build", "--policies", tmp_path / "own", "--out", tmp_path / "index")
    result = inside("add", mixed / "租房.docx", mixed / "电商.ofd", "--out", tmp_path / "index")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(
        "加入：江府办〔2030〕8号 江州市人才租房补贴办法\n加入：江府办〔2030〕10号 江州市电商补贴办法\n3 份政策，"
    )
    assert "新读的文件：" in result.stdout
    assert sorted(numbers(tmp_path / "index")) == sorted(f"江府办〔2030〕{n}号" for n in (10, 7, 8))
    assert (mixed / "坏\x1b[2J.docx").is_file()
    refused = inside("add", mixed / "坏\x1b[2J.docx", "--out", tmp_path / "index")
    assert refused.returncode == 1
    assert "\x1b" not in refused.stderr


def test_a_name_as_long_as_a_name_can_be_is_added(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.txt").write_text(SMALL, encoding="utf-8")
    inside("build", "--policies", tmp_path / "own", "--out", tmp_path / "index")
    long = tmp_path / f"{'长' * 83}.docx"  # 254 bytes
    long.write_bytes(as_docx(policy(8, "人才租房")))
    assert inside("add", long, "--out", tmp_path / "index").returncode == 0
    assert NUMBER in numbers(tmp_path / "index")
    assert len(numbers(tmp_path / "index")) == 2


def test_a_policy_named_by_its_file_cannot_command_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "没有\x1b[2J标题.txt").write_text("甲。\n\n乙\x1b[31m丙，给予奖励的字要很长很长。\n" + "丁" * 5000, encoding="utf-8")
    inside("build", "--policies", tmp_path / "own", "--out", tmp_path / "index")
    listed = inside("list", "--out", tmp_path / "index").stdout
    assert listed.startswith("没有?[2J标题\t没有?[2J标题\t")
    assert "乙?[31m丙" in inside("show", "没有\x1b[2J标题", "--out", tmp_path / "index").stdout


def test_many_names_are_counted() -> None:
    names = [f"{n}.docx" for n in range(30)]
    assert reports._listed(names) == "、".join(names[:20]) + " 等 30 份"


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_in_a_terminal_and_rare_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, log = Terminal(), io.StringIO()
    monkeypatch.setenv("COLUMNS", "40")
    clock = iter(range(0, 100, 4))
    monkeypatch.setattr(reports.time, "monotonic", lambda: next(clock))
    for stream in (terminal, log):
        with ProgressLine(stream) as progress:
            for number in range(1, 7):
                progress.show(Progress(Path(f"{'很长的名字' * 9}\x1b.docx"), number, 6))
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().count("\r") == 7
    assert all(len(line) <= 22 for line in terminal.getvalue().split("\r"))
    assert terminal.getvalue().endswith("\r\033[K")
    assert [line[:6] for line in log.getvalue().splitlines()] == ["读取 3/6", "读取 6/6"]
