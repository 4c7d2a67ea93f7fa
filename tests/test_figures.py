"""Figures read from sentences: the same number in its many spellings, and the bound that holds for it."""

from fractions import Fraction

import pytest

from index.lexicon import fold
from rag.figures import Bound, Figure, figures


def read(text: str) -> list[tuple[object, str, Bound]]:
    return [(figure.value, figure.unit, figure.bound) for figure in figures(fold(text))]


@pytest.mark.parametrize(
    ("texts", "value", "unit"),
    [
        (("300万元", "３００万元", "三百万元", "3,000,000元", "0.03亿元"), 3_000_000, "元"),
        (("2.5万元", "两万五千元", "25000元"), 25_000, "元"),
        (("10%", "百分之十", "一成", "１０％"), 10, "%"),
        (("50%", "一半", "五成"), 50, "%"),
        (("24个月", "两年", "2年"), 24, "个月"),
        (("半年", "6个月"), 6, "个月"),
        (("60天", "60日", "六十日"), 60, "日"),
        (("15个工作日", "十五个工作日"), 15, "工作日"),
        (("1.4万人", "14000名"), 14_000, "人"),
        (("3‰", "千分之三"), 3, "‰"),
        (("75万元/人",), 750_000, "元"),
    ],
)
def test_spellings_of_one_number_are_one(texts: tuple[str, ...], value: int, unit: str) -> None:
    assert {(found[0][0], found[0][1]) for found in map(read, texts)} == {(Fraction(value), unit)}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("最高给予200万元", Bound.MOST),
        ("累计不超过36个月", Bound.MOST),
        ("降低额不得超过规定最低税额的30%", Bound.MOST),
        ("利率不得低于合同订立时1年期报价", Bound.LEAST),
        ("利率低于合同订立时1年期报价", Bound.MOST),
        ("不能低于2000万元", Bound.LEAST),
        ("超过2000万元的", Bound.LEAST),
        ("110件以上", Bound.LEAST),
        ("年龄35周岁以下", Bound.MOST),
        ("约300万平方米", Bound.ABOUT),
        ("5家左右", Bound.ABOUT),
        ("奖励30万元", Bound.NONE),
        ("未满三年", Bound.MOST),
        ("自2025年3月1日起", Bound.FROM),
        ("有效期至2027年12月31日", Bound.UNTIL),
        ("5年后", Bound.AFTER),
    ],
)
def test_the_bound_of_a_figure_is_read(text: str, bound: Bound) -> None:
    assert [found[2] for found in read(text)] == [bound]


def test_a_range_has_two_ends() -> None:
    assert read("1600元至2400元") == [(1600, "元", Bound.LEAST), (2400, "元", Bound.MOST)]
    assert read("500元以上2000元以下") == [(500, "元", Bound.LEAST), (2000, "元", Bound.MOST)]


@pytest.mark.parametrize("text", ["一次性资助", "“1+4”高新区", "第八条", "5G技术", "浦府〔2025〕64号", "《方案（2025-2026年）》", "一站式服务", "17:00"])
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    assert read(text) == []


def test_a_year_is_met_by_a_day_of_it_and_not_the_other_way_round() -> None:
    (day,), (year,) = figures("2027年12月31日"), figures("2027年")
    assert year.equals(day)
    assert not day.equals(year)


def test_a_date_is_not_a_length_of_time() -> None:
    (month,), (months,) = figures("9月"), figures("9个月")
    assert isinstance(month, Figure) and not month.equals(months)
