"""Drafts in words: leads, quotes, notes on validity, facts of headers, the answer as plain text."""


import pytest

from rag.compose import heading_words
from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.types import Answer, Citation, Draft, Query, Sentence, Status
from tests.promises import broken


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("（一）深化体制机制改革创新", "深化体制机制改革创新"),
        ("(十二)保障措施。", "保障措施"),
        ("八、完善投融资体系", "完善投融资体系"),
        ("11.强化科技金融服务功能", "强化科技金融服务功能"),
        ("第九条 补贴标准", "补贴标准"),
        ("**三、附则**", "附则"),
        ("", ""),
    ],
)
def test_a_heading_is_read_without_its_number(heading: str, words: str) -> None:
    assert heading_words(heading.strip("*")) == words


def test_plain_text_holds_all_that_is_shown() -> None:
    draft = Draft(
        Status.PARTIAL,
        Sentence("文件有相关规定，但没有写明具体金额：", (1, 2)),
        quotes=(Sentence("“给予补贴。”", (1,)),),
        missing=("具体金额",),
        notes=(Sentence("可向发文机关核实。"),),
        citations=(Citation(1, "甲/一", "甲 · 一", "给予补贴。", 0, 5), Citation(2, "甲/二", "甲 · 二", "另行规定。", 5, 10)),
        suggestions=("怎么申请",),
    )
    assert plain_text(Answer("补多少", draft, Query("补多少", "补多少"))).splitlines() == [
        "文件有相关规定，但没有写明具体金额：",
        "“给予补贴。”（甲 · 一）",
        "依据：“另行规定。”（甲 · 二）",
        "文件未写明：具体金额。",
        "可向发文机关核实。",
        "· 怎么申请",
    ]


# --- facts of headers


@pytest.mark.parametrize(
    ("question", "clause", "says", "quote"),
    [
        ("静安园方案的文号是多少", "静府发〔2025〕5号/题", "静府发〔2025〕5号", "静府发〔2025〕5号"),
        ("29号文的成文日期是哪天", "浦府办〔2025〕29号/题", "2025年7月21日", "2025年7月21日"),
        ("29号文有效期到什么时候", "浦府办〔2025〕29号/附则", "2027年12月31日", "有效期至 2027 年 12 月 31 日"),
        ("世博园方案的印发日期是哪天", "浦府〔2025〕46号/题", "2025年3月31日", "2025年3月31日"),
        ("黄浦园这个方案是哪个部门发的", "黄府发〔2025〕3号/题", "上海市黄浦区人民政府", "上海市黄浦区人民政府"),
    ],
)
def test_facts_of_a_document_come_from_its_header(
    pipeline: Pipeline, question: str, clause: str, says: str, quote: str
) -> None:
    answer = pipeline.ask(question)
    assert answer.status is Status.ANSWERED
    assert says in answer.draft.lead.text
    assert [citation.clause_id for citation in answer.citations] == [clause]
    assert "".join(quote.split()) in "".join(answer.citations[0].quote.split())
    assert broken(answer, pipeline.store) == []
