"""Questions cut into their parts, and messages into their questions."""

import pytest

from index.tokenizer import Tokenizer
from rag.contrast import contrast
from rag.splitter import asks, messages, parts, questions


def _parts(question: str) -> tuple[str, ...]:
    return parts(question, Tokenizer().edges)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("上海的天气预警，谁能发、别人转的时候有啥规矩", ("上海的天气预警", "谁能发", "别人转的时候有啥规矩")),
        ("涂改档案跟倒卖档案，单位分别罚多少", ("涂改档案", "倒卖档案", "单位分别罚多少")),
        ("调解与和解的区别", ("调解", "和解的区别")),  # 和解 is one word
        ("名单公示 智能制造 租赁补贴 各几天", ("名单公示", "智能制造", "租赁补贴")),  # 各几天 names nothing
        ("which loans and which grants", ("which loans", "which grants")),
        ("有吗？", ()),
        ("", ()),
    ],
)
def test_a_question_is_cut_where_it_sets_things_side_by_side(question: str, found: tuple[str, ...]) -> None:
    assert _parts(question) == found


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        (("天气预警", "谁能发", "别人转的时候有啥规矩"), ("天气预警 谁能发", "天气预警 别人转的时候有啥规矩")),
        (("涂改档案", "倒卖档案", "罚多少"), ("涂改档案 罚多少", "倒卖档案 罚多少")),
        (("我们是一家小公司", "能申请贴息吗"), ()),  # one thing that is asked, one that it is asked about
        (("贷款贴息",), ()),
        ((), ()),
    ],
)
def test_parts_make_questions_that_stand_alone(found: tuple[str, ...], asked: tuple[str, ...]) -> None:
    assert questions(found) == asked


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("孵化器有补贴吗？人才公寓怎么申请？", ("孵化器有补贴吗", "人才公寓怎么申请")),
        ("1. 贷款贴息给多少\n2. 人才公寓怎么申请", ("贷款贴息给多少", "人才公寓怎么申请")),
        ("谁要求的人均贡献更高？差多少", ("谁要求的人均贡献更高？差多少",)),  # the second leans on the first
        ("我们做大数据的。银行放款能快点吗？", ("我们做大数据的。银行放款能快点吗？",)),
        ("2025年的补贴给多少？", ("2025年的补贴给多少？",)),
    ],
)
def test_a_message_of_several_questions_is_cut_into_them(message: str, asked: tuple[str, ...]) -> None:
    assert messages(message) == asked


@pytest.mark.parametrize(
    ("message", "asked"),
    [("可是耳标早掉了，这会儿咋整", True), ("还得再来一遍？", True), ("谢谢你", False), ("好的，知道了", False), ("", False)],
)
def test_a_message_that_asks_is_told_by_its_words_or_its_mark(message: str, asked: bool) -> None:
    assert asks(message) is asked


def test_no_more_questions_than_can_be_read_are_taken_from_a_message() -> None:
    assert len(messages("？".join(f"第{number}种补贴给多少钱" for number in range(30)))) == 6


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("占道摆摊的，跟乱贴小广告的，哪个罚得重", ("占道摆摊的，哪个罚得重", "乱贴小广告的，哪个罚得重")),
        ("鱼塘清淤和鱼塘扩建，手续一样吗", ("鱼塘清淤，手续一样吗", "鱼塘扩建，手续一样吗")),
        ("没证就收蚕茧，没证就卖蚕种，分别罚多少", ("没证就收蚕茧，分别罚多少", "没证就卖蚕种，分别罚多少")),
        ("新船检验要几天，旧船又要几天", ("新船检验要几天", "旧船又要几天")),
        ("调解与和解有什么不同", ("调解", "和解有什么不同")),
        ("鱼塘清淤和鱼塘扩建要什么手续", ()),  # nothing says that they are set side by side
        ("小船跟大船出海", ()),
        ("哪个部门管收蚕茧", ()),  # one thing is asked about
    ],
)
def test_a_question_about_two_situations_is_asked_of_each(question: str, sides: tuple[str, ...]) -> None:
    assert contrast(question, Tokenizer().edges) == sides
