"""The library page without a browser: filters, words found, versions set side by side, uploads understood."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from index.clauses import split_clauses
from index.policy import parse_policy
from index.register_entries import entries_of
from index.standing import Standings
from index.types import Clause, Policy
from rag.pipeline import Pipeline
from tests.libraries import SMALL, answering, inside
from ui.catalogue import Filters
from ui.changes import Change, compare
from ui.find import find
from ui.markdown import plain
from ui.upload import understood, warnings

TODAY = date(2026, 1, 15)
LOADED_WITHIN = 60  # seconds for AppTest's first run, which reads index and models, on a busy machine

# --- filters

POLICIES = (
    Policy("甲〔2025〕1号", "浦东金融方案", "", "a", "1", number="甲〔2025〕1号", issuer="浦东政府", region="上海市浦东新区",
           level="区县", topics=("金融信贷", "人才")),
    Policy("乙条例", "上海市绿化条例", "", "b", "2", issuer="上海人大", region="上海市", level="市", topics=("城乡建设",),
           expires=date(2020, 1, 1)),
    Policy("丙法", "丙法", "", "c", "3", region="全国", level="国家"),
)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), ["甲〔2025〕1号", "乙条例", "丙法"]),
        (Filters(words="金融"), ["甲〔2025〕1号"]),
        (Filters(words="甲[2025]1号"), ["甲〔2025〕1号"]),
        (Filters(words="方案 浦东"), ["甲〔2025〕1号"]),
        (Filters(words="方案 绿化"), []),
        (Filters(region="上海市"), ["甲〔2025〕1号", "乙条例"]),
        (Filters(region="上海市浦东新区"), ["甲〔2025〕1号"]),
        (Filters(level="国家"), ["丙法"]),
        (Filters(issuer="上海人大"), ["乙条例"]),
        (Filters(topic="人才"), ["甲〔2025〕1号"]),
        (Filters(standing="已到期"), ["乙条例"]),
        (Filters(standing="现行有效", region="上海市"), ["甲〔2025〕1号"]),
    ],
)
def test_filters_keep_what_meets_all_of_them(filters: Filters, kept: list[str]) -> None:
    assert [entry.policy.id for entry in filters.keep(entries_of(Standings(POLICIES), TODAY))] == kept


# --- words inside a policy


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("贷款贴息", ["浦府办〔2025〕29号/八"]),
        ("贷 款\n贴息", ["浦府办〔2025〕29号/八"]),
        ("潜水艇螺旋桨", []),
        ("  ", []),
    ],
)
def test_words_are_found_where_they_stand(pipeline: Pipeline, words: str, clauses: list[str]) -> None:
    hits = find(pipeline.store, "浦府办〔2025〕29号", words)
    assert [hit.clause.id for hit in hits] == clauses
    assert all("贴息" in hit.line and hit.words in hit.clause.text for hit in hits)


def test_words_that_stand_apart_are_found_too(pipeline: Pipeline) -> None:
    hits = find(pipeline.store, "浦府办〔2025〕29号", "贴息的贷款怎么办")
    assert hits[0].clause.id == "浦府办〔2025〕29号/八"
    assert len(hits) <= 20


# --- versions side by side


def clauses(*articles: str) -> tuple[Clause, ...]:
    numbers = "一二三四五六七八九十"
    text = "江州市补贴办法\n" + "\n".join(f"第{n}条 {words}" for n, words in zip(numbers, articles, strict=False))
    return split_clauses(parse_policy(text + "\n", "a.txt", ""))


OLD = clauses("为了支持企业，制定本办法。", "对认定的企业给予补贴，最高8万元。", "补贴每年申请一次，五月受理。", "本办法由市财政局解释。")
NEW = clauses("为了支持企业，制定本办法。", "对亏损企业不予补贴，已补贴的予以追回。", "对认定的企业给予补贴，最高20万元。", "本办法由市财政局解释。")


def test_versions_are_paired_by_what_they_say_not_by_number() -> None:
    rows = [(row.change, row.old and row.old.path[-1], row.new and row.new.path[-1]) for row in compare(OLD, NEW)]
    assert rows == [
        (Change.SAME, "第一条", "第一条"),
        (Change.ADDED, None, "第二条"),
        (Change.CHANGED, "第二条", "第三条"),
        (Change.REMOVED, "第三条", None),
        (Change.SAME, "第四条", "第四条"),
    ]


def test_the_changed_words_are_marked_and_none_is_lost() -> None:
    rows = compare(OLD, NEW)
    changed = next(row for row in rows if row.change is Change.CHANGED)
    assert [text for text, is_changed in changed.old_parts if is_changed] == ["二", "8"]
    assert [text for text, is_changed in changed.new_parts if is_changed] == ["三", "20"]
    for row in rows:
        for clause, parts in ((row.old, row.old_parts), (row.new, row.new_parts)):
            assert "".join(text for text, _ in parts) == (clause.text if clause else "")


def test_every_clause_of_two_policies_has_one_row(pipeline: Pipeline) -> None:
    one, other = (pipeline.store.clauses_of(number) for number in ("浦府〔2025〕64号", "浦府〔2025〕46号"))
    rows = compare(one, other)
    for several, side in ((one, "old"), (other, "new")):
        listed = [getattr(row, side).id for row in rows if getattr(row, side)]
        assert len(listed) == len(set(listed))
        assert set(listed) == {c.id for c in several if c.kind not in ("header", "heading")}
    assert compare(one, one) and all(row.change is Change.SAME for row in compare(one, one))


# --- uploads


def test_a_file_is_understood_before_it_is_published(pipeline: Pipeline) -> None:
    preview = understood("补贴.txt", SMALL.encode("gb18030"))
    assert (preview.policy.number, preview.policy.effective) == ("江府办〔2030〕7号", date(2030, 1, 1))
    assert [clause.path[-1] for clause in preview.clauses] == ["题", "第一条", "第二条"]
    assert warnings(preview.policy, preview.clauses, pipeline.store) == []


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [("空.txt", b" \n", "是空的"), ("表.xlsx", b"PK\x03\x04 xl/workbook.xml", "Excel"), ("坏.pdf", b"%PDF-1.4 nothing", "坏.pdf")],
)
def test_a_file_that_cannot_be_read_says_why(name: str, data: bytes, says: str) -> None:
    preview = understood(name, data)
    assert preview.policy is None
    assert says in preview.problem


def test_what_is_doubtful_is_said_first(pipeline: Pipeline, repo: Path) -> None:
    known = next((repo / "data/policies").glob("pudong-fintech*.txt")).read_bytes()
    again, other = understood("a.txt", known), understood("a.txt", known + "\n附件：清单\n".encode())
    bare = understood("b.txt", "关于停车的说明\n请有序停车。\n".encode())
    assert "同样内容的文件已经收录" in warnings(again.policy, again.clauses, pipeline.store)[0]
    assert "已收录一份“浦府办〔2025〕29号”" in warnings(other.policy, other.clauses, pipeline.store)[0]
    said = "".join(warnings(bare.policy, bare.clauses, pipeline.store))
    assert all(words in said for words in ("没有读出文号", "没有读出成文日期", "没有读出带编号的条款"))


# --- the running page


@pytest.fixture
def app(repo: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    return AppTest.from_file(str(repo / "app.py"), default_timeout=LOADED_WITHIN)


def test_every_session_sees_what_was_added_with_its_next_question(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "cloud.txt").write_text(SMALL, encoding="utf-8")
    answering(policies, tmp_path / "index")
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("RAG_TODAY", "2030-06-01")
    sessions = [AppTest.from_file(str(repo / "app.py"), default_timeout=LOADED_WITHIN).run() for _ in range(2)]
    rent = tmp_path / "rent.txt"
    rent.write_text("江州市用房租金补贴方案\n\n江府办〔2030〕9号\n\n第一条 租赁办公用房的企业，每平方米补贴租金15元。\n"
                    "第二条 本方案自2030年2月1日起施行。\n", encoding="utf-8")
    question = "租赁办公用房每平方米补贴多少租金"
    before = sessions[0].chat_input[0].set_value(question).run().session_state.turns[-1]
    assert inside("add", rent, "--out", tmp_path / "index").returncode == 0
    for session in sessions:
        answer = session.chat_input[0].set_value(question).run().session_state.turns[-1]
        assert not session.exception
        assert [citation.clause_id for citation in answer.citations] == ["江府办〔2030〕9号/第一条"]
        assert plain("江州市用房租金补贴方案") in [link.label for link in session.sidebar.get("page_link")]
    assert "15元" not in "".join(sentence.text for sentence in before.draft.quotes)
    assert sessions[0].session_state.turns[0] == before  # what was said before stays


def test_a_period_in_a_title_is_listed_as_a_period(app: AppTest, index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INDEX", str(index_dir))
    monkeypatch.setenv("RAG_TODAY", "2026-01-15")
    listed = [caption.value for caption in app.run().sidebar.caption]
    assert any("方案期间 2025\\-2026年" in caption for caption in listed)


def test_upload_is_offered_only_where_it_is_allowed(app: AppTest, index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INDEX", str(index_dir))
    labels = [link.label for link in app.run().sidebar.get("page_link")]
    assert labels[0] == "文件库"
    assert "加入文件" not in labels
    monkeypatch.setenv("RAG_UPLOAD", "1")
    assert "加入文件" in [link.label for link in app.run().sidebar.get("page_link")]
