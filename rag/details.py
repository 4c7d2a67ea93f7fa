"""Kinds of detail that a question can ask for, and what states each kind in a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_NUMERAL = r"[\d一二两三四五六七八九十百千万亿零〇.,]+"


@dataclass(frozen=True, slots=True)
class Detail:
    """One kind of detail."""

    name: str  # label of the classifier and of `Query.details`
    missing: str  # what the answer says when the documents do not state it
    stated: re.Pattern[str]  # finds it in a text


def _detail(name: str, missing: str, stated: str) -> Detail:
    return Detail(name, missing, re.compile(stated))


DETAILS = (
    _detail("amount", "具体金额", rf"{_NUMERAL}\s*(?:余|多)?\s*(?:万|亿|千|百)?元|[\d一二三四五六七八九十百千万](?:余|多)?亿|免费|不收费|全额"),
    _detail("rate", "具体比例", rf"\d\s*[%％‰]|百分之|千分之|{_NUMERAL}\s*(?:成|倍|个?百分点|个?基点)|全额|一半|减半"),
    _detail(
        "deadline",
        "申报或办理的截止时间",
        rf"{_NUMERAL}\s*(?:个)?(?:工作日|日|天|月|年)(?:之)?(?:内|前)|截止|届满|次年|{_NUMERAL}\s*日(?:前|止)|为止",
    ),
    _detail("date", "具体日期", rf"{_NUMERAL}\s*年|{_NUMERAL}\s*月|{_NUMERAL}\s*日|之日起"),
    _detail("duration", "具体期限", rf"{_NUMERAL}\s*(?:个)?(?:工作日|年|月|日|天|小时|周|季度)|长期|终身"),
    _detail("materials", "所需材料", r"材料|证明|复印件|申请表|申请书|营业执照|身份证|合同|报告书|文件"),
    _detail("procedure", "办理流程", r"申请|申报|提交|受理|审核|审批|登记|备案|窗口|网上|平台|程序|办理"),
    _detail("contact", "联系方式", r"电话|热线|邮箱|网址|@|\d{3,4}-\d{7,8}|(?<!\d)\d{8,11}(?!\d)|www\.|http"),
    _detail("condition", "具体条件", r"条件|符合|应当|不低于|不少于|以上|具有|具备|取得|须|的，"),
    _detail("number", "具体数量", rf"{_NUMERAL}\s*(?:余|多)?\s*(?:家|个|人|名|件|项|次|栋|幢|座|平方|公顷|公里|公斤|米|吨|亩|套|位|所|条|种|类|岁|周岁|倍|成|元|毫升|%|％)|百分之"),
    _detail("where", "具体地点", r"路|街|号|楼|大厦|位于|地址|设在|在[^，。]{2,12}(?:区|园|镇|地块|片区|中心)|[^，。]{2,8}(?:地区|区域|片区|沿线|地块|园区|社区|窗口|平台|网站)"),
    _detail("who", "负责的部门或人", r"部门|机关|机构|[局委办署院会处]|小组|中心|公司|企业|政府|单位|牵头|负责|领导|主任|书记|[区市县省]长|[所有管理使用经营]+[人者]"),
    _detail("list", "具体名单", r"、|下列|包括|（一）|等"),
    _detail("exclusion", "除外情形", r"不予|除外|不得|不再|不能|不享受|不适用|但"),
    _detail("definition", "具体含义", r"是指|所称|指的是|，是|即|作为|打造|定位"),
    _detail("yes_no", "明确规定", r"可以|不得|应当|支持|鼓励|允许|禁止|给予|提供|推动"),
    _detail("support", "支持内容", r"支持|给予|补贴|奖励|资助|资金|贴息|减免|优惠|服务|鼓励|提供|保障"),
    _detail("compare", "可比的内容", r"."),
)
BY_NAME = {detail.name: detail for detail in DETAILS}
_HARDLY = 0.05  # probability
_CACHE = 1 << 15  # pairs of a kind and a clause that are remembered; 5 MB
NAMES = tuple(detail.name for detail in DETAILS)


def sought(texts: Sequence[str], asked: Sequence[float]) -> list[float]:
    """Return for each text how probable it is that it holds a detail of the kind that is asked for.

    :param asked: probability of each of `DETAILS`, in order; those hardly asked for are not looked for, which saves most
        of the time.
    """
    likely = [(number, value) for number, value in enumerate(asked) if value >= _HARDLY]
    return [sum(value for number, value in likely if _states(number, text)) for text in texts]


@lru_cache(maxsize=_CACHE)
def _states(number: int, text: str) -> bool:
    return DETAILS[number].stated.search(text) is not None


def stated(text: str) -> list[float]:
    """Return 1 or 0 for each of `DETAILS`, in order: whether `text` holds such a detail."""
    return [float(detail.stated.search(text) is not None) for detail in DETAILS]
