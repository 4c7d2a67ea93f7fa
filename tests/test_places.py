"""Places and policies that a question names, over policies of towns that nothing was made for."""

import pytest

from index.types import Clause, ClauseKind
from rag.pipeline import Pipeline
from rag.places import PlaceIndex
from tests.libraries import REPO, answering

CHANGZHOU, OLDER = "常工信规〔2025〕37号", "常工信规〔2022〕15号"
MIANYANG, YANTAI, GANZHOU = "绵科函〔2025〕143号", "烟建规〔2024〕9号", "赣市金字〔2021〕33号"
XIANGYANG = "襄阳市青年人才安居政策解读"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> PlaceIndex:
    pipeline: Pipeline = answering(REPO / "tests/gold/documents", tmp_path_factory.mktemp("towns"))
    assert len(pipeline.store.policies) == 8
    return PlaceIndex(pipeline.store)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("襄阳的人才房怎么申请", {XIANGYANG}),
        ("襄阳市有租房补贴吗", {XIANGYANG}),
        ("绵科函〔2025〕143号说了什么", {MIANYANG}),
        ("绵科函[2025] 143 号说了什么", {MIANYANG}),
        ("143号文的补贴比例", {MIANYANG}),
        ("烟台和绵阳哪个给得多", {YANTAI, MIANYANG}),
        ("常州的智能工厂", {CHANGZHOU, OLDER}),
        ("能补多少钱", set()),
        ("非常熟悉的补贴", set()),
    ],
)
def test_policies_are_named_by_place_and_number(places: PlaceIndex, question: str, named: set[str]) -> None:
    found = places.named(question)
    assert set(found.policies) == named
    assert found.foreign == ()
    assert all(0 < weight <= 1 for weight in found.policies.values())


def test_a_name_that_two_policies_share_is_less_sure(places: PlaceIndex) -> None:
    shared, own = places.named("常州的补贴").policies, places.named("襄阳的补贴").policies
    assert max(shared.values()) < own[XIANGYANG] == 1


@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("苏州有没有补贴", ("苏州",)),
        ("北京市和常州市比", ("北京市",)),
        ("浙江杭州的人才政策", ("浙江", "杭州")),
        ("非常熟悉", ()),  # 常熟 is a city
        ("苏州港有没有补贴", ("苏州",)),
        ("新加坡政府给多少", ("新加坡",)),
        ("any support in Suzhou", ("苏州市",)),
        ("卖到新加坡的设备", ()),
        ("你们支持什么", ()),
    ],
)
def test_places_that_no_policy_covers_are_foreign(places: PlaceIndex, question: str, foreign: tuple[str, ...]) -> None:
    assert places.named(question).foreign == foreign


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("赣洲贴息", "赣州贴息"),
        ("泉洲市电商补贴", "泉州市电商补贴"),
        ("襄阳的房子 PCT 2025", "襄阳的房子 PCT 2025"),
        ("杨州", "杨州"),  # sounds like no policy's place
        ("", ""),
    ],
)
def test_names_misspelt_by_sound_are_put_right(places: PlaceIndex, typed: str, meant: str) -> None:
    assert places.spelt(typed) == meant


def test_the_topic_is_what_is_left_without_names(places: PlaceIndex) -> None:
    assert places.topic("襄阳的人才房怎么申请").strip() == "的人才房怎么申请"
    assert places.topic("能补多少钱") == "能补多少钱"
    assert places.topic("烟台") == "烟台"  # nothing would be left
    assert set(places.mentions("苏州和烟台的补贴")) == {"烟台", "苏州"}


def test_places_named_in_the_policies_are_covered(pipeline: Pipeline) -> None:
    """The shipped policies: their districts and parks are named, others are foreign."""
    places = PlaceIndex(pipeline.store)
    assert set(places.named("静安园支持什么").policies) == {"静府发〔2025〕5号"}
    assert places.named("静安区的人才政策").foreign == ()
    assert set(places.named("陆家嘴和世博园比").policies) == {"浦府〔2025〕64号", "浦府〔2025〕46号"}
    assert places.named("徐汇区的人才补贴").foreign == ("徐汇区",)
    assert places.spelt("黄埔园人均多少") == "黄浦园人均多少"


@pytest.mark.parametrize(
    ("question", "elsewhere"),
    [
        ("绵阳的补贴", {YANTAI, CHANGZHOU, OLDER, GANZHOU}),
        ("山东的租房补贴", {MIANYANG, CHANGZHOU, OLDER, GANZHOU}),  # 烟台 lies in 山东
        ("我们在绵阳，去烟台能拿补贴吗", {CHANGZHOU, OLDER, GANZHOU}),
        ("山东烟台的租房补贴", {MIANYANG, CHANGZHOU, OLDER, GANZHOU}),
        ("山东济南的租房补贴", {YANTAI, MIANYANG, CHANGZHOU, OLDER, GANZHOU}),  # another city of 山东
        ("德国客户问绵阳的补贴", {YANTAI, CHANGZHOU, OLDER, GANZHOU}),
        ("去绵阳出差的补贴", set()),  # only gone to
        ("卖到美国的设备有补贴吗", set()),
        ("能补多少钱", set()),
    ],
)
def test_rules_of_other_places_are_told_apart(places: PlaceIndex, question: str, elsewhere: set[str]) -> None:
    policies = (YANTAI, MIANYANG, CHANGZHOU, OLDER, GANZHOU)
    clauses = [Clause(f"{policy}/一", policy, ("一",), ClauseKind.CLAUSE, "一、", (), "给予补贴。", ()) for policy in policies]
    assert places.regions.elsewhere(question, clauses) == {f"{policy}/一" for policy in elsewhere}


def test_a_park_speaks_for_the_streets_of_its_district(pipeline: Pipeline) -> None:
    """前滩 lies in 浦东新区, whose government issued the plan of 世博园, and in no other district."""
    clauses = [clause for clause in pipeline.store.clauses if "前滩" not in clause.text]
    apart = PlaceIndex(pipeline.store).regions.elsewhere("前滩的诊所", clauses)
    assert {pipeline.store.clause(clause_id).policy_id for clause_id in apart} == {"黄府发〔2025〕3号", "静府发〔2025〕5号"}


def test_a_clause_speaks_for_the_places_that_it_names(places: PlaceIndex) -> None:
    naming = Clause(f"{YANTAI}/二", YANTAI, ("二",), ClauseKind.CLAUSE, "二、", (), "与绵阳共建园区。", ())
    silent = Clause(f"{YANTAI}/三", YANTAI, ("三",), ClauseKind.CLAUSE, "三、", (), "给予补贴。", ())
    assert places.regions.elsewhere("绵阳的补贴", [naming, silent]) == {silent.id}


def test_a_name_is_not_put_right_across_words(places: PlaceIndex) -> None:
    assert places.spelt("烟太的补贴") == "烟台的补贴"
    assert places.spelt("抽烟抬价") == "抽烟抬价"
