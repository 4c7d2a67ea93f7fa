"""Comparisons, several questions in one message, and facts of several headers, over towns that nothing was made for."""

from datetime import date

import pytest

from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.types import Status
from tests.libraries import REPO, answering
from tests.promises import broken

MIANYANG, YANTAI, CHANGZHOU = "绵科函〔2025〕143号", "烟建规〔2024〕9号", "常工信规〔2025〕37号"
XIANGYANG = "襄阳市青年人才安居政策解读"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return answering(REPO / "tests/gold/documents", tmp_path_factory.mktemp("towns"))


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("烟台的租赁补贴和绵阳的创新券，材料各要哪些", {YANTAI: "租赁补贴", MIANYANG: "创新券"}),
        ("烟台、绵阳的受理时间分别是什么", {YANTAI: "受理时间", MIANYANG: "受理时间"}),
    ],
)
def test_each_side_is_asked_what_is_said_of_it(pipeline: Pipeline, question: str, sides: dict[str, str]) -> None:
    query = pipeline.reader.read(question)
    assert query.compares
    assert {aspect.policies for aspect in query.aspects} == {(policy,) for policy in sides}
    for aspect in query.aspects:
        assert sides[aspect.policies[0]] in aspect.text
        assert not any(word in aspect.text for policy, word in sides.items() if word != sides[aspect.policies[0]])


def test_a_question_about_one_place_compares_nothing(pipeline: Pipeline) -> None:
    query = pipeline.reader.read("烟台的租赁补贴要满足哪些条件")
    assert not query.compares
    assert not any(aspect.policies for aspect in query.aspects)


def test_a_comparison_quotes_every_side_under_its_title(pipeline: Pipeline) -> None:
    answer = pipeline.ask("烟台和襄阳的租房补贴，申请材料有什么不同")
    assert answer.status is Status.ANSWERED
    titles = {policy.id: policy.title for policy in pipeline.store.policies}
    cited = {c.number: pipeline.store.clause(c.clause_id).policy_id for c in answer.citations}
    assert set(cited.values()) == {YANTAI, XIANGYANG}
    assert all(sentence.about == titles[cited[sentence.citations[0]]] for sentence in answer.draft.quotes)
    assert [f"【{titles[policy]}】" in plain_text(answer) for policy in (YANTAI, XIANGYANG)] == [True, True]
    assert broken(answer, pipeline.store) == []


def test_dates_of_several_headers_come_in_their_order(pipeline: Pipeline) -> None:
    answer = pipeline.ask("绵阳和烟台的文件，分别是哪天印发的")
    issued = {policy.id: policy.issued for policy in pipeline.store.policies}
    cited = [pipeline.store.clause(c.clause_id).policy_id for c in answer.citations]
    assert sorted(cited, key=lambda policy: issued[policy] or date.min) == cited
    assert set(cited) == {MIANYANG, YANTAI}
    assert broken(answer, pipeline.store) == []


def test_questions_of_one_message_are_answered_one_by_one(pipeline: Pipeline) -> None:
    first, second, nothing = "烟台租赁补贴一个月给多少", "绵阳创新券什么时候受理", "开宠物店需要什么证"
    answer = pipeline.ask(f"{first}？{second}？{nothing}？")
    assert answer.status is Status.PARTIAL
    assert list(dict.fromkeys(sentence.about for sentence in answer.draft.quotes)) == [first, second, nothing]
    assert nothing in answer.draft.missing
    assert {pipeline.store.clause(c.clause_id).policy_id for c in answer.citations} == {YANTAI, MIANYANG}
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert broken(answer, pipeline.store) == []
    alone = [pipeline.ask(question) for question in (first, second)]
    assert {c.clause_id for one in alone for c in one.citations} == {c.clause_id for c in answer.citations}
    ranks = [passage.rank for passage in answer.retrieved]
    assert ranks == list(range(1, len(ranks) + 1))
    assert len({passage.clause.id for passage in answer.retrieved}) == len(ranks)


def test_a_message_whose_questions_all_have_no_answer_is_not_found(pipeline: Pipeline) -> None:
    answer = pipeline.ask("开宠物店需要什么证？离婚财产怎么分？")
    assert answer.status is Status.NOT_FOUND
    assert answer.citations == ()
    assert broken(answer, pipeline.store) == []


def test_sentences_that_are_one_question_are_answered_as_one(pipeline: Pipeline) -> None:
    answer = pipeline.ask("创新券是怎么回事？谁能领、怎么用？")
    assert {sentence.about for sentence in answer.draft.quotes} == {""}
    assert {pipeline.store.clause(c.clause_id).policy_id for c in answer.citations} == {MIANYANG}
    assert broken(answer, pipeline.store) == []


def test_two_situations_are_quoted_from_a_clause_each(pipeline: Pipeline) -> None:
    query = pipeline.reader.read("烟台租房，审核材料要几天，公示又要几天")
    assert query.contrasts
    assert [aspect.text for aspect in query.aspects] == ["烟台租房,审核材料要几天", "烟台租房,公示又要几天"]
    answer = pipeline.ask("绵阳的创新券，申请要交的材料，和兑付要交的材料，一样吗")
    assert len({c.clause_id for c in answer.citations}) == 2
    assert broken(answer, pipeline.store) == []


def test_what_is_near_but_does_not_answer_is_offered_as_such(pipeline: Pipeline) -> None:
    answer = pipeline.ask("烟台租赁补贴去年一共发给了多少人")
    assert answer.status is Status.PARTIAL
    assert answer.draft.missing
    assert {pipeline.store.clause(c.clause_id).policy_id for c in answer.citations} == {YANTAI}
    assert broken(answer, pipeline.store) == []


def test_several_facts_of_a_header_are_told_together(pipeline: Pipeline) -> None:
    answer = pipeline.ask("绵阳那份通知的文号是多少，哪天印发的")
    policy = pipeline.store.policy(MIANYANG)
    assert answer.status is Status.ANSWERED
    assert any(policy.number in sentence.text for sentence in answer.draft.quotes)
    assert any(f"{policy.issued.year}年{policy.issued.month}月{policy.issued.day}日" in s.text for s in answer.draft.quotes)
    assert broken(answer, pipeline.store) == []


@pytest.mark.parametrize(
    ("question", "each"),
    [
        ("租金、装修、带宽，各补多少", True),
        ("烟台和绵阳的受理时间分别是什么", True),
        ("贴息和担保这两样都怎么办", True),
        ("各类企业都能申请吗", False),
        ("各区的窗口在哪", False),
        ("租赁补贴给多少", False),
    ],
)
def test_what_is_asked_of_each_is_told_from_kinds_and_regions(pipeline: Pipeline, question: str, each: bool) -> None:
    assert pipeline.reader.read(question).asks_each is each


def test_each_of_several_things_gets_its_own_clause(pipeline: Pipeline) -> None:
    answer = pipeline.ask("襄阳的补贴，夫妻俩都够条件、中途换单位，这两种各怎么办")
    assert {citation.clause_id for citation in answer.citations} == {f"{XIANGYANG}/问4", f"{XIANGYANG}/问8"}
    assert not broken(answer, pipeline.store)
