"""Odd questions by the hundred: nothing raises, nothing needs saving, nothing is quoted that nobody wrote.

RAG_FUZZ=2000 asks more of them than the suite does.
"""

import json
import logging
import os
import random
from collections.abc import Iterator

import pytest

from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.types import Turn
from tests.promises import broken

COUNT = int(os.environ.get("RAG_FUZZ", "300"))
WORDS = ["贷款", "贴息", "静安园", "陆家嘴", "苏州", "29号文", "浦府〔2025〕64号", "多少钱", "人才", "公寓", "文号", "有效期", "吗", "呢", "？",
         "那", "对比", "都列出来", "rent", "subsidy", "who", "2026年", "50%", "１０００万元", "第九条", "二（五）1", "上述", "其他"]  # fmt: skip
ODD = ["", "。", "？" * 9, "😀", "👨‍👩‍👧‍👦", "a", "中", "\x00", "\u202e文倒", "\u200b", "\ufeff", "\ud800", "\udfff贴息", "é", "e\u0301", "ﷺ", "㍿",
       "\n" * 50, "\t", "%s%d%n", "${jndi:ldap://x}", "{0}{place}", "$places", "\\", "\\x", "(?P<a>", "(((((", ".*+?^${}()|[]\\", "[^",
       "**", "# ", "> ", "```", "![](x)", "[a](javascript:alert(1))", "<script>alert(1)</script>", "<img src=x onerror=1>", "&lt;",
       "' OR 1=1 --", "'; DROP TABLE policies;", "SELECT *", "../../etc/passwd", "C:\\", "http://x.y/?a=b&c", "null", "None", "NaN",
       "0", "-1", "1e999", "٣٤", "ⅷ", "½", "²", "𝟓𝟎%", "ก็็็", "العربية", "עברית", "русский", "ελληνικά", "हिन्दी", "한국어", "日本語の補助金",
       "靜安園補貼", "゙", "〇", "〔〕", "《》", "“”", "”“", "（（（", "一、", "第条", "号", "〔2025〕号", "年月日"]  # fmt: skip


def questions(count: int) -> Iterator[str]:
    """Yield odd questions, always the same: every odd piece alone, then mixtures, some of them long."""
    chance = random.Random(20250721)
    yield from ODD
    yield "贴" * 5000
    yield "".join(chance.choices(WORDS, k=1000))
    for number in range(count - len(ODD) - 2):
        pieces = chance.choices(WORDS + ODD, k=chance.choice((1, 2, 3, 5, 8, 40)))
        if number % 3 == 0:
            pieces += [chr(chance.randrange(0x110000)) for _ in range(chance.randrange(30))]
        chance.shuffle(pieces)
        yield chance.choice(("", " ", "，")).join(pieces)


def turns(chance: random.Random) -> tuple[Turn, ...]:
    roles = ("user", "assistant", "user", "system", "")
    return tuple(Turn(chance.choice(roles), "".join(chance.choices(WORDS + ODD, k=4))) for _ in range(chance.randrange(4)))


def test_no_question_breaks_anything(pipeline: Pipeline, caplog: pytest.LogCaptureFixture) -> None:
    chance, faults, statuses = random.Random(1), [], set()
    asked = list(questions(COUNT))
    assert len(asked) == COUNT
    for number, question in enumerate(asked):
        answer = pipeline.ask(question, turns(chance) if number % 2 else ())
        faults += [(question[:80], fault) for fault in broken(answer, pipeline.store)]
        faults += [(question[:80], "needed saving: " + record.exc_text[-200:]) for record in caplog.records if record.exc_text]
        caplog.clear()
        statuses.add(answer.status)
    assert faults == []
    assert len(statuses) == 5


def test_every_answer_can_be_written_down(pipeline: Pipeline) -> None:
    for question in questions(len(ODD) + 2):
        plain_text(pipeline.ask(question)).encode("utf-8")
        json.dumps(pipeline.ask(question).query.text, ensure_ascii=False).encode("utf-8")


def test_odd_turns_do_not_stand_in_the_way(pipeline: Pipeline, caplog: pytest.LogCaptureFixture) -> None:
    for odd in ODD:
        answer = pipeline.ask("静安园的文号是多少", (Turn("user", odd), Turn("assistant", odd)))
        assert "静府发〔2025〕5号" in plain_text(answer), odd
        assert "静府发〔2025〕5号" in plain_text(pipeline.ask("那静安园的文号呢", (Turn("user", odd),))) or odd, odd
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
