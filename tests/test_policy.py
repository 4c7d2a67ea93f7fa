"""The facts of a policy's header, each with the characters it was read from."""

from datetime import date
from pathlib import Path

import pytest

from index.clauses import split_clauses
from index.dates import add_years, date_in_name, find_dates
from index.numerals import to_chinese, to_int
from index.policy import parse_policy
from index.reader import policy_files, read_text
from index.types import Policy

SEEDS = Path(__file__).parents[1] / "data" / "policies"
SEED_FACTS = {
    "浦府〔2025〕64号": (
        "张江高新区陆家嘴园改革创新发展行动方案（2025—2026年）",
        "2025-04-17",
        "2025-04-17",
        "2026-12-31",
    ),
    "浦府〔2025〕46号": (
        "张江高新区世博园改革创新发展的行动方案（2025-2026年）",
        "2025-03-24",
        "2025-03-31",
        "2026-12-31",
    ),
    "黄府发〔2025〕3号": (
        "张江高新区黄浦园改革创新发展行动方案（2025-2026年）",
        "2025-04-30",
        "2025-04-30",
        "2026-12-31",
    ),
    "浦府办〔2025〕29号": (
        "浦东新区高质量推进标杆性金融科技集聚区建设行动方案",
        "2025-07-21",
        "2025-07-24",
        "2027-12-31",
    ),
    "静府发〔2025〕5号": ("张江高新区静安园改革创新发展行动方案（2025-2026年）", "2025-04-18", "None", "2026-12-31"),
}


def policy(text: str, source: str = "文件.txt") -> Policy:
    return parse_policy(text, source, "")


def notice(number: str = "江府规〔2024〕3号", closing: str = "") -> str:
    return f"江州市人民政府文件\n{number}\n江州市人民政府关于印发《江州市奖励办法》的通知\n各区人民政府：\n现将《江州市奖励办法》印发给你们。\n2024年3月1日\n江州市奖励办法\n第一条 给予奖励。\n第二条 {closing}\n"


@pytest.mark.parametrize("path", policy_files(SEEDS), ids=lambda path: path.name)
def test_reads_the_header_of_every_shipped_policy(path: Path) -> None:
    read = policy(read_text(path), path.name)
    assert (read.title, str(read.issued), str(read.printed), str(read.expires)) == SEED_FACTS[read.number]
    assert read.id == read.number
    assert read.issuer.startswith("上海市")
    assert read.addressees.startswith("区政府各委、办、局")


@pytest.mark.parametrize("path", policy_files(SEEDS), ids=lambda path: path.name)
def test_every_fact_points_at_the_characters_it_was_read_from(path: Path) -> None:
    read = policy(read_text(path), path.name)
    facts = {fact.field: read.text[fact.span.start : fact.span.end] for fact in read.facts}
    assert facts["number"] == read.number
    assert "".join(facts["issued"].split()) == f"{read.issued:%Y}年{read.issued.month}月{read.issued.day}日"
    assert "".join(facts["title"].split()).startswith(read.title[:10])


@pytest.mark.parametrize(
    "number",
    ["浦府〔2025〕64号", "浦府[2025]64号", "浦府【2025】 64 号", "浦 府 (2025) 第64号", "文号：浦府（2025）64号"],
)
def test_writes_a_number_in_one_form_however_it_is_printed(number: str) -> None:
    assert policy(notice(number)).number == "浦府〔2025〕64号"


@pytest.mark.parametrize("marks", [("《", "》"), ("", "")], ids=["with marks", "without"])
def test_a_title_as_long_as_a_full_line_is_no_part_of_the_preamble(marks: tuple[str, str]) -> None:
    title = "江州市推动城市更新和社区商业提质升级三年行动方案"
    named = f"江州市人民政府关于印发{marks[0]}{title}{marks[1]}的通知"
    body = ["江州市老旧社区商业网点少业态单一居民买菜修补都要走到一", "公里以外。为补齐便民服务短板，结合本市更新计划和群众的", "诉求，制定本方案。"]
    text = "\n".join(
        ["江府〔2026〕7号", named[:26], named[26:], "各区人民政府：", "现印发给你们。", "2026年3月1日", title, *body, "一、目标",
         "到2028年，新建社区商业中心二十处，改造农贸市场三十家，引", "导连锁品牌进入社区开店，方便居民就近购买日常用品和服", "务。"]
    )  # fmt: skip
    read = split_clauses(policy(text))
    assert next(clause.text for clause in read if clause.path == ("序",)) == "".join(body)


def test_an_authority_printed_above_the_title_is_not_a_part_of_it() -> None:
    guide = "江州市科学技术局\n江州市技术转移补助申报指南（2026年度）\n一、支持对象\n技术转移机构。\n"
    read = policy(guide)
    assert (read.id, read.title) == ("江州市技术转移补助申报指南（2026年度）",) * 2
    assert read.issuer == "江州市科学技术局"
    assert policy(f"江州市财政局\n{guide}").issuer == "江州市财政局、江州市科学技术局"
    wrapped = "江州市科学技术局\n关于申报技术转移补助的通知\n一、支持对象\n技术转移机构。\n"
    assert policy(wrapped).title == "江州市科学技术局关于申报技术转移补助的通知"
    named = "江州市人民代表大会常务委员会\n议事规则\n第一条 制定本规则。\n第二条 会议公开。\n"
    assert policy(named).title == "江州市人民代表大会常务委员会议事规则"


def test_takes_the_title_of_what_is_issued_and_keeps_that_of_the_notice() -> None:
    read = policy(notice())
    assert read.title == "江州市奖励办法"
    assert "江州市人民政府关于印发《江州市奖励办法》的通知" in [fact.value for fact in read.facts]


def test_joint_issuers_are_listed() -> None:
    text = notice().replace("江州市人民政府文件", "江州市科学技术局\n江 州 市 财 政 局　　文件")
    assert policy(text).issuer == "江州市科学技术局、江州市财政局"


@pytest.mark.parametrize(
    ("closing", "effective", "expires"),
    [
        ("本办法自2024年5月1日起施行，有效期5年。", "2024-05-01", "2029-04-30"),
        ("本办法自2024年5月1日起施行，有效期至2026年12月31日。", "2024-05-01", "2026-12-31"),
        ("本办法自 2024 年 5月\n1 日起施行，有效期至2026年底。", "2024-05-01", "2026-12-31"),
        ("本办法有效期自二〇二四年五月一日起施行至二〇二六年四月三十日。", "2024-05-01", "2026-04-30"),
        ("本办法自印发之日起施行，试行期两年。", "None", "2026-02-28"),
        ("本办法自发布之日起实施，有效期至2027年6月。", "None", "2027-06-30"),
        ("企业自2023年1月1日起执行新标准的，凭有效期至2025年3月1日的证书申请。", "None", "None"),
    ],
)
def test_reads_from_when_and_until_when_it_holds(closing: str, effective: str, expires: str) -> None:
    read = policy(notice(closing=closing))
    assert (str(read.effective), str(read.expires)) == (effective, expires)


def test_a_start_that_is_not_a_day_is_kept_in_words() -> None:
    facts = {fact.field: fact.value for fact in policy(notice(closing="本办法自发布之日起施行。")).facts}
    assert facts["effective"] == "自发布之日"


def test_the_period_in_the_title_gives_the_last_day_unless_another_is_stated() -> None:
    plan = "江州市行动方案（2024—2026年）\n为落实要求，制定本方案。\n一、目标\n建成20家。\n"
    assert (policy(plan).period, policy(plan).expires) == ("2024-2026年", date(2026, 12, 31))
    assert policy(plan + "\n本方案自2024年1月1日起施行，有效期至2025年6月30日。\n").expires == date(2025, 6, 30)


def test_a_law_goes_by_its_title_its_promulgation_or_the_date_of_its_file() -> None:
    noted = policy(
        "江州市奖励条例\n（2019年11月15日江州市第十五届人民代表大会常务委员会第十五次会议通过）\n第一条 奖励。\n"
    )
    assert (noted.id, noted.issued) == ("江州市奖励条例", date(2019, 11, 15))
    assert noted.issuer == "江州市人民代表大会常务委员会"
    bare = policy("江州市奖励条例\n第一条 奖励。\n", "江州市奖励条例(2020-05-14).txt")
    assert (bare.id, bare.issued) == ("江州市奖励条例", date(2020, 5, 14))
    assert policy("第一条 奖励。\n", "江州市奖励条例(2020-05-14).txt").title == "江州市奖励条例"


def test_a_page_of_the_web_gives_its_date_and_source_in_labels() -> None:
    read = policy("江州市奖励政策解读\n发布时间：2024-06-03  来源：江州市财政局\n问1：奖励多少？\n答：10万元。\n")
    assert (read.title, read.issuer, read.issued) == ("江州市奖励政策解读", "江州市财政局", date(2024, 6, 3))


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (12, "十二"), (105, "一百零五"), (1234, "一千二百三十四")]
)
def test_numerals_go_both_ways(number: int, written: str) -> None:
    assert to_chinese(number) == written
    assert to_int(written) == number


def test_dates_however_spaced() -> None:
    text = "2025 年 4月 18 日、二〇二五年四月十七日、2025年2月30日"
    assert [hit.value for hit in find_dates(text)] == [date(2025, 4, 18), date(2025, 4, 17)]
    assert date_in_name("条例(2020-05-14).txt") == date(2020, 5, 14)
    assert date_in_name("条例.txt") is None
    assert [add_years(date(2024, 5, 1), 5), add_years(date(2024, 2, 29), 1)] == [date(2029, 4, 30), date(2025, 2, 28)]
