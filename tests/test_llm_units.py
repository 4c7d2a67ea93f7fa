"""What stands around a model: settings, the secret, prompts, the day's budget, a reply cut into sentences."""

import copy
import pickle
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SettingError
from rag.budget import DayBudget
from rag.draft import Drafted, Splitter, drafted
from rag.outcome import WORDS, Outcome
from rag.prompt import _NAMES, PROMPTS, Prompt, fenced
from rag.settings import ModelSettings, Secret, Settings
from rag.standalone import accepted
from rag.types import Turn

SET = {"RAG_LLM_BASE_URL": "https://example.cn/v1/", "RAG_LLM_MODEL": "m", "RAG_LLM_KEY": "sk-geheim"}

# --- settings


def test_settings_of_a_model_are_read() -> None:
    made = ModelSettings.load(SET | {"RAG_LLM_TIMEOUT": "2.5", "RAG_LLM_DAY_TOKENS": "5000"})
    assert (made.base_url, made.host, made.model, made.timeout, made.day_tokens) == ("https://example.cn/v1", "example.cn", "m", 2.5, 5000)
    assert made.key.reveal() == "sk-geheim"
    assert Settings.load({}).model is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"RAG_LLM_MODEL": ""}, "还缺 RAG_LLM_MODEL"),
        ({"RAG_LLM_BASE_URL": ""}, "还缺 RAG_LLM_BASE_URL"),
        ({"RAG_LLM_BASE_URL": "", "RAG_LLM_MODEL": ""}, "还缺 RAG_LLM_BASE_URL 和 RAG_LLM_MODEL"),
        ({"RAG_LLM_BASE_URL": "example.cn/v1"}, "example.cn/v1"),
        ({"RAG_LLM_BASE_URL": "ftp://example.cn"}, "ftp://example.cn"),
        ({"RAG_LLM_BASE_URL": "http://[::1/v1"}, "须是"),
        ({"RAG_LLM_BASE_URL": "https://user:sk-geheim@example.cn/v1"}, "不能有用户名"),
        ({"RAG_LLM_BASE_URL": "https://example.cn/v1?key=sk-geheim"}, "不能有用户名"),
        ({"RAG_LLM_KEY": "sk-geheim 密"}, "RAG_LLM_KEY"),
        ({"RAG_LLM_TIMEOUT": "0"}, "RAG_LLM_TIMEOUT"),
        ({"RAG_LLM_TIMEOUT": "nan"}, "RAG_LLM_TIMEOUT"),
        ({"RAG_LLM_ANSWER_SECONDS": "很久"}, "很久"),
        ({"RAG_LLM_TEMPERATURE": "3"}, "0 到 2"),
        ({"RAG_LLM_CONCURRENCY": "1.5"}, "整数"),
        ({"RAG_LLM_DAY_TOKENS": "-1"}, "-1"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_words_without_the_key(change: dict[str, str], says: str) -> None:
    with pytest.raises(SettingError, match=says) as refused:
        Settings.load(SET | change)
    assert "sk-geheim" not in str(refused.value)


def test_a_secret_is_never_shown_or_written() -> None:
    made = ModelSettings.load(SET)
    for shown in (repr(made), str(made), f"{made.key}", f"{made.key!r}", str(made.key), repr(Settings.load(SET))):
        assert "geheim" not in shown
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(made.key)
    assert repr(Secret("")) == "（空）"


# --- prompts


def test_the_shipped_prompts_can_be_used() -> None:
    assert {path.stem for path in PROMPTS.glob("*.md")} == set(_NAMES)
    for name, names in _NAMES.items():
        request = Prompt.load(name).fill(**dict.fromkeys(names, "某某"))
        assert "$" not in request.system + request.user
        assert "某某" in request.user
        assert "材料" in request.system


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("$turns\n---\n$question $more", "more"),
        ("$turns\n---\n没有问题", "question"),
        ("$turns $question", "---"),
        ("a\n---\n$turns $question 100$ 元", "占位符"),
        (None, "读不出来"),
    ],
)
def test_a_prompt_that_cannot_be_used_stops_the_start(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "standalone.md").write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=says):
        Prompt.load("standalone", tmp_path)


@given(st.text(alphabet="<>＜＞[]［］/条款\n1 |$\u200b\x00"))
def test_nothing_leaves_its_fence(text: str) -> None:
    inside = fenced("条款", text).removeprefix("<条款>\n").removesuffix("\n</条款>")
    assert not set(inside) & set("<>＜＞[]［］\u200b\x00")


# --- the day


def test_a_new_day_begins_at_nothing(tmp_path: Path) -> None:
    today = date(2026, 1, 15)
    budget = DayBudget(tmp_path, 100, lambda: today)
    budget.add(100)
    assert budget.spent
    assert not DayBudget(tmp_path, 100, lambda: today + timedelta(days=1)).spent


def test_a_file_cut_short_counts_nothing_and_no_limit_writes_nothing(tmp_path: Path) -> None:
    DayBudget(tmp_path, 0).add(5)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "llm-tokens.json").write_text('{"day": "20')
    assert not DayBudget(tmp_path, 100).spent


def test_a_folder_that_cannot_be_written_is_known_at_start_up(tmp_path: Path, caplog) -> None:
    (tmp_path / "llm-tokens.json").mkdir()
    with pytest.raises(SettingError, match="RAG_LLM_DAY_TOKENS"):
        DayBudget(tmp_path, 100)
    (tmp_path / "llm-tokens.json").rmdir()
    budget = DayBudget(tmp_path, 100)
    (tmp_path / "llm-tokens.json").unlink()
    (tmp_path / "llm-tokens.json").mkdir()
    assert budget.spent  # what cannot be counted is not spent
    assert "llm-tokens.json" in caplog.text


# --- a reply

REPLY = "给予贷款贴息[1]。比例没有写明。 [1][2] 第二句！[3]“第三句。”[1]\n- **甲**给予2.5亿元【2】\n1. 乙[1，3]。[注]丙[1]。"
SENTENCES = [
    Drafted("给予贷款贴息。", (1,)),
    Drafted("比例没有写明。", (1, 2)),
    Drafted("第二句！", (3,)),
    Drafted("“第三句。”", (1,)),
    Drafted("甲给予2.5亿元", (2,)),
    Drafted("乙。", (1, 3)),
    Drafted("[注]丙。", (1,)),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize("thoughts", ["", "<think>想[1]。\n再想</think>\n", "<thinking></thinking>"])
def test_a_reply_is_cut_the_same_however_it_comes(size: int, thoughts: str) -> None:
    splitter, reply = Splitter(), thoughts + REPLY
    found = [raw for start in range(0, len(reply), size) for raw in splitter.feed(reply[start : start + size])]
    assert [drafted(raw) for raw in found + splitter.rest()] == SENTENCES


@pytest.mark.parametrize(("reply", "cut"), [("给予贴息[1]。没写完", True), ("给予贴息[1", True), ("<think>还在想", True), ("", False), ("给予[1]", False)])
def test_a_reply_that_breaks_off_is_known(reply: str, cut: bool) -> None:
    splitter = Splitter()
    splitter.feed(reply)
    assert splitter.is_cut is cut


@given(st.lists(st.text(alphabet="给予补贴[]1２，。！\n<think>/ *-", max_size=8), max_size=12))
def test_cutting_never_fails_and_adds_nothing(pieces: list[str]) -> None:
    splitter = Splitter()
    found = [raw for piece in pieces for raw in splitter.feed(piece)] + splitter.rest()
    assert len("".join(found)) <= len("".join(pieces))
    assert all(drafted(raw).text is not None for raw in found)


# --- a follow-up

TURNS = (Turn("user", "浦东的金融科技企业贷款有没有贴息"), Turn("assistant", "可以，给予贷款贴息。"))


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("浦东的金融科技企业贷款贴息有多少？", "浦东的金融科技企业贷款贴息有多少?"),
        ("改写后的问题：“浦东的金融科技企业贷款贴息有多少？”", "浦东的金融科技企业贷款贴息有多少?"),
        ("浦东的金融科技企业贷款贴息有没有50%？", ""),
        ("静安的会展业租房补贴怎么申请？", ""),
        ("How much is it?", ""),
        ("", ""),
        ("浦东的金融科技企业贷款" * 20, ""),
    ],
)
def test_a_rewritten_question_completes_and_adds_nothing(reply: str, question: str) -> None:
    assert accepted(reply, "那有多少", TURNS) == question


def test_every_outcome_has_words() -> None:
    assert set(WORDS) == set(Outcome)
