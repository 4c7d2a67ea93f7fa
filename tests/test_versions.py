"""Which policies newer ones have replaced, and when a question asks for the old one."""

from datetime import date

import pytest

from index.types import Policy
from rag.types import Query
from rag.versions import Versions, replaced


def policy(number: str, title: str, issued: date | None, text: str = "") -> Policy:
    return Policy(id=number or title, title=title, text=text, source="", sha256=number, number=number, issued=issued)


OLD = policy("常工信规〔2022〕15号", "智能改造资金实施细则", date(2022, 3, 1))
NEW = policy("常工信规〔2025〕37号", "智能改造资金实施细则（修订版）", date(2025, 6, 1))
OTHER = policy("常科发〔2025〕9号", "创新券管理办法", date(2025, 1, 1))


def test_the_older_of_one_title_is_replaced():
    assert replaced([NEW, OLD, OTHER]) == {OLD.id}


def test_another_policy_declares_it_void():
    voided = policy("常科发〔2019〕2号", "科技创新券使用规定", date(2019, 1, 1))
    text = "第二十条 本办法自2025年2月1日起施行，原《科技创新券使用规定》（常科发\n〔2019〕2号）同时废止。"
    assert replaced([policy(OTHER.number, OTHER.title, OTHER.issued, text), voided]) == {voided.id}
    assert replaced([OTHER, voided]) == frozenset()


def test_versions_without_a_date_are_left_alone():
    assert replaced([policy("", "章程", None), policy("甲〔2020〕1号", "章程", date(2020, 1, 1))]) == frozenset()


@pytest.mark.parametrize(
    ("question", "unwanted"),
    [
        ("智能改造最多补多少", {OLD.id}),
        ("2022年版的智能改造最多补多少", set()),
        ("常工信规〔2022〕15号最多补多少", set()),
        ("智能改造旧版最多补多少", set()),
        ("2025年智能改造最多补多少", {OLD.id}),
    ],
)
def test_a_question_gets_the_version_it_asks_for(question, unwanted):
    assert Versions([OLD, NEW, OTHER]).unwanted(Query(question, question)) == unwanted
