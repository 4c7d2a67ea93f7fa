"""Which policies are in force on a day, when a question asks for others, and that an answer says so."""

from datetime import date
from pathlib import Path

import pytest

from index.policy import parse_policy
from index.standing import Standing, Standings
from index.types import Policy
from rag.asked_day import asked_days, asked_versions
from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.types import Query, Status
from rag.versions import Versions
from tests.libraries import REPO, SMALL, answering

TODAY = date(2026, 1, 15)


def policy(number: str, title: str, issued: date | None, **fields: object) -> Policy:
    return Policy(id=number or title, title=title, text="", source="", sha256=number, number=number, issued=issued, **fields)


OLD = policy("常工信规〔2022〕15号", "智能改造资金实施细则", date(2022, 3, 1))
NEW = policy("常工信规〔2025〕37号", "智能改造资金实施细则（修订版）", date(2025, 6, 1))
OTHER = policy("常科发〔2025〕9号", "创新券管理办法", date(2025, 1, 1))
GONE = policy("常商发〔2020〕5号", "会展业发展补助方案", date(2020, 1, 1), expires=date(2022, 12, 31))
COMING = policy("常科发〔2026〕1号", "创新券管理办法", date(2026, 1, 10), effective=date(2026, 3, 1))
LIBRARY = (OLD, NEW, OTHER, GONE, COMING)


# --- standing


@pytest.mark.parametrize(
    ("one", "day", "standing"),
    [
        (OLD, date(2022, 2, 1), Standing.NOT_YET),
        (OLD, date(2024, 1, 1), Standing.IN_FORCE),
        (OLD, TODAY, Standing.REPLACED),
        (NEW, TODAY, Standing.IN_FORCE),
        (GONE, date(2022, 12, 31), Standing.IN_FORCE),
        (GONE, date(2023, 1, 1), Standing.EXPIRED),
        (OTHER, TODAY, Standing.IN_FORCE),
        (COMING, TODAY, Standing.NOT_YET),
        (OTHER, date(2026, 3, 1), Standing.REPLACED),
    ],
)
def test_standing_on_a_day(one: Policy, day: date, standing: Standing) -> None:
    assert Standings(LIBRARY).of(one, day) is standing


def test_what_takes_the_place() -> None:
    standings = Standings(LIBRARY)
    assert standings.successor(OLD, TODAY).policy == NEW
    assert standings.successor(OTHER, TODAY) is None
    assert (standings.coming(OTHER, TODAY).policy, standings.coming(OTHER, TODAY).day) == (COMING, date(2026, 3, 1))


def test_another_policy_declares_it_void() -> None:
    voided = policy("常科发〔2019〕2号", "科技创新券使用规定", date(2019, 1, 1))
    named = policy("", "技术交易补贴办法", date(2018, 1, 1))
    text = "第二十条 本办法自2025年2月1日起施行，原《科技创新券使用规定》（常科发\n〔2019〕2号）和《技术交易补贴办法》同时废止。"
    new = parse_policy(f"创新券管理办法\n常科发〔2025〕9号\n2025年1月1日\n{text}", "a.txt", "")
    standings = Standings((new, voided, named))
    for old in (voided, named):
        assert standings.of(old, date(2025, 1, 31)) is Standing.IN_FORCE
        assert standings.of(old, date(2025, 2, 1)) is Standing.REPLACED


def test_versions_without_a_date_and_of_other_towns_are_left_alone() -> None:
    undated = policy("", "章程", None)
    north = policy("甲〔2020〕1号", "章程", date(2020, 1, 1), region="甲市")
    south = policy("乙〔2024〕1号", "章程", date(2024, 1, 1), region="乙市")
    standings = Standings((undated, north, south))
    assert {standings.of(p, TODAY) for p in (undated, north, south)} == {Standing.IN_FORCE}


# --- what a question asks for


@pytest.mark.parametrize(
    ("question", "days", "versions"),
    [
        ("2019年时最高补多少", [date(2019, 12, 31)], []),
        ("2019年6月的标准是多少", [date(2019, 6, 30)], []),
        ("截至2020年2月3日怎么规定的", [date(2020, 2, 3)], []),
        ("2010年版的条例怎么说", [], [2010]),
        ("what did the 2022 rules pay", [], [2022]),
        ("2019年成立的企业能申请吗", [], []),
        ("2019年时我们刚成立，能申请吗", [], []),
        ("2025-2026年行动方案讲了什么", [], []),
        ("到2030年时目标是多少", [], []),
        ("2019年2月30日的规定", [], []),
    ],
)
def test_the_day_and_the_version_asked_for(question: str, days: list[date], versions: list[int]) -> None:
    assert (list(asked_days(question, TODAY)), list(asked_versions(question))) == (days, versions)


@pytest.mark.parametrize(
    ("question", "unwanted"),
    [
        ("智能改造最多补多少", {OLD, GONE, COMING}),
        ("2022年版的智能改造最多补多少", {NEW, OTHER, COMING}),
        ("2023年时智能改造最多补多少", {NEW, OTHER, COMING, GONE}),
        ("2021年时会展补多少", {OLD, NEW, OTHER, COMING}),
        ("常工信规〔2022〕15号最多补多少", {GONE, COMING}),
        ("智能改造旧版最多补多少", {COMING}),
        ("以前的标准是多少", {COMING}),
        ("當年在常州辦會展補多少", {COMING}),
        ("我们以前申请过，还能再申请吗", {OLD, GONE, COMING}),
        ("2025年智能改造最多补多少", {OLD, GONE, COMING}),
        ("会展业发展补助方案最高补多少", {OLD, COMING}),
        ("智能改造资金实施细则最高补多少", {OLD, GONE, COMING}),
        ("常科发〔2026〕1号补多少", {OLD, GONE}),
    ],
)
def test_a_question_gets_the_version_it_asks_for(question: str, unwanted: set[Policy]) -> None:
    versions = Versions(Standings(LIBRARY), lambda: TODAY)
    assert versions.unwanted(Query(question, question)) == {p.id for p in unwanted}


def test_what_the_answer_before_cited_is_still_asked_for() -> None:
    versions = Versions(Standings(LIBRARY), lambda: TODAY)
    query = Query("那最长几年", "会展补助最长几年", carried="会展补助", previous=(f"{GONE.id}/三",))
    assert GONE.id not in versions.unwanted(query)


# --- answers

OLDER = SMALL.replace("江府办〔2030〕7号", "江府办〔2027〕2号").replace("20万元", "8万元").replace("2030年1月1日", "2027年1月1日")


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three policies of one town: an old version, its successor, one that expires."""
    folder = tmp_path_factory.mktemp("towns")
    (folder / "old.txt").write_text(OLDER + "2026年12月1日\n", encoding="utf-8")
    (folder / "new.txt").write_text(SMALL + "2029年12月1日\n", encoding="utf-8")
    text = "江州市企业用房租金补贴方案\n\n江府办〔2028〕4号\n\n第一条 租赁办公用房的企业，每月每平方米补贴租金15元。\n第二条 本方案自2028年1月1日起施行，有效期两年。\n"
    (folder / "rent.txt").write_text(text, encoding="utf-8")
    return folder


def on(day: str, towns: Path, tmp_path: Path) -> Pipeline:
    return answering(towns, tmp_path / "index", RAG_TODAY=day)


@pytest.mark.parametrize(
    ("day", "question", "amount", "notes"),
    [
        ("2028-06-01", "企业上云补贴最高多少钱", "最高8万元", "自2030年1月1日起，《江州市企业上云补贴办法》（江府办〔2027〕2号）将被"),
        ("2030-06-01", "企业上云补贴最高多少钱", "最高20万元", ""),
        ("2030-06-01", "企业上云补贴旧版最高多少钱，就是江府办〔2027〕2号", "最高8万元", "自2030年1月1日起已被《江州市企业上云补贴办法》（江府办〔2030〕7号）取代"),
        ("2031-06-01", "2028年时企业上云补贴最高多少钱", "最高8万元", "已被"),
        ("2028-06-01", "租赁办公用房每平方米补多少", "15元", ""),
        ("2031-06-01", "2029年时租赁办公用房每平方米补多少", "15元", "已于2029年12月31日到期，以上内容现在不再适用"),
    ],
)
def test_the_amount_is_that_of_the_day_asked_for(
    towns: Path, tmp_path: Path, day: str, question: str, amount: str, notes: str
) -> None:
    answer = on(day, towns, tmp_path).ask(question)
    said = plain_text(answer)
    assert amount in said
    assert [other for other in ("8万元", "20万元", "15元") if other in said and other not in amount] == []
    assert notes in said
    assert ("注意" in said) is bool(notes)
    assert answer.findings == ()


def test_what_has_expired_is_named_and_its_amount_is_not_given(towns: Path, tmp_path: Path) -> None:
    answer = on("2031-06-01", towns, tmp_path).ask("租赁办公用房每平方米补多少")
    said = plain_text(answer)
    assert answer.status is Status.PARTIAL
    assert "15元" not in said
    assert "《江州市企业用房租金补贴方案》（江府办〔2028〕4号）写过，但已于2029年12月31日到期" in said
    assert [citation.quote for citation in answer.citations] == ["有效期两年"]


def test_a_fact_of_a_replaced_document_says_so_too(towns: Path, tmp_path: Path) -> None:
    answer = on("2031-06-01", towns, tmp_path).ask("江府办〔2027〕2号是从哪天起施行的")
    assert "2027年1月1日" in answer.draft.lead.text
    assert "已被《江州市企业上云补贴办法》（江府办〔2030〕7号）取代" in plain_text(answer)
    assert answer.findings == ()


def test_an_answer_from_what_is_not_yet_in_force_says_from_when(towns: Path, tmp_path: Path) -> None:
    answer = on("2027-06-01", towns, tmp_path).ask("租赁办公用房每平方米补多少")
    assert "注意：《江州市企业用房租金补贴方案》（江府办〔2028〕4号）自2028年1月1日起施行，现在尚未生效。" in plain_text(answer)


def test_a_policy_of_a_town_that_has_expired(tmp_path: Path) -> None:
    pipeline = answering(REPO / "tests/gold/documents", tmp_path / "index")
    now, then = pipeline.ask("赣州贷款贴息的比例是多少"), pipeline.ask("2022年时赣州贷款贴息的比例是多少")
    assert "《赣州市小微企业贷款贴息实施方案》（赣市金字〔2021〕33号）写过，但已于2023年12月31日到期" in plain_text(now)
    assert "%" not in plain_text(now)
    assert {citation.clause_id.split("/")[0] for citation in then.citations} == {"赣市金字〔2021〕33号"}
    assert "已于2023年12月31日到期" in plain_text(then)
    assert "赣州" not in plain_text(pipeline.ask("襄阳贷款贴息的比例是多少"))
