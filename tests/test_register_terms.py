"""What the register reads beyond the header: from when and until when, whose, and what is declared void."""

from datetime import date

import pytest

from index.policy import parse_policy
from index.structure_regions import region_of
from index.types import Policy


def policy(closing: str, title: str = "江州市数字化改造奖励办法", number: str = "江工信规〔2024〕3号", source: str = "a.txt") -> Policy:
    text = f"""江州市工业和信息化局文件
{number}
江州市工业和信息化局关于印发《{title}》的通知
各区（县）工业和信息化主管部门：
现将《{title}》印发给你们，请认真贯彻执行。
江州市工业和信息化局
2024年3月1日
{title}
第一条 对实施数字化改造的企业给予奖励。
第二条 {closing}
"""
    return parse_policy(text, source, "")


@pytest.mark.parametrize(
    ("closing", "effective", "expires"),
    [
        ("本办法自2024年4月1日起施行，有效期至2026年12月31日。", date(2024, 4, 1), date(2026, 12, 31)),
        ("本办法自2024年5月1日起施行，有效期五年。", date(2024, 5, 1), date(2029, 4, 30)),
        ("本办法自2024年5月1日起试行，试行期两年。", date(2024, 5, 1), date(2026, 4, 30)),
        ("本办法自2024年5月1日起施行。\n第三条 本办法有效期3年。", date(2024, 5, 1), date(2027, 4, 30)),
        ("本办法由市工业和信息化局负责解释。本办法试行二年。", None, date(2026, 2, 28)),
        ("本办法自印发之日起30日后施行，有效期三年。", date(2024, 3, 31), date(2027, 3, 30)),
        ("本办法自发布之日起满三十日后施行。", date(2024, 3, 31), None),
        ("本办法自发布之日起施行，有效期2年。", None, date(2026, 2, 28)),
        ("经认定的企业，其资格证书有效期三年。", None, None),
    ],
)
def test_from_when_and_until_when(closing: str, effective: date | None, expires: date | None) -> None:
    read = policy(closing)
    assert (read.effective, read.expires) == (effective, expires)


@pytest.mark.parametrize(
    ("closing", "repeals"),
    [
        ("原《江州市技术改造奖励办法》（江经信\n〔2019〕2号）同时废止。", ("江经信〔2019〕2号",)),
        ("《江州市技术改造奖励办法》自2024年4月1日起停止执行。", ("江州市技术改造奖励办法",)),
        ("2018年5月市政府发布的《甲办法》和2019年6月市经信委印发的《乙办法》（江经信〔2019〕8号）即行废止。", ("甲办法", "江经信〔2019〕8号")),
        ("江经信〔2019〕2号文件同时废止。", ("江经信〔2019〕2号",)),
        ("《关于印发〈江州市上云补贴细则〉的通知》同时废止。", ("江州市上云补贴细则",)),
        ("下列文件同时废止：1.《甲办法》；2.《乙办法》（江府〔2018〕6号）。", ("甲办法", "江府〔2018〕6号")),
        ("依照《江州市规范性文件管理规定》应当废止的，由制定机关废止。", ()),
        ("《甲办法》中有关奖励的规定同时废止。", ()),
        ("《甲办法》有效期届满自行失效。", ()),
    ],
)
def test_what_is_declared_void(closing: str, repeals: tuple[str, ...]) -> None:
    read = policy(f"本办法自2024年4月1日起施行。{closing}")
    assert read.repeals == repeals


def test_every_fact_stands_where_it_was_read() -> None:
    read = policy("本办法自2024年4月1日起施行，有效期三年。原《甲办法》（江府〔2018〕6号）同时废止。")
    words = {fact.field: "".join(read.text[fact.span.start : fact.span.end].split()) for fact in read.facts}
    assert words["expires"] == "有效期三年"
    assert words["repeals"] == "《甲办法》（江府〔2018〕6号）"
    assert "江州市工业和信息化局" in words["region"]
    assert (read.region, read.level) == ("江州市", "市")


@pytest.mark.parametrize(
    ("name", "region", "level"),
    [
        ("浦东新区人民政府办公室", "上海市浦东新区", "区县"),
        ("昆山市人民政府", "江苏省苏州市昆山市", "区县"),
        ("江州市滨江区人民政府", "江州市滨江区", "区县"),
        ("江苏省财政厅", "江苏省", "省"),
        ("上海市人民代表大会常务委员会", "上海市", "市"),
        ("苏州工业园区管理委员会", "江苏省苏州市", "园区"),
        ("中国（上海）自由贸易试验区管理委员会", "上海市", "园区"),
        ("国务院", "全国", "国家"),
        ("卫生部", "全国", "国家"),
        ("上海口岸服务条例", "上海市", "市"),
        ("城市绿化条例", "", ""),
        ("市场监督管理办法", "", ""),
    ],
)
def test_whose_it_is(name: str, region: str, level: str) -> None:
    assert region_of(name) == (region, level)


def test_the_last_revision_and_the_name_of_the_file_tell_versions_apart() -> None:
    text = """江州市绿化条例
（1998年5月1日江州市第九届人民代表大会常务委员会第三次会议通过
根据2004年6月3日江州市第十一届人民代表大会常务委员会第八次会议《关于修改〈江州市绿化条例〉的决定》第一次修正
根据2018年7月9日江州市第十五届人民代表大会常务委员会第二次会议《关于修改〈江州市绿化条例〉的决定》第二次修正）
第一条 为了绿化，制定本条例。
"""
    read = parse_policy(text, "江州市绿化条例.txt", "")
    assert (read.issued, read.revised, read.edition) == (date(1998, 5, 1), date(2018, 7, 9), date(2018, 7, 9))
    named = parse_policy(text, "江州市绿化条例(2021-01-05).txt", "")
    assert (named.revised, named.edition) == (date(2018, 7, 9), date(2021, 1, 5))
