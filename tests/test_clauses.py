"""The clause tree: the gold tree of the shipped policies, and what holds for any text."""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.align import locate, squeeze
from index.clauses import split_clauses
from index.policy import parse_policy
from index.reader import policy_files, read_text
from index.types import Clause, ClauseKind, Policy, Span

SEEDS = Path(__file__).parents[1] / "data" / "policies"
GOLD = Path(__file__).parents[2] / "shared" / "eval" / "clauses.json"
_ASIDE = re.compile(r"[\s*#]")


def tree(text: str, source: str = "文件.txt") -> tuple[Policy, tuple[Clause, ...]]:
    policy = parse_policy(text, source, "")
    return policy, split_clauses(policy)


def paths(text: str) -> list[str]:
    return ["/".join(clause.path) for clause in tree(text)[1]]


def plain(text: str) -> str:
    return _ASIDE.sub("", text)


def test_the_shipped_policies_give_the_gold_tree() -> None:
    if not GOLD.is_file():
        message = f"没有找到 {GOLD}，五份政策的条款树没有核对。"
        print(f"\n*** {message} ***", file=sys.__stderr__)
        pytest.skip(message)
    gold = {clause["id"]: plain(clause["text"]) for clause in json.loads(GOLD.read_text(encoding="utf-8"))}
    read = [clause for path in policy_files(SEEDS) for clause in tree(read_text(path), path.name)[1]]
    assert {clause.id: plain(clause.text) for clause in read} == gold
    assert len(read) == len(gold) == 128


def test_numbering_that_runs_on_stays_under_its_section() -> None:
    _, clauses = tree(read_text(SEEDS / "huangpu-park-2025.txt"))
    numbered = [clause for clause in clauses if clause.path[0] == "二" and len(clause.path) == 3]
    assert [clause.path[2] for clause in numbered] == [str(number) for number in range(1, 16)]
    assert numbered[10].id == "黄府发〔2025〕3号/二/（四）/11"
    assert numbered[10].heading == "11.强化科技金融服务功能"
    assert numbered[10].ancestors == ("二、重点任务", "（四）提升园区创新密度")


def test_a_heading_alone_is_a_node_and_one_with_text_below_is_one_clause() -> None:
    _, clauses = tree(read_text(SEEDS / "jingan-park-2025.txt"))
    by_path = {"/".join(clause.path): clause for clause in clauses}
    assert by_path["三"].kind is ClauseKind.HEADING
    assert by_path["三/（一）"].kind is ClauseKind.CLAUSE
    assert by_path["三/（一）"].text.startswith(
        "（一）加强组织领导\n加强区委、区政府对园区发展建设的统一领导，建立健全区级层面"
    )


def test_wrapped_and_torn_lines_are_rejoined_within_sentences() -> None:
    for path in policy_files(SEEDS):
        for clause in tree(read_text(path))[1]:
            if clause.kind is ClauseKind.CLAUSE:
                body = clause.text.partition("\n")[2]
                assert all(line.endswith("。") for line in body.split("\n") if line), clause.id


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("（二）骗取补助的，三年内不得申报。\n联系人：某科，0000-1234567", "尾"),
        ("（二）监督检查。申报材料应当真实。\n联系人：某科，0000-1234567", "尾"),
        ("（二）咨询。工作日受理。\n联系人：某科，0000-1234567", "一/（二）"),
        ("（二）动态调整。本办法实施满一年后评估。\n本办法由某局负责解释。", "附则"),
        ("（二）其他支持措施。给予指导。\n本办法由某局负责解释。", "附则"),
        ("（二）组织实施。各部门配合。\n本办法自2026年1月1日起施行。", "附则"),
        ("（二）其他。给予指导。\n本办法由某局负责解释。", "一/（二）"),
        ("（二）实施日期\n本办法自2026年1月1日起施行。", "一/（二）"),
        ("（二）本办法自2026年1月1日起施行。\n本办法由某局负责解释。", "一/（二）"),
    ],
)
def test_what_stands_below_the_last_clause_belongs_to_it_by_its_heading_only(last: str, expected: str) -> None:
    assert paths(f"一、甲\n（一）乙。\n{last}\n")[-1] == expected


def test_an_item_torn_by_a_single_line_break_is_rejoined_and_a_heading_is_not() -> None:
    torn = "一、班车补助\n（一）开通夜间班车的，按实际\n趟次每趟补助90元。\n（二）合并线路的，不予补助。另行核定。\n"
    first = next(clause for clause in tree(torn)[1] if clause.path == ("一", "（一）"))
    assert first.text == "（一）开通夜间班车的，按实际趟次每趟补助90元。"
    heads = "一、原则\n（一）坚持统筹，突出重点\n统一规划班车线路。\n（二）坚持便民，方便换乘\n增设站点。\n"
    first = next(clause for clause in tree(heads)[1] if clause.path == ("一", "（一）"))
    assert first.text == "（一）坚持统筹，突出重点\n统一规划班车线路。"


def test_a_number_torn_by_a_line_break_is_one_number() -> None:
    wrapped = [
        "一、到2030年底，全市装备制造产业规模突破58",
        "0亿元，新建测试场地4处，累计服务企业不少于2",
        "600家，其中规模以上企业占四成，于2030年11月2",
        "5日前完成验收；可拨打0000-7654321或者2345678",
        "9876543咨询，也可以到现场办理。",
    ]
    (clause,) = (clause for clause in tree("\n".join(wrapped))[1] if clause.path == ("一",))
    assert "突破580亿元" in clause.text
    assert "不少于2600家" in clause.text
    assert "11月25日前" in clause.text
    assert "2345678 9876543" in clause.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("一、甲\n内容如下。\n二、乙\n内容。\n", ["一", "二"], id="numbers"),
        pytest.param("一、甲。\n二、二级市场规范。\n三、丙。\n", ["一", "三"], id="二、二级市场 is no heading"),
        pytest.param("一、甲\n二、三年目标\n三、丙\n", ["一", "二", "三"], id="二、三年目标 is one"),
        pytest.param(
            "第一条 依照\n第二条规定的标准执行。\n第二条 乙。\n", ["第一条", "第二条"], id="a reference after a wrap"
        ),
        pytest.param(
            "一、甲\n（一）项目在本市；\n（二）款项已付；\n（三）目标明确。\n二、乙\n（一）项目总结；\n（二）目录。\n",
            ["一", "一/（一）", "一/（二）", "一/（三）", "二", "二/（一）", "二/（二）"],
            id="（一）项目 is an item, not a reference",
        ),
        pytest.param(
            "一、甲\n（一）规定的学历；\n（二）规定的年限；\n（三）规定以外的材料。\n二、乙。\n",
            ["一", "一/（一）", "一/（二）", "一/（三）", "二"],
            id="（一）规定的 in a list is an item",
        ),
        pytest.param(
            "一、甲\n（一）乙；\n（二）丙。\n二、丁。有第一部分\n（一）项情形的除外。\n三、戊。\n",
            ["一", "一/（一）", "一/（二）", "二", "三"],
            id="（一）项 is a reference",
        ),
        pytest.param(
            "一、甲\n乙。\n二、附则\n本办法自2025年1月1日起施行。\n", ["一", "二"], id="二、附则 keeps its number"
        ),
        pytest.param("一、甲\n乙。\n本办法自2025年1月1日起施行。\n", ["一", "附则"], id="a closing without a number"),
        pytest.param("第1条 甲。\n第 二 条 乙。\n第二条之一 丙。\n", ["第一条", "第二条", "第二条之一"], id="spelling"),
        pytest.param("一、达到\n1.4万人。\n2026年建成。\n", ["一"], id="1.4万人 and 2026年"),
        pytest.param("一、甲\n(一)乙。\n（ 二 ）丙。\n", ["一", "一/（一）", "一/（二）"], id="brackets"),
        pytest.param("一、甲\n1．乙。\n2、丙。\n3. 丁。\n", ["一", "一/1", "一/2", "一/3"], id="points"),
        pytest.param("一、甲。\n一是乙。\n二是丙。\n", ["一"], id="一是 stays inside"),
        pytest.param("一、甲。\n三、乙。\n三、丙。\n", ["一", "三", "三#2"], id="numbered wrongly"),
        pytest.param(
            "一、甲\n（一）乙\n1.丙。\n（二）丁\n2.戊。\n",
            ["一", "一/（一）", "一/（一）/1", "一/（二）", "一/（二）/2"],
            id="runs on",
        ),
        pytest.param(
            "一、甲\n1.乙，包括：\n（一）丙；\n（二）丁。\n2.戊。\n",
            ["一", "一/1", "一/1/（一）", "一/1/（二）", "一/2"],
            id="mixed",
        ),
        pytest.param(
            "1.甲\n（一）乙。\n（二）丙。\n2.丁\n（一）戊。\n",
            ["1", "1/（一）", "1/（二）", "2", "2/（一）"],
            id="upside down",
        ),
        pytest.param(
            "第一章 甲\n一、乙。\n第二章 丙\n一、丁。\n", ["第一章", "第一章/一", "第二章", "第二章/一"], id="chapters"
        ),
    ],
)
def test_which_numbers_are_headings(text: str, expected: list[str]) -> None:
    assert paths(text) == expected


def test_a_clause_keeps_its_id_when_it_is_read_again() -> None:
    text = read_text(SEEDS / "pudong-fintech-2025.txt")
    assert tree(text) == tree(text)


def test_finds_a_quotation_across_line_breaks_and_emphasis() -> None:
    policy, clauses = tree(read_text(SEEDS / "pudong-lujiazui-park-2025.txt"))
    by_path = {"/".join(clause.path): clause for clause in clauses}
    found = locate(policy.text, by_path["一"], "五是双城联动生态体系更加完善。到2026年")
    assert found is not None
    assert policy.text[found.start : found.end] == "五是双城联动生态体系更加完\n\n善。到 2026 年"
    emphasised = locate(policy.text, by_path["二/（一）/1"], "优化统筹协调机制。构建")
    assert emphasised is not None
    assert policy.text[emphasised.start : emphasised.end] == "优化统筹协调机制。**构建"
    assert locate(policy.text, by_path["一"], "优化统筹协调机制") is None
    assert locate(policy.text, by_path["一"], " ") is None


_PIECES = st.sampled_from(
    ["一、", "二、", "（一）", "（二）", "1.", "2．", "3、", "（1）", "①", "第一条　", "第二条", "第一章 总则", "第二节 审核", "目录", "附件",
     "附件1：", "附件2", "抄送：各部门。", "2025年4月17日", "2025年4月17日印发", "某某市人民政府文件", "某府〔2025〕1号", "问1：", "答：", "Q：",
     "关于印发《某办法》的通知", "某某办法", "各有关单位：", "特此通知。", "（此件公开发布）", "本办法自2025年1月1日起施行。", "**", "# ", "|", "\t",
     "支持企业发展", "给予补助，", "不超过10万元。", "“", "”", "《", "》", "：", "\n", "\n", "\n\n", " ", "\u3000\u3000", "- 3 -", "某某市财政局"]
)  # fmt: skip
_TEXTS = st.one_of(st.lists(_PIECES, max_size=60).map("".join), st.text(max_size=200))


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_every_character_stands_in_exactly_one_node(text: str) -> None:
    policy, clauses = tree(text)
    spans = sorted(span for clause in clauses for span in clause.spans)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    covered = {place for span in spans for place in range(span.start, span.end)}
    assert all(place in covered for place, sign in enumerate(text) if not sign.isspace())
    for clause in clauses:
        assert plain("".join(text[span.start : span.end] for span in clause.spans)) == plain(clause.text)
    assert len({clause.id for clause in clauses}) == len(clauses)
    assert all(clause.id == f"{policy.id}/{'/'.join(clause.path)}" for clause in clauses)


@settings(max_examples=200, deadline=None)
@given(_TEXTS, st.data())
def test_every_quotation_of_a_clause_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    policy, clauses = tree(text)
    for clause in clauses:
        for span in clause.spans:
            signs, _ = squeeze(policy.text, (span,))
            if not signs:
                continue
            start = data.draw(st.integers(0, len(signs) - 1))
            quote = signs[start : start + 12]
            found = locate(policy.text, clause, quote)
            assert found is not None
            assert squeeze(policy.text, (Span(found.start, found.end),))[0] == quote
