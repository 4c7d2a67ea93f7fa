"""The small parts of answering, each alone."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SettingError
from index.sentences import sentences
from index.types import Clause, ClauseKind, Span
from rag import networks
from rag.details import DETAILS, NAMES, stated
from rag.english import translate
from rag.matter import matter
from rag.networks import Network, sigmoid
from rag.ngrams import BUCKETS, NgramClassifier, features
from rag.replies import Replies
from rag.selection import select
from rag.settings import Settings
from rag.text import normalise, squeeze
from rag.trace import Trace
from rag.types import Passage, Query

# --- text


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("贷款贴息要交什么材料？", "贷款贴息"),
        ("孵化器的补贴去哪里申请", "孵化器 补贴"),
        ("租金补贴一共能给多少钱，什么时候截止", "租金补贴"),
        ("高新技术企业", "高新技术企业"),
        ("贷款贴息 上限呢", "贷款贴息"),
        ("怎么办", ""),
    ],
)
def test_a_matter_is_what_is_left_without_the_words_that_ask_for_a_detail(question: str, about: str) -> None:
    assert matter(question) == about


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("靜安　ＰＣＴ\t多少", "静安 PCT 多少"),
        ("  貼\u200b息\x00 \r\n多少 ", "贴 息 多少"),
        ("資料庫", "资料库"),  # characters, not words: no 数据库
        ("\u202e", ""),
        ("", ""),
    ],
)
def test_a_question_is_normalised(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_normalised_text_is_one_line_without_controls(text: str) -> None:
    normal = normalise(text)
    assert normal == normal.strip()
    assert not re.search(r"[\x00-\x1f\x7f]|\s\s", normal)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("支持设立。给予资助。", ["支持设立。", "给予资助。"]),
        ("给予“一次性奖励。”另行规定；不再重复", ["给予“一次性奖励。”", "另行规定；", "不再重复"]),
        ("一、标题\n内容如下：\n\n3.5%的，给予补贴！", ["一、标题\n", "内容如下：\n", "3.5%的，给予补贴！"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_text_is_cut_into_sentences(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text())
def test_sentences_lose_nothing_but_white_space(text: str) -> None:
    spans = list(sentences(text))
    assert spans == sorted(spans)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


def test_squeeze_is_how_quotes_are_compared() -> None:
    assert squeeze("**给予** 贷款\n贴息") == "给予贷款贴息"


# --- details


@pytest.mark.parametrize(
    ("detail", "states", "does_not"),
    [
        ("amount", "最高给予 200 万元资助", "按照规定给予资金支持"),
        ("rate", "按贷款利息的50%补贴", "给予一定比例的补贴"),
        ("contact", "咨询电话：021-12345678", "向主管部门咨询"),
        ("number", "培育企业100家以上", "培育一批企业"),
        ("exclusion", "已享受的不再重复支持", "可以重复享受"),
        ("deadline", "自受理之日起20个工作日内", "请尽快申请"),
    ],
)
def test_a_detail_is_found_where_it_is_stated(detail: str, states: str, does_not: str) -> None:
    place = NAMES.index(detail)
    assert stated(states)[place] == 1
    assert stated(does_not)[place] == 0


def test_every_detail_has_a_name_for_the_reader() -> None:
    assert len(set(NAMES)) == len(DETAILS) == len(stated(""))
    assert all(re.search("[一-鿿]", detail.missing) for detail in DETAILS)


# --- English


def test_english_questions_get_chinese_words_and_others_none() -> None:
    assert "租金" in translate("Is there a rent subsidy for startups?")
    assert translate("Are there rent subsidies?") == translate("are there rent subsidy")
    assert translate("静安园支持 PCT 专利吗") == translate("") == translate("12345 %%") == ""


# --- fitted parts


def network() -> Network:
    """Two inputs a, b of mean 1 and scale 2; one unit tanh(a'); output 3 tanh(a') + b' + 0.5."""
    return Network(("a", "b"), np.float32([1, 1]), np.float32([2, 2]), np.float32([[1], [0]]), np.float32([0]),
                   np.float32([3]), np.float32([0, 1]), np.float32(0.5))  # fmt: skip


def test_a_network_is_its_formula() -> None:
    values = network()(np.float32([[1, 1], [3, 1], [1, 5]]))
    np.testing.assert_allclose(values, [0.5, 3 * np.tanh(1) + 0.5, 2.5], rtol=1e-5)


def test_inputs_far_from_all_that_was_seen_are_cut_off() -> None:
    far, edge = network()(np.float32([[1, 1e9], [1, 9]]))  # 9 is 4 deviations away
    assert far == edge == pytest.approx(4.5)


def test_networks_come_back_as_they_were_saved(tmp_path: Path) -> None:
    networks.save(tmp_path / "n.npz", {"one": network(), "two": network()})
    loaded = networks.load(tmp_path / "n.npz")
    assert list(loaded) == ["one", "two"]
    assert loaded["one"].columns == ("a", "b")
    rows = np.float32([[1, 2], [3, 4]])
    np.testing.assert_array_equal(loaded["two"](rows), network()(rows))


def test_sigmoid() -> None:
    assert sigmoid(0) == 0.5
    assert 0 < sigmoid(-1e9) < 1e-9 < 1 - 1e-9 < sigmoid(1e9) <= 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_ngrams_are_buckets_and_probabilities_sum_to_one(text: str) -> None:
    rows = features(text)
    assert rows.tolist() == sorted(set(rows.tolist())) and 0 <= rows.min() and rows.max() < BUCKETS
    random = np.random.default_rng(0).normal(size=(BUCKETS, 3)).astype(np.float16)
    probabilities = NgramClassifier(("a", "b", "c"), random, np.zeros(3, np.float32)).probabilities(text)
    assert sum(probabilities.values()) == pytest.approx(1)
    assert min(probabilities.values()) > 0


def test_a_classifier_weighs_what_it_saw(tmp_path: Path) -> None:
    weights = np.zeros((BUCKETS, 2), np.float16)
    weights[np.setdiff1d(features("你好"), features("贴息")), 1] = 5
    NgramClassifier(("question", "chitchat"), weights, np.float32([1, 0])).save(tmp_path / "c.npz")
    loaded = NgramClassifier.load(tmp_path / "c.npz")
    assert loaded.probabilities("你好")["chitchat"] > 0.9
    assert loaded.probabilities("贴息")["question"] == pytest.approx(np.e / (1 + np.e), rel=1e-3)


# --- replies and settings


def test_replies_fill_in_what_they_name() -> None:
    replies = Replies.load()
    assert "苏州" in replies("foreign", places="苏州")
    with pytest.raises(KeyError):
        replies("foreign")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text + '\nnew = "多一条"\n', "缺少或多出了：new"),
        (lambda text: re.sub(r"(?m)^refused.*$", "", text), "缺少或多出了：refused"),
        (lambda text: text.replace("$places", "$place"), "“foreign”的占位符"),
    ],
)
def test_replies_with_other_names_stop_the_start(tmp_path: Path, repo: Path, change, says: str) -> None:
    path = tmp_path / "replies.toml"
    path.write_text(change((repo / "prompts/replies.toml").read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(SettingError, match=says):
        Replies.load(path)


def test_the_day_of_validity_is_a_setting() -> None:
    assert Settings.load({}).today is None
    assert Settings.load({"RAG_TODAY": "2027-01-31"}).today == date(2027, 1, 31)
    with pytest.raises(SettingError, match="RAG_TODAY.*现在是“明天”"):
        Settings.load({"RAG_TODAY": "明天"})


# --- trace and selection


def test_a_trace_tells_each_step_as_it_begins_and_its_time_when_it_ends() -> None:
    said = []
    trace = Trace(said.append)
    with trace.step("route", "看是什么问题"):
        assert said == ["看是什么问题"]
        assert trace.steps == ()
    with pytest.raises(ValueError, match="broken"), trace.step("search", "查找条款"):
        raise ValueError("broken")
    assert [(step.name, step.label) for step in trace.steps] == [("route", "看是什么问题"), ("search", "查找条款")]
    assert all(step.milliseconds >= 0 for step in trace.steps)


def passage(score: float, policy: str = "甲") -> Passage:
    clause = Clause(f"{policy}/{score}", policy, (str(score),), ClauseKind.CLAUSE, "", (), "内容。", (Span(0, 3),))
    return Passage(clause, score, 1)


def test_passages_far_behind_the_first_are_left_out() -> None:
    assert select(Query("贴息", "贴息"), ()) == ()
    chosen = select(Query("贴息", "贴息"), [passage(0.9), passage(0.8), passage(0.01)])
    assert [p.score for p in chosen] == [0.9, 0.8]


_LIST = (("list", 0.9),)


def test_whoever_asks_for_a_list_or_for_all_gets_more() -> None:
    ranked = [passage(0.5), passage(0.2), passage(0.19, "乙"), passage(0.05)]
    once, listed, everything = (
        select(Query(text, text, details=details, asks_all=all_), ranked)
        for text, details, all_ in (("贴息", (), False), ("有哪些", _LIST, False), ("把扶持都列出来", _LIST, True))
    )
    assert len(once) < len(listed)
    assert {p.clause.policy_id for p in everything} == {"甲"}
    assert passage(0.05).clause in [p.clause for p in everything]
