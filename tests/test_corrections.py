"""The register put right by hand: what can be, that it outlives builds, and that it can be undone."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.clauses import split_clauses
from index.corrections import CORRECTIONS, check, corrected, read_corrections
from index.errors import RegisterError
from index.policy import parse_policy
from index.topics import topics, with_topics
from tests.libraries import SMALL, inside

OTHER = """江州市人才公寓管理办法

江府办〔2029〕3号

第一条 高层次人才可以申请人才公寓。
第二条 本办法自2029年1月1日起施行，有效期至2031年12月31日。
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library of two policies, built."""
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "cloud.txt").write_text(SMALL, encoding="utf-8")
    (folder / "flats.txt").write_text(OTHER, encoding="utf-8")
    done(tmp_path, "build", "--policies", folder)
    return tmp_path


def done(root: Path, *arguments: object) -> str:
    ran = inside(*arguments, "--out", root / "index")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def entries(root: Path, day: str = "2030-06-01") -> dict[str, dict]:
    return {entry["file"]: entry for entry in json.loads(done(root, "list", "--json", "--on", day))}


def test_the_register_as_read(library: Path) -> None:
    entry = entries(library)["flats.txt"]
    assert (entry["number"], entry["effective"], entry["expires"]) == ("江府办〔2029〕3号", "2029-01-01", "2031-12-31")
    assert (entry["region"], entry["level"], entry["topics"]) == ("江州市", "市", ["人才", "土地房产"])
    assert (entry["status"], entry["corrected"]) == ("现行有效", [])
    assert entry["read_from"]["expires"] == ["有效期至2031年12月31日"]
    assert entry["read_from"]["topics"] == ["人才", "公寓"]
    assert entries(library, "2028-01-01")["flats.txt"]["status"] == "尚未施行"
    assert entries(library, "2032-01-01")["flats.txt"]["status"] == "已到期"


def test_a_correction_outlives_builds_and_can_be_undone(library: Path) -> None:
    said = done(library, "correct", "江府办〔2029〕3号", "有效期至=2033-12-31", "topics=人才")
    assert "有效期至\t2033-12-31（手工更正）" in said
    (library / "policies" / "new.txt").write_text(SMALL.replace("7号", "8号"), encoding="utf-8")
    done(library, "build", "--policies", library / "policies")
    entry = entries(library, "2032-01-01")["flats.txt"]
    assert (entry["expires"], entry["topics"], entry["status"]) == ("2033-12-31", ["人才"], "现行有效")
    assert entry["corrected"] == ["expires", "topics"]
    assert "expires" not in entry["read_from"]
    done(library, "correct", "江府办〔2029〕3号", "有效期至", "主题")
    entry = entries(library)["flats.txt"]
    assert (entry["expires"], entry["topics"], entry["corrected"]) == ("2031-12-31", ["人才", "土地房产"], [])


def test_a_corrected_number_moves_the_clauses(library: Path) -> None:
    done(library, "correct", "江府办〔2029〕3号", "文号=江府办〔2029〕5号", "有效期至=")
    assert "江府办〔2029〕5号/第一条" in done(library, "show", "江府办〔2029〕5号")
    assert entries(library)["flats.txt"]["expires"] is None


def test_what_is_replaced_names_its_successor(library: Path) -> None:
    (library / "policies" / "cloud2.txt").write_text(
        SMALL.replace("〔2030〕7号", "〔2031〕1号").replace("自2030年", "自2031年")
        + "第三条 《江州市人才公寓管理办法》（江府办〔2029〕3号）同时废止。\n2030年12月1日\n", encoding="utf-8")
    done(library, "build", "--policies", library / "policies")
    flats, cloud = (entries(library, "2031-06-01")[file] for file in ("flats.txt", "cloud2.txt"))
    assert (flats["status"], flats["successor"]) == ("已被取代", "江府办〔2031〕1号")
    assert cloud["repeals"] == ["江府办〔2029〕3号"]
    assert entries(library, "2030-12-31")["flats.txt"]["status"] == "现行有效"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("有效期至=2027年", "有效期至须是 2026-01-31 这样的日期，现在是“2027年”"),
        ("级别=市", "没有“级别”这个登记项"),
        ("层级=镇", "层级只能是国家、省、市、区县、园区，现在是“镇”"),
        ("主题=人才、美食", "没有“美食”这个主题"),
        ("标题=", "标题不能空"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(library: Path, change: str, says: str) -> None:
    ran = inside("correct", "江府办〔2029〕3号", "发文机关=江州市住建局", change, "--out", library / "index")
    assert ran.returncode == 1
    assert says in ran.stderr
    assert not (library / "policies" / CORRECTIONS).exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"a.txt": 1}', '{"a.txt": {"expires": "明年"}}', '{"a.txt": {"x": ""}}'])
def test_a_damaged_list_of_corrections_says_so(library: Path, content: str) -> None:
    (library / "policies" / CORRECTIONS).write_text(content, encoding="utf-8")
    with pytest.raises(RegisterError, match=CORRECTIONS):
        read_corrections(library / "policies")
    ran = inside("build", "--policies", library / "policies", "--out", library / "index")
    assert (ran.returncode, CORRECTIONS in ran.stderr) == (1, True)
    assert len(entries(library)) == 2  # the old index stands


def test_a_corrected_expiry_counts_as_stated() -> None:
    plan = parse_policy("江州市行动方案（2025-2026年）\n一、目标\n发展。\n", "a.txt", "")
    assert (plan.expires, plan.states_expiry) == (date(2026, 12, 31), False)
    assert corrected(plan, {"expires": "2027-06-30"}).states_expiry


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("关于促进小微企业贷款贴息的实施方案", ("企业发展", "金融信贷")),
        ("江州市知识产权保护条例", ("知识产权",)),
        ("江州市优化营商环境条例", ("政务营商",)),
        ("江州市钟表陈列规范", ()),
    ],
)
def test_topics_of_a_title(title: str, named: tuple[str, ...]) -> None:
    policy = parse_policy(f"{title}\n第一条 为了规范，制定本规定。\n", "a.txt", "")
    assert set(with_topics(policy, split_clauses(policy)).topics) == set(named)
    assert set(named) <= set(topics())


def test_topics_of_headings_need_several() -> None:
    text = "江州市高质量发展若干措施\n" + "".join(
        f"{number}、{words}\n给予支持。\n" for number, words in zip("一二三四", ("引进专家", "落户便利", "人才公寓", "专利"), strict=True)
    )
    policy = parse_policy(text, "a.txt", "")
    assert with_topics(policy, split_clauses(policy)).topics == ("人才",)


def test_every_topic_can_be_corrected_to() -> None:
    check("topics", "、".join(topics()))
