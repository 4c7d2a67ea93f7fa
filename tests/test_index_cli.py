"""The command line of the index: what it prints, what it returns, what it refuses."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.libraries import REPO, SMALL, command, inside, shipped

CLAUSES = REPO.parent / "shared" / "eval" / "clauses.json"
NUMBERS = ["浦府办〔2025〕29号", "浦府〔2025〕46号", "浦府〔2025〕64号", "静府发〔2025〕5号", "黄府发〔2025〕3号"]
OTHER = SMALL.replace("7号", "8号").replace("企业上云", "人才租房")
NUMBER, SECOND = "江府办〔2030〕7号", "江府办〔2030〕8号"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elsewhere") / "rent.txt"
    path.write_text(OTHER, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The index of one policy, in tmp_path/index, built from tmp_path/policies."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "cloud.txt").write_text(SMALL, encoding="utf-8")
    assert done("build", "--policies", tmp_path / "policies", "--out", tmp_path / "index").startswith("1 份政策，3 个条款节点")
    return tmp_path / "index"


def done(*arguments: object) -> str:
    """Return what a command that goes well prints."""
    result = inside(*arguments)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def refused(*arguments: object, code: int = 1, **environment: object) -> str:
    """Return what a command that is refused says."""
    result = inside(*arguments, **environment)
    assert (result.returncode, result.stdout) == (code, "")
    assert result.stderr.startswith("错误：")
    return result.stderr


def numbers(root: Path) -> list[str]:
    return [line.split("\t")[0] for line in done("list", "--out", root).splitlines()]


# --- the shipped policies


def test_show_gives_the_gold_tree_of_the_shipped_policies(index_dir: Path) -> None:
    if not CLAUSES.is_file():
        message = f"没有找到 {CLAUSES}，show --json 没有与标准条款树核对。"
        print(f"\n*** {message} ***", file=sys.__stderr__)
        pytest.skip(message)
    gold = [(c["id"], plain(c["text"])) for c in json.loads(CLAUSES.read_text(encoding="utf-8"))]
    shown = {}
    for number in NUMBERS:
        nodes = json.loads(done("show", number, "--json", "--index", index_dir))
        assert all(node.keys() == {"id", "text"} for node in nodes)
        shown |= {node["id"]: plain(node["text"]) for node in nodes}
    assert shown == dict(gold)
    assert len(shown) == 128
    for number in NUMBERS:  # in the order of the document; 题 and 序 stand before 一
        own = [clause_id for clause_id, _ in gold if clause_id.startswith(f"{number}/") and "题" not in clause_id]
        assert [clause_id for clause_id in shown if clause_id in own] == own


def plain(text: str) -> str:
    return re.sub(r"[\s*]", "", text)


def test_show_without_json_is_for_reading(index_dir: Path) -> None:
    text = done("show", NUMBERS[0], "--index", index_dir)
    assert f"{NUMBERS[0]}/八\n八、" in text
    assert "贷款贴息" in text


def test_list_has_a_line_a_policy_with_tabs(index_dir: Path) -> None:
    lines = [line.split("\t") for line in done("list", "--on", "2026-01-15", "--index", index_dir).splitlines()]
    assert sorted(line[0] for line in lines) == sorted(NUMBERS)
    assert [
        "黄府发〔2025〕3号", "张江高新区黄浦园改革创新发展行动方案（2025-2026年）", "2025-04-30", "有效期至 2026-12-31", "现行有效"
    ] in lines  # fmt: skip


def test_check_says_what_the_index_is_made_of(index_dir: Path) -> None:
    said = done("check", "--index", index_dir)
    assert re.match(r"索引可用：5 份政策，128 个条款节点，\d+ 个已知问题，模型 policy-static-zh，建于 20\d\d-", said)


def test_build_prints_policies_clauses_and_seconds_and_says_when_nothing_changed(tmp_path: Path) -> None:
    policies = shipped(tmp_path / "policies")
    first = done("build", "--policies", policies, "--out", tmp_path / "index")
    assert re.fullmatch(r"5 份政策，128 个条款节点，新读 5 份，用时 \d+\.\d 秒\n", first)
    second = done("build", "--policies", policies, "--out", tmp_path / "index")
    assert re.fullmatch(r"5 份政策，128 个条款节点，没有变化，用时 \d+\.\d 秒\n", second)


# --- add and remove


def test_added_removed_and_added_again(small: Path, other: Path, tmp_path: Path) -> None:
    copy = tmp_path / "thrown-away.txt"
    copy.write_bytes(other.read_bytes())
    assert done("add", "--out", small, copy).startswith(f"加入：{SECOND} 江州市人才租房补贴办法\n2 份政策")
    copy.unlink()  # the index keeps a copy of its own
    assert numbers(small) == [NUMBER, SECOND]
    assert "没有变化" in done("build", "--policies", tmp_path / "policies", "--out", small)

    assert done("remove", SECOND, "--out", small).endswith("秒\n")
    assert numbers(small) == [NUMBER]
    assert "没有变化" in done("build", "--policies", tmp_path / "policies", "--out", small)  # it stays out
    assert numbers(small) == [NUMBER]

    done("add", "--out", small, other)
    assert numbers(small) == [NUMBER, SECOND]


def test_a_policy_of_the_folder_can_be_removed_and_its_file_stays(small: Path, other: Path, tmp_path: Path) -> None:
    done("add", "--out", small, other)
    assert f"移出：{NUMBER}" in done("remove", NUMBER, "--out", small)
    assert numbers(small) == [SECOND]
    assert (tmp_path / "policies" / "cloud.txt").is_file()


def test_the_last_policy_is_not_removed(small: Path) -> None:
    assert "最后一份政策" in refused("remove", NUMBER, "--out", small)
    assert numbers(small) == [NUMBER]


def test_of_several_files_all_are_added_or_none(small: Path, other: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01")
    assert "bad.txt 不是文本文件" in refused("add", "--out", small, other, bad)
    done("build", "--policies", tmp_path / "policies", "--out", small)
    assert numbers(small) == [NUMBER]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "是空的"),
        ("binary.txt", bytes(range(256)) * 40, "不是文本文件"),
        ("policy.exe", OTHER.encode(), "不是政策文件的后缀"),
        ("none.txt", None, "找不到文件"),
    ],
)
def test_a_file_that_cannot_be_added_is_refused(
    small: Path, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    message = refused("add", "--out", small, path)
    assert says in message and name in message
    assert "没有变化" in done("build", "--policies", tmp_path / "policies", "--out", small)


def test_gbk_is_simply_added(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "gbk.TXT"
    path.write_bytes(OTHER.encode("gbk"))
    done("add", "--out", small, path)
    texts = [node["text"] for node in json.loads(done("show", SECOND, "--json", "--out", small))]
    assert texts[1:] == ["第一条 对上云企业给予补贴，最高20万元。", "第二条 本办法自2030年1月1日起施行。"]


# --- what is refused, and what is left out


def test_bad_files_are_named_the_others_are_in_and_the_exit_code_is_3(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "cloud.txt").write_text(SMALL, encoding="utf-8")
    (policies / "空.txt").touch()
    (policies / "乱.txt").write_bytes(bytes(range(256)))
    (policies / "读不出.txt").symlink_to("/proc/self/mem")
    for what in ("新读 1 份", "没有变化"):
        result = command("build", "--policies", policies, "--out", tmp_path / "index")
        assert result.returncode == 3
        assert result.stdout.startswith(f"1 份政策，3 个条款节点，{what}")
        lines = result.stderr.splitlines()
        assert len(lines) == 3 and all(line.startswith("没有读入：") for line in lines)
        assert all(sum(name in line for line in lines) == 1 for name in ("空.txt", "乱.txt", "读不出.txt"))
    assert numbers(tmp_path / "index") == [NUMBER]


def test_folders_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    assert f"没有政策目录 {tmp_path / 'none'}" in refused("build", "--policies", tmp_path / "none", "--out", tmp_path / "i")
    (tmp_path / "empty").mkdir()
    assert "没有政策文件" in refused("build", "--policies", tmp_path / "empty", "--out", tmp_path / "i")
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "index"):
        assert "写不进去" in refused("build", "--policies", shipped(tmp_path / "p", 1), "--out", out)


@pytest.mark.parametrize("arguments", [["list"], ["check"], ["show", NUMBER], ["remove", NUMBER]])
def test_without_an_index_commands_say_how_to_make_one(tmp_path: Path, arguments: list[str]) -> None:
    assert "python -m index build" in refused(*arguments, "--out", tmp_path / "none")


def test_a_policy_that_is_not_there_is_named_with_those_that_are(small: Path) -> None:
    for arguments in (["show", "江府办〔2030〕9号"], ["remove", "江府办〔2030〕9号"]):
        message = refused(*arguments, "--out", small)
        assert "索引里没有“江府办〔2030〕9号”" in message and NUMBER in message


def test_an_index_made_with_another_model_is_refused_and_built_anew(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "another-model"
    folder.mkdir()
    bundled = REPO / "models" / "policy-static-zh"
    for path in bundled.rglob("*"):
        target = folder / path.relative_to(bundled)
        target.mkdir(exist_ok=True) if path.is_dir() else target.write_bytes(path.read_bytes())
    (folder / "extra.json").write_text("{}", encoding="utf-8")
    assert "向量模型是 policy-static-zh，现在设置的是 another-model" in refused("list", "--out", small, RAG_ENCODER=folder)
    built = inside("build", "--policies", tmp_path / "policies", "--out", small, RAG_ENCODER=folder)
    assert (built.returncode, built.stdout[:12]) == (0, "1 份政策，3 个条款节点"[:12])
    assert inside("list", "--out", small, RAG_ENCODER=folder).returncode == 0


def test_wrong_usage_is_exit_code_2() -> None:
    for arguments in ([], ["no-such-command"], ["show"], ["add"]):
        assert inside(*arguments).returncode == 2


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(index_dir: Path) -> None:
    parts = [sys.executable, "-m", "index", "show", NUMBERS[0], "--index", str(index_dir)]
    with subprocess.Popen(parts, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
