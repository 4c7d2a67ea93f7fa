"""The verifier: what it lets through and what it does not, over the shipped policies."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.pipeline import Pipeline
from rag.types import Draft, Sentence, Status
from rag.verifier import Verifier

LOAN, GOALS = "浦府办〔2025〕29号/八", "浦府〔2025〕64号/一"
DAY, LATER = date(2026, 1, 15), date(2028, 1, 1)


@pytest.fixture(scope="module")
def verifier(pipeline: Pipeline) -> Verifier:
    return pipeline.verifier


def codes(verifier: Verifier, sentence: str, *clauses: str) -> set[str]:
    return {finding.code for finding in verifier.sentence(sentence, clauses)}


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("浦东对符合条件的金融科技企业给予贷款贴息和担保费补贴。", LOAN),
        ("到2026年，规模以上软件和信息服务业营业收入要超过1000亿元。", GOALS),
        ("到２０２６年，重点金融科技企业超过 50 家。", GOALS),
        ("持续优化“三位一体”沟通协调机制。", GOALS),
        ("《浦东新区高质量推进标杆性金融科技集聚区建设行动方案》2025年7月21日印发，文号浦府办〔2025〕29号。", LOAN),
    ],
)
def test_what_the_clause_says_passes(verifier: Verifier, sentence: str, clause: str) -> None:
    assert verifier.sentence(sentence, [clause]) == []


@pytest.mark.parametrize(
    ("sentence", "clause", "says"),
    [
        ("最高给予200万元贷款贴息。", LOAN, "200万元"),
        ("到2027年，园区金融科技专业机构超过300家。", GOALS, "2027年"),
        ("到2026年，重点金融科技企业超过500家。", GOALS, "500家"),
        ("营业收入超过1000万元。", GOALS, "1000万元"),
        ("贴息比例为50%。", LOAN, "50%"),
        ("按照“双百计划”给予贷款贴息。", LOAN, "双百计划"),
        ("《上海市会展业条例》规定给予贷款贴息。", LOAN, "上海市会展业条例"),
    ],
)
def test_what_the_clause_does_not_say_is_found(verifier: Verifier, sentence: str, clause: str, says: str) -> None:
    findings = verifier.sentence(sentence, [clause])
    assert any(says in finding.message for finding in findings)
    assert all(finding.sentence == sentence for finding in findings)


def test_a_sentence_needs_clauses_that_exist(verifier: Verifier) -> None:
    assert codes(verifier, "给予贷款贴息。") == {"no_citation"}
    assert codes(verifier, "给予贷款贴息。", "浦府办〔2025〕29号/十八") == {"unknown_clause"}
    assert codes(verifier, "给予贷款贴息。", LOAN, "没有/一") == {"unknown_clause"}


def test_any_of_the_cited_clauses_may_support_a_figure(verifier: Verifier) -> None:
    sentence = "对符合条件的金融科技企业给予贷款贴息；到2026年重点金融科技企业超过50家。"
    assert "figure_not_in_clause" in codes(verifier, sentence, LOAN)
    assert codes(verifier, sentence, LOAN, GOALS) == set()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.integers(2, 10**6).filter(lambda number: str(number) not in "1000 300 50 2026 10 20 30"), st.sampled_from(["万元", "家", "%", "年"]))
def test_a_figure_that_nobody_wrote_never_passes(pipeline: Pipeline, number: int, unit: str) -> None:
    text = "".join(pipeline.store.clause(GOALS).text.split())
    found = codes(pipeline.verifier, f"目标是{number}{unit}。", GOALS)
    assert f"{number}{unit}" in text or "figure_not_in_clause" in found


# --- whole drafts


@pytest.fixture
def draft(pipeline: Pipeline) -> Draft:
    """A true answer with one quote at least."""
    answer = pipeline.ask("浦东金融科技企业贷款有贴息吗")
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].clause_id == LOAN
    return answer.draft


def test_a_true_draft_passes_unchanged(verifier: Verifier, draft: Draft) -> None:
    assert verifier.verify(draft, DAY) == (draft, ())


def test_a_changed_quote_goes_and_an_answer_without_quotes_is_none(verifier: Verifier, draft: Draft) -> None:
    quote = draft.citations[0].quote
    harmed = replace(draft, citations=tuple(replace(c, quote=c.quote.replace("贴息", "贴现")) for c in draft.citations))
    assert "贴息" in quote
    checked, findings = verifier.verify(harmed, DAY)
    assert checked.status is Status.NOT_FOUND
    assert checked.quotes == checked.citations == ()
    assert "not_verbatim" in {finding.code for finding in findings}


def test_white_space_does_not_make_a_quote_another(verifier: Verifier, draft: Draft) -> None:
    spaced = replace(draft, citations=tuple(replace(c, quote=" ".join(c.quote)) for c in draft.citations))
    assert verifier.verify(spaced, DAY)[1] == ()


def test_a_lead_with_a_figure_of_its_own_takes_the_answer_down(verifier: Verifier, draft: Draft) -> None:
    lead = Sentence("可以，最高200万元：", draft.lead.citations)
    checked, findings = verifier.verify(replace(draft, lead=lead), DAY)
    assert checked.status is Status.NOT_FOUND
    assert "200万元" in findings[0].message


def test_a_note_that_does_not_hold_is_left_out(verifier: Verifier, draft: Draft) -> None:
    harmed = replace(draft, notes=(*draft.notes, Sentence("比例为50%。", draft.lead.citations)))
    checked, findings = verifier.verify(harmed, DAY)
    assert checked == draft
    assert [finding.code for finding in findings] == ["figure_not_in_clause"]


def test_an_unknown_clause_is_not_cited(verifier: Verifier, draft: Draft) -> None:
    ghost = replace(draft.citations[0], clause_id="浦府办〔2025〕29号/十八", number=99)
    checked, findings = verifier.verify(replace(draft, citations=(*draft.citations, ghost)), DAY)
    assert checked.citations == draft.citations
    assert [finding.code for finding in findings] == ["unknown_clause"]


def test_an_answer_from_an_expired_policy_must_say_so(verifier: Verifier, draft: Draft) -> None:
    assert "not_in_force" in {finding.code for finding in verifier.verify(draft, LATER)[1]}


def test_drafts_that_claim_nothing_pass(verifier: Verifier) -> None:
    nothing = Draft(Status.NOT_FOUND, Sentence("现有文件里没有找到这个问题的答案。"), notes=(Sentence("请拨打 12345。"),))
    assert verifier.verify(nothing, DAY) == (nothing, ())
