"""The command line of answering, as a user runs it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag import __main__ as rag_command
from rag.pipeline import Pipeline
from tests.libraries import REPO, command

EVAL = REPO.parent / "shared" / "eval"
QUESTION, LOAN = "浦东的金融科技企业贷款有没有贴息", "浦府办〔2025〕29号/八"
LIMIT = 400  # MB of memory that one question may take at its peak
HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn", "langchain_core", "streamlit", "pandas",
         "rapidocr", "onnxruntime", "cv2", "pypdfium2", "pdfplumber", "lxml", "selectolax")  # fmt: skip


Command = Callable[..., str]


@pytest.fixture
def done(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return what a command that goes well prints; it runs in this process, on the engine that is loaded."""

    def run(*arguments: object) -> str:
        monkeypatch.setattr(rag_command.Pipeline, "load", lambda settings: pipeline)
        code = rag_command.main([*map(str, arguments)])
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, "")
        return printed.out

    return run


@pytest.fixture
def refused(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return what a command says that is refused."""

    def run(*arguments: object) -> str:
        monkeypatch.setattr(rag_command.Pipeline, "load", lambda settings: pipeline)
        code = rag_command.main([*map(str, arguments)])
        printed = capsys.readouterr()
        assert (code, printed.out) == (1, "")
        assert printed.err.startswith("错误：")
        return printed.err

    return run


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


# --- ask


def test_ask_prints_verdict_quotes_and_addresses(index_dir: Path) -> None:
    result = command("ask", QUESTION, "--index", index_dir, module="rag")
    assert (result.returncode, result.stderr) == (0, "")
    said = result.stdout.splitlines()
    assert "文件" in said[0]
    assert any("贷款贴息和担保费补贴。”（浦府办〔2025〕29号 · 八）" in line for line in said)


def test_ask_json_tells_how_the_answer_came_about(done: Command) -> None:
    told = json.loads(done("ask", "浦东金融科技企业的贷款贴息最高能给多少万元", "--json"))
    assert told["status"] == "partial"
    assert told["missing"] == ["具体金额"]
    assert LOAN in [citation["clause_id"] for citation in told["citations"]]
    assert all({"clause_id", "address", "quote", "start", "end"} <= citation.keys() for citation in told["citations"])
    assert "浦府办〔2025〕29号 · 八" in told["answer"]
    assert [passage["rank"] for passage in told["passages"]] == list(range(1, len(told["passages"]) + 1))
    assert len(told["passages"]) >= 10
    assert [step["name"] for step in told["steps"]] == ["route", "read", "search", "evidence", "compose", "verify"]
    assert 0 <= told["probability"] <= 1
    assert told["findings"] == []


@pytest.mark.parametrize("question", ["", "？", "\x1b[31m贴息", "贴" * 20_000])
def test_ask_answers_odd_questions_in_chinese(done: Command, question: str) -> None:
    assert any("一" <= sign <= "鿿" for sign in done("ask", question))


def test_a_question_in_broken_characters_is_answered_too(index_dir: Path) -> None:
    parts = [sys.executable, "-m", "rag", "ask", b"\xff\xfe\xe8\xb4", "--json", "--index", str(index_dir)]
    result = subprocess.run(parts, cwd=REPO, check=False, capture_output=True)
    assert (result.returncode, result.stderr) == (0, b"")
    assert json.loads(result.stdout)["status"] in {"not_found", "chitchat", "refused"}


PROBE = f"""
import json, sys
from rag.__main__ import main
code = main(sys.argv[1:])
with open("/proc/self/status") as status:  # the high-water mark of this process alone; ru_maxrss may be the parent's
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps({{"code": code, "MB": peak / 1024, "heavy": [m for m in {HEAVY} if m in sys.modules]}}), file=sys.stderr)
"""


def test_one_question_takes_little_memory_and_no_heavy_library(index_dir: Path) -> None:
    if not Path("/proc/self/status").is_file():
        pytest.skip("内存占用没有测：没有 /proc")
    parts = [sys.executable, "-c", PROBE, "ask", QUESTION, "--index", str(index_dir)]
    result = subprocess.run(parts, cwd=REPO, check=False, capture_output=True, text=True)
    assert "贷款贴息" in result.stdout, result.stderr
    told = json.loads(result.stderr.splitlines()[-1])
    assert (told["code"], told["heavy"]) == (0, [])
    assert 50 < told["MB"] <= LIMIT


# --- answer and verify


def test_answer_keeps_order_ids_and_history_and_ignores_other_keys(done: Command, tmp_path: Path) -> None:
    history = [{"role": "user", "content": "陆家嘴园对外籍人才有什么支持"}, {"role": "assistant", "content": "有。"}]
    questions = write(
        tmp_path / "q.jsonl",
        {"id": "b", "question": QUESTION, "history": [], "gold": [["不看"]], "note": "不看"},
        {"id": "a", "question": "那静安呢？", "history": history},
        {"id": 3, "question": "苏州的人才租房补贴是多少"},
        {"id": "空", "question": ""},
    )
    assert done("answer", "--input", questions, "--output", tmp_path / "a.jsonl") == ""
    answers = lines(tmp_path / "a.jsonl")
    assert [answer["id"] for answer in answers] == ["b", "a", 3, "空"]
    for answer in answers:
        assert answer.keys() == {"id", "status", "answer", "citations", "retrieved", "latency_ms"}
        assert all(citation.keys() == {"clause_id", "quote"} for citation in answer["citations"])
        assert answer["latency_ms"] >= 0
    assert answers[0]["status"] == "answered"
    assert LOAN in [citation["clause_id"] for citation in answers[0]["citations"]]
    assert answers[0]["retrieved"][0] == LOAN and len(answers[0]["retrieved"]) >= 10
    assert {citation["clause_id"].split("/")[0] for citation in answers[1]["citations"]} == {"静府发〔2025〕5号"}
    assert (answers[2]["status"], answers[2]["citations"]) == ("not_found", [])
    assert (answers[3]["status"], answers[3]["answer"].splitlines()[0]) == ("chitchat", "请输入问题。")


def test_verify_passes_what_holds_and_says_what_does_not(done: Command, tmp_path: Path) -> None:
    drafts = write(
        tmp_path / "d.jsonl",
        {"id": 1, "sentence": "对符合条件的金融科技企业给予贷款贴息和担保费补贴。", "clause_ids": [LOAN]},
        {"id": 2, "sentence": "贷款贴息最高200万元。", "clause_ids": [LOAN]},
        {"id": 3, "sentence": "给予贷款贴息。", "clause_ids": ["浦府办〔2025〕29号/十八"]},
        {"id": 4, "sentence": "给予贷款贴息。", "clause_ids": []},
    )
    done("verify", "--input", drafts, "--output", tmp_path / "v.jsonl")
    verdicts = lines(tmp_path / "v.jsonl")
    assert [(verdict["id"], verdict["pass"]) for verdict in verdicts] == [(1, True), (2, False), (3, False), (4, False)]
    assert [[finding["code"] for finding in verdict["findings"]] for verdict in verdicts] == [
        [], ["figure_not_in_clause", "condition_dropped"], ["unknown_clause"], ["no_citation"]
    ]  # fmt: skip
    assert "200万元" in verdicts[1]["findings"][0]["message"]


# --- evaluate


def test_evaluate_prints_what_the_scorer_prints_for_the_same_answers(done: Command, tmp_path: Path) -> None:
    if not EVAL.is_dir():
        message = f"没有找到 {EVAL}，evaluate 没有与评分程序核对。"
        print(f"\n*** {message} ***", file=sys.__stderr__)
        pytest.skip(message)
    rows = lines(EVAL / "dev.jsonl")[::4]
    gold = write(tmp_path / "gold.jsonl", *rows)
    done("answer", "--input", gold, "--output", tmp_path / "a.jsonl")
    scorer = [sys.executable, str(EVAL / "score.py"), str(gold), str(tmp_path / "a.jsonl")]
    theirs = figures(subprocess.run(scorer, check=True, capture_output=True, text=True).stdout)
    printed = done("evaluate", gold, "--misses", "2")
    ours = figures(printed.split("\n\n")[0])
    assert ours["questions"] == str(len(rows)) == "40"
    assert {"recall@5", "quotes_verbatim", "right", "unanswerable_right"} <= ours.keys()
    same = [name for name in ours if not name.startswith("latency")]
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}


def figures(printed: str) -> dict[str, str]:
    """Return name -> value as printed, two tables' layouts alike."""
    pairs = (line.rsplit(maxsplit=1) for line in printed.splitlines() if line.strip() and "MISS" not in line)
    return {" ".join(name.split()): value for name, value in pairs}


# --- refused


def test_without_an_index_it_says_how_to_make_one(tmp_path: Path) -> None:
    result = command("ask", "贴息", "--index", tmp_path / "none", module="rag")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("错误：") and "python -m index build" in result.stderr


@pytest.mark.parametrize(
    ("way", "rows", "says"),
    [
        ("answer", [{"id": 1}], "question"),
        ("verify", [{"id": 1, "sentence": "给予补贴。"}], "clause_ids"),
        ("answer", ["不是对象"], "第 1 行"),
    ],
)
def test_input_that_is_wrong_is_named(refused: Command, tmp_path: Path, way: str, rows: list, says: str) -> None:
    path = write(tmp_path / "in.jsonl", *rows)
    assert says in refused(way, "--input", path, "--output", tmp_path / "out.jsonl")


def test_files_that_are_not_there_are_named(refused: Command, tmp_path: Path) -> None:
    missing = tmp_path / "none.jsonl"
    assert str(missing) in refused("answer", "--input", missing, "--output", tmp_path / "o")
    questions = write(tmp_path / "q.jsonl", {"id": 1, "question": "贴息"})
    nowhere = tmp_path / "no" / "out.jsonl"
    assert str(nowhere) in refused("answer", "--input", questions, "--output", nowhere)
    assert str(missing) in refused("evaluate", missing)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("RAG_TODAY", "明天", "RAG_TODAY"),
        ("RAG_ENCODER", "no/such-model", "找不到向量模型“no/such-model”"),
        ("RAG_ALLOW_DOWNLOAD", "也许", "RAG_ALLOW_DOWNLOAD"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    assert rag_command.main(["ask", "贴息"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("错误：") and says in printed.err


@pytest.mark.parametrize("arguments", [[], ["ask"], ["answer"], ["no-such-command"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        rag_command.main(arguments)
    assert ended.value.code == 2
