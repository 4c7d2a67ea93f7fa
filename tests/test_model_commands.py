"""The commands that concern a language model: check-model, questions, and evaluate with one."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.questions import read_questions
from rag import __main__ as rag_command
from rag.llm import LanguageModel
from rag.pipeline import Pipeline
from rag.questions import QuestionWriter, already, clauses
from tests import scripted_model
from tests.model_server import ModelServer, serving

KEY = "sk-geheim-0123456789"
LOAN = "浦府办〔2025〕29号/八"
KEPT = "可以拿到补贴，最高20万元[1]。同一项目已享受其他资金的，不再重复享受[1]。"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def running() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


@pytest.fixture
def rag(running: ModelServer, index_dir: Path, monkeypatch, capsys) -> Command:
    """Return what runs a command with the server as its model: exit code, what it prints, its errors."""
    for name, value in {"BASE_URL": running.url, "MODEL": "stub", "KEY": KEY, "TIMEOUT": "5"}.items():
        monkeypatch.setenv(f"RAG_LLM_{name}", value)
    monkeypatch.setenv("RAG_INDEX", str(index_dir))

    def run(*arguments: object) -> tuple[int, str, str]:
        code = rag_command.main([*map(str, arguments)])
        printed = capsys.readouterr()
        assert KEY not in printed.out + printed.err
        return code, printed.out, printed.err

    return run


# --- check-model


@pytest.mark.parametrize(
    ("mode", "reply", "code", "says"),
    [
        ("ok", KEPT, 0, ["可以使用。", "60 token", "2 句里有 2 句标对了", "用中文    是", "最高20万元", "已设置（不显示）"]),
        ("ok", KEPT.replace("[1]", ""), 1, ["勉强可用", "2 句里有 0 句标对了"]),
        ("ok", "You can get up to 200,000 yuan [1].", 1, ["不能使用：模型没有用中文回答", "用中文    否"]),
        ("ok", "", 1, ["不能使用：模型没有写出内容"]),
        ("401", "", 1, ["不能使用：模型不接受密钥（401）。请检查 RAG_LLM_KEY。"]),
        ("404", "", 1, ["RAG_LLM_MODEL"]),
        ("html", "", 1, ["不像兼容 OpenAI 的接口"]),
        ("cut", KEPT, 1, ["不能使用：模型的连接中断"]),
    ],
)
def test_check_model_tells_in_one_screen(rag: Command, running: ModelServer, mode: str, reply: str, code: int, says: list[str]) -> None:
    running.reset(reply, mode)
    found, out, err = rag("check-model")
    assert (found, err) == (code, "")
    assert [words for words in says if words not in out] == []
    assert len(out.splitlines()) < 25


def test_check_model_needs_no_index_and_says_what_is_not_there(rag: Command, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "none"))
    monkeypatch.setenv("RAG_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    code, out, err = rag("check-model")
    assert (code, err) == (1, "")
    assert "不能使用：连不上模型" in out
    for name in ("BASE_URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"RAG_LLM_{name}")
    code, out, err = rag("check-model")
    assert (code, out) == (1, "")
    assert "没有设置模型" in err


# --- evaluate


def test_evaluate_tells_how_many_answers_were_worded(rag: Command, running: ModelServer, tmp_path: Path) -> None:
    gold = [
        {"id": "a", "question": "浦东的金融科技企业贷款有没有贴息", "type": "fact", "gold": [[LOAN]], "must_include": [["担保费补贴"]], "must_not_include": []},
        {"id": "b", "question": "陆家嘴园到2026年重点金融科技企业要超过多少家", "type": "fact", "gold": [["浦府〔2025〕64号/一"]],
         "must_include": [["50家"]], "must_not_include": []},
        {"id": "c", "question": "苏州的人才租房补贴是多少", "type": "unanswerable", "subtype": "other_place", "gold": [], "must_include": [],
         "must_not_include": []},
    ]  # fmt: skip
    (tmp_path / "gold.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in gold), encoding="utf-8")
    running.reset("对符合条件的金融科技企业，按照规定给予贷款贴息和担保费补贴[1]。")
    code, out, _ = rag("evaluate", tmp_path / "gold.jsonl")
    figures = dict(line.rsplit(None, 1) for line in out.splitlines())
    assert code == 0
    assert (figures["model_asked"], figures["generated"], figures["fell_back"], figures["fell_back, unverified"]) == ("2", "1", "1", "1")
    assert (figures["questions"], figures["right"]) == ("3", "1.000")
    running.reset("对符合条件的金融科技企业，按照规定给予贷款贴息和担保费补贴[1]。")
    (tmp_path / "q.jsonl").write_text(json.dumps(gold[0], ensure_ascii=False), encoding="utf-8")
    assert rag("answer", "--input", tmp_path / "q.jsonl", "--output", tmp_path / "a.jsonl")[0] == 0
    row = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))
    assert (row["wording"], row["outcome"]) == ("generated", "generated")
    assert "对符合条件的金融科技企业，按照规定给予贷款贴息和担保费补贴。" in row["answer"]


# --- questions


def writer(pipeline: Pipeline, folder: Path, *replies: object, count: int = 5) -> tuple[QuestionWriter, scripted_model.ScriptedModel]:
    answering, chat = scripted_model.worded(pipeline, folder, replies, CONCURRENCY="1")
    return QuestionWriter(answering._generator.model, pipeline, count), chat


def quiet(done: int, kept: int) -> None:
    """Tell nobody."""


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("1. 浦东的金融科技企业贷款有没有贴息？", "浦东的金融科技企业贷款有没有贴息？"),
        ("“金融科技企业借钱，担保费政府补贴吗?”", "金融科技企业借钱，担保费政府补贴吗?"),
        ("本条给金融科技企业什么支持？", None),  # cannot be understood alone
        ("金融科技企业最高能贴息500万元吗？", None),  # a figure that is not in the clause
        ("金融科技企业有贷款贴息。", None),  # no question
        ("贴息？", None),  # too short
        ("餐饮店的油烟怎么处理才合规？", None),  # leads elsewhere
        ("苏州的金融科技企业贷款有没有贴息？", None),  # another place
    ],
)
def test_only_questions_that_lead_back_to_their_clause_are_kept(pipeline: Pipeline, tmp_path: Path, line: str, kept: str | None) -> None:
    found = writer(pipeline, tmp_path, "")[0].accepted(line, pipeline.store.clause(LOAN))
    assert list(found) == ([kept] if kept else [])


def test_a_question_is_kept_once_and_no_more_than_asked_for(pipeline: Pipeline, tmp_path: Path) -> None:
    made, _ = writer(pipeline, tmp_path, "", count=2)
    line = "浦东的金融科技企业贷款有没有贴息？\n"
    others = "金融科技企业借钱，担保费政府补贴吗？\n金融科技企业上市有辅导培训吗？\n"
    assert len(list(made.accepted(line + line + others, pipeline.store.clause(LOAN)))) == 2


def test_questions_become_known_questions_marked_as_a_models(pipeline: Pipeline, tmp_path: Path) -> None:
    made, chat = writer(pipeline, tmp_path, "浦东的金融科技企业贷款有没有贴息？")
    path, clause = tmp_path / "questions" / "model.jsonl", pipeline.store.clause(LOAN)
    assert made.write([clause], path, quiet) is None
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        {"q": "浦东的金融科技企业贷款有没有贴息？", "ids": [LOAN], "by": "scripted"}
    ]
    (known,) = read_questions([path], {LOAN})
    assert (known.clause_ids, known.source) == ((LOAN,), "model.jsonl")
    user = chat.prompts[0][-1].text
    assert "担保费补贴" in user and user.startswith("<条款>")
    assert LOAN not in {c.id for c in clauses(pipeline.store, already(path, pipeline.store))}


def test_what_was_written_before_the_model_failed_is_kept(pipeline: Pipeline, tmp_path: Path) -> None:
    both = [pipeline.store.clause(LOAN), *clauses(pipeline.store, ())[:3]]
    made, _ = writer(pipeline, tmp_path, "浦东的金融科技企业贷款有没有贴息？", TimeoutError())
    failure = made.write(both, tmp_path / "m.jsonl", quiet)
    assert failure.outcome == "timeout"
    assert already(tmp_path / "m.jsonl", pipeline.store) == {LOAN}


def test_the_command_writes_and_goes_on_where_it_stopped(rag: Command, running: ModelServer, tmp_path: Path) -> None:
    path = tmp_path / "model.jsonl"
    running.reset("浦东的金融科技企业贷款有没有贴息？")
    code, out, _ = rag("questions", "--output", path, "--count", "1")
    assert code == 0
    assert "python -m index build" in out
    assert len(running.requests) > 50
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1
    running.reset(mode="503")
    code, _, err = rag("questions", "--output", path)
    assert code == 1
    assert "再运行一次会接着做" in err


def test_a_count_that_is_none_is_refused(rag: Command, capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        rag("questions", "--count", "0")
    assert stopped.value.code == 2
    assert "1 以上的整数" in capsys.readouterr().err


def test_a_model_that_is_open_counts_its_tokens_beside_the_index(rag: Command, running: ModelServer, index_dir: Path, monkeypatch) -> None:
    monkeypatch.setenv("RAG_LLM_DAY_TOKENS", "100000")
    running.reset(KEPT)
    before = LanguageModel.open(scripted_model.settings(DAY_TOKENS="100000"), index_dir.parent)._budget._change(0)
    assert rag("check-model")[0] == 0
    assert LanguageModel.open(scripted_model.settings(DAY_TOKENS="100000"), index_dir.parent)._budget._change(0) == before + 760
