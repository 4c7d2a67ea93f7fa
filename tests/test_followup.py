"""Follow-up questions: what is taken over from the turns before, and what is not."""

import pytest

from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.types import Query, Status, Turn

LUJIAZUI, JINGAN, HUANGPU, EXPO = "浦府〔2025〕64号", "静府发〔2025〕5号", "黄府发〔2025〕3号", "浦府〔2025〕46号"
FIRST = "陆家嘴园对外籍人才有什么支持"


def read(pipeline: Pipeline, *messages: str) -> Query:
    """Return the query of the last message after the others, which a person sent."""
    return pipeline.reader.read(messages[-1], tuple(Turn("user", message) for message in messages[:-1]))


def surest(query: Query) -> str:
    return max(query.named, key=lambda item: item[1])[0]


@pytest.mark.parametrize(
    ("question", "policy"), [("那静安呢？", JINGAN), ("黄浦园呢", HUANGPU), ("那世博园有没有", EXPO)]
)
def test_another_place_takes_the_topic_and_leaves_the_place(pipeline: Pipeline, question: str, policy: str) -> None:
    query = read(pipeline, FIRST, question)
    assert "外籍人才" in query.text and "外籍人才" in query.carried
    assert "陆家嘴" not in query.text
    assert surest(query) == policy
    assert LUJIAZUI not in dict(query.named)


def test_a_question_about_a_detail_takes_topic_and_place(pipeline: Pipeline) -> None:
    query = read(pipeline, FIRST, "能补多少钱？")
    assert "陆家嘴" in query.text and "外籍人才" in query.text and "多少钱" in query.text
    assert surest(query) == LUJIAZUI


def test_a_follow_up_that_only_names_a_detail_asks_for_that_detail(pipeline: Pipeline) -> None:
    details = dict(read(pipeline, "浦东金融科技企业的贷款贴息要交什么材料", "那上限呢").details)
    assert details["materials"] < 0.1
    again = dict(read(pipeline, "陆家嘴园的贷款贴息要交什么材料", "那静安呢").details)
    assert again["materials"] > 0.5


def test_a_place_in_latin_letters_is_left_too(pipeline: Pipeline) -> None:
    query = read(pipeline, "Do you support AI startups with rent in Xuhui?", "And in Jing'an?")
    assert "xuhui" not in query.text.lower()
    assert query.foreign == ()
    assert surest(query) == JINGAN


@pytest.mark.parametrize("question", ["世博园的文号是多少", "静安园的区块链企业有什么支持", "浦东办金融科技论坛能拿到资金支持吗"])
def test_a_new_topic_drops_the_turns(pipeline: Pipeline, question: str) -> None:
    query = read(pipeline, FIRST, question)
    assert query.carried == ""
    assert "外籍" not in query.text
    assert query.previous == ()
    assert query == read(pipeline, question)


def test_clauses_cited_before_are_remembered_where_a_question_leans_on_them(pipeline: Pipeline) -> None:
    before = pipeline.ask("浦东金融科技企业贷款有贴息吗")
    cited = {citation.clause_id for citation in before.citations}
    assert "浦府办〔2025〕29号/八" in cited
    turns = (Turn("user", before.question), Turn("assistant", plain_text(before)))
    assert set(pipeline.reader.read("最多多少钱？", turns).previous) == cited
    assert pipeline.reader.read("静安园的文号是什么", turns).previous == ()


def test_only_what_a_person_asked_is_carried(pipeline: Pipeline) -> None:
    turns = (Turn("assistant", "您好，我是政策问答助手。"),)
    assert pipeline.reader.read("那静安呢？", turns).carried == ""
    assert pipeline.reader.read("那静安呢？", ()).carried == ""


def test_the_answer_follows_the_place(pipeline: Pipeline) -> None:
    first = pipeline.ask(FIRST)
    assert {citation.clause_id.rpartition("/二/")[0] for citation in first.citations} == {LUJIAZUI}
    turns = (Turn("user", FIRST), Turn("assistant", plain_text(first)))
    then = pipeline.ask("那静安呢？", turns)
    assert then.status.value in {"answered", "partial"}
    assert {citation.clause_id.split("/")[0] for citation in then.citations} == {JINGAN}
    assert "外籍" in "".join(citation.quote for citation in then.citations) or "人才" in plain_text(then)


def test_after_a_change_of_topic_the_answer_is_the_one_without_turns(pipeline: Pipeline) -> None:
    turns = (Turn("user", FIRST), Turn("assistant", plain_text(pipeline.ask(FIRST))))
    question = "浦东金融科技企业贷款有贴息吗"
    assert pipeline.ask(question, turns).draft == pipeline.ask(question).draft


@pytest.mark.parametrize(("message", "goes_on"), [("我家猫丢了找谁", False), ("担保费呢", True), ("那静安呢", True), ("上限是多少", True)])
def test_a_message_that_the_documents_say_nothing_of_changes_the_topic(pipeline: Pipeline, message: str, goes_on: bool) -> None:
    turns = (Turn("user", "浦东金融科技企业贷款有贴息吗"),)
    assert pipeline.reader.read(message, turns).carried  # by its words all of them go on
    answer = pipeline.ask(message, turns)
    assert bool(answer.query.carried) is goes_on
    assert (answer.status is Status.NOT_FOUND) is not goes_on
