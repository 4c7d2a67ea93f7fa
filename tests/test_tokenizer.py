"""Words for lexical search: real jieba, the shipped dictionary, names found in the shipped policies."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexicon, tokenizer
from index.reader import policy_files, read_text
from index.tokenizer import Tokenizer

POLICIES = Path(__file__).parents[1] / "data" / "policies"


@pytest.fixture(scope="module")
def plain() -> Tokenizer:
    return Tokenizer()


# --- folding


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("浦府〔2025〕 64 号", "浦府〔2025〕64号"),
        ("浦府（2025）64号、浦府[2025]第 64 号", "浦府〔2025〕64号、浦府〔2025〕第64号"),
        ("（2025）年度【2025】", "(2025)年度【2025】"),
        ("ＰＣＴ　专利", "pct专利"),
        ("**一、总体要求**", "一、总体要求"),
        ("Open   Source\n AI 社区", "open source ai社区"),
        ("资\n源", "资源"),
        (" \t\n ", ""),
    ],
)
def test_fold_gives_one_key_for_all_ways_of_writing(written: str, folded: str) -> None:
    assert lexicon.fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = lexicon.fold(text)
    if lexicon.fold(once) != once:  # NFKC and lower case of a few letters (ϔ) need a second turn
        assert lexicon.fold(lexicon.fold(once)) == lexicon.fold(once)
    assert "*" not in once
    assert once == once.strip()


# --- words


def test_long_words_come_with_their_parts(plain: Tokenizer) -> None:
    assert plain.words("市北高新技术企业") == ["市北", "高新", "技术", "企业", "高新技术企业"]
    assert plain.cut("市北高新技术企业") == ["市北", "高新技术企业"]


def test_terms_of_the_shipped_dictionary_stay_whole(plain: Tokenizer) -> None:
    assert {"专精特新", "小巨人"} <= set(plain.words("专精特新小巨人"))


def test_latin_words_numbers_and_rates_are_words_and_punctuation_is_none(plain: Tokenizer) -> None:
    assert plain.words("申请ＰＣＴ专利，2026年底占 50%！") == ["申请", "pct", "专利", "2026", "年底", "占", "50%"]
    assert plain.words("？！。…《》") == []
    assert plain.words("") == []


def test_the_same_words_however_the_text_was_wrapped(plain: Tokenizer) -> None:
    assert plain.words("给予贷款\n贴  息支持") == plain.words("**给予**贷款贴息支持") == plain.words("给予贷款贴息支持")


def test_names_are_found_whole_beside_their_parts() -> None:
    names = {"数通链谷", "数通链谷二期", "浦府〔2025〕64号"}
    words = Tokenizer(names).words("数通链谷二期，按浦府〔2025〕 64 号")
    assert "数通链谷二期" in words  # the longest name at a place, and only that
    assert "数通链谷" not in words
    assert "浦府〔2025〕64号" in words
    assert set(Tokenizer().words("数通链谷")) <= set(Tokenizer(names).words("数通链谷"))


def test_edges_are_where_words_meet(plain: Tokenizer) -> None:
    assert plain.edges("非常熟悉") == {0, 2, 4}  # 常熟 is no word in it
    assert plain.edges("") == {0}


def test_frequency_is_the_dictionarys_and_zero_for_what_it_lacks(plain: Tokenizer) -> None:
    assert plain.frequency("企业") > plain.frequency("贴息") > 0
    assert plain.frequency("数通链谷") == 0


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_words_that_stand_in_it(text: str) -> None:
    folded = lexicon.fold(text)
    assert all(word in folded for word in Tokenizer().words(text))


# --- names in policies


def test_names_are_quoted_names_numbers_and_places_with_their_suffix(plain: Tokenizer) -> None:
    text = "按照《通知》（甲府〔2024〕7号），打造“云端一号”。建设宝山园，围绕宝山园，用好“云端一号”平台。"
    assert plain.names_of(text) == {"甲府〔2024〕7号", "云端一号", "宝山园"}


def test_a_name_broken_over_lines_is_one_name(plain: Tokenizer) -> None:
    assert "投孵联动" in plain.names_of("推进“投孵\n联动”模式")


def test_names_of_the_shipped_policies_are_their_own(plain: Tokenizer) -> None:
    found = {path.name: plain.names_of(read_text(path)) for path in policy_files(POLICIES)}
    assert {"数通链谷", "静安园", "静府发〔2025〕5号"} <= found["jingan-park-2025.txt"]
    assert {"浦府〔2025〕64号"} <= found["pudong-lujiazui-park-2025.txt"]
    assert "数通链谷" not in found["huangpu-park-2025.txt"]


def test_a_matcher_takes_the_longest_name() -> None:
    matcher = lexicon.Matcher(["贴息", "贷款贴息", "a.b"])
    assert [found.term for found in matcher.find("贷款贴息、贴息、a.b、acb")] == ["贷款贴息", "贴息", "a.b"]
    assert list(lexicon.Matcher([""]).find("贴息")) == []


@given(st.lists(st.text("甲乙丙", max_size=4), max_size=8), st.text("甲乙丙丁", max_size=20))
def test_a_matcher_finds_what_a_pattern_of_alternatives_finds(terms: list[str], text: str) -> None:
    longest = sorted(filter(None, terms), key=len, reverse=True)
    expected = [m.span() for m in re.finditer("|".join(longest), text)] if longest else []
    assert [(found.start, found.end) for found in lexicon.Matcher(terms).find(text)] == expected


def test_words_are_those_that_jieba_cuts_for_search(plain: Tokenizer) -> None:
    for path in policy_files(POLICIES):
        folded = lexicon.fold(read_text(path))
        expected = [word for word in tokenizer._segmenter().cut_for_search(folded) if tokenizer._WORD.fullmatch(word)]
        assert plain.words(folded) == expected


# --- fingerprint


def test_the_fingerprint_names_the_dictionary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = tokenizer.fingerprint()
    copy = tmp_path / "terms.txt"
    copy.write_bytes(tokenizer.DICTIONARY.read_bytes())
    monkeypatch.setattr(tokenizer, "DICTIONARY", copy)
    assert tokenizer.fingerprint() == shipped
    copy.write_text(copy.read_text(encoding="utf-8") + "云端一号\n", encoding="utf-8")
    assert tokenizer.fingerprint() != shipped
