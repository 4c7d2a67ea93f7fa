"""Laws: books, chapters, sections and articles, over a sample of the collection of laws."""

import sys

import pytest

from bench.clauses import LAWS, check, read_laws
from index.clauses import split_clauses
from index.policy import parse_policy
from index.types import ClauseKind

EVERY = 12  # every twelfth law: 280 files, some 12,000 articles


@pytest.fixture(scope="module")
def laws() -> list[tuple[str, str]]:
    if not LAWS.is_file():
        message = f"没有找到 {LAWS}，法律文本的解析没有核对。"
        print(f"\n*** {message} ***", file=sys.__stderr__)
        pytest.skip(message)
    return [law for number, law in enumerate(read_laws()) if number % EVERY == 0]


def test_no_article_is_missed_and_no_character_lost(laws: list[tuple[str, str]]) -> None:
    checks = []
    for name, text in laws:
        policy = parse_policy(text, name.rpartition("/")[2], "")
        checks.append(check(name, policy, split_clauses(policy)))
    assert [c for c in checks if c.missed or c.lost] == []
    numbered = [c for c in checks if c.articles]
    # 1 source in 100 skips or repeats a number itself, or is one part of a code.
    assert sum(not c.reason for c in numbered) >= 0.98 * len(numbered)


def test_articles_stand_under_their_chapters_and_take_a_path_of_their_own(laws: list[tuple[str, str]]) -> None:
    text = next(text for _, text in laws if "第二章" in text and "第十条" in text and "附件" not in text)
    clauses = split_clauses(parse_policy(text, "法.txt", ""))
    tenth = next(clause for clause in clauses if clause.path == ("第十条",))
    assert tenth.text.startswith("第十条")
    assert tenth.ancestors[0].startswith("第")
    assert {clause.kind for clause in clauses if clause.path[-1].endswith("章")} == {ClauseKind.HEADING}
