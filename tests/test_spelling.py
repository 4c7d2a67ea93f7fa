"""Words mistyped by sound, over the shipped policies."""

import random

import pytest

from bench.typos import mistyped
from rag.pipeline import Pipeline
from rag.sounds import near, sounds
from rag.spelling import Speller


@pytest.fixture(scope="module")
def speller(pipeline: Pipeline) -> Speller:
    return Speller(pipeline.store)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("贷款贴西", "贷款贴息"),
        ("孵化起 补帖多少钱", "孵化器 补贴多少钱"),  # two words, one of them beside a space
        ("融姿担保有没有", "融资担保有没有"),
        ("人柴公寓ABC区块练", "人才公寓ABC区块链"),  # Latin letters in between
        ("知识产全", "知识产权"),
        ("金荣科技", "金融科技"),  # rong sounds like rong
        ("民资融资", "民资融资"),  # a rare word is left alone where nothing likelier sounds like it
        ("有没有人管这个", "有没有人管这个"),
        ("人材", "人材"),  # a word is not replaced by its synonym, though it sounds the same
        ("PCT 2025", "PCT 2025"),
        ("", ""),
    ],
)
def test_words_are_put_right_by_the_words_of_the_policies(speller: Speller, typed: str, meant: str) -> None:
    assert speller.spelt(typed) == meant


def test_a_word_that_no_policy_has_corrects_nothing(speller: Speller) -> None:
    assert speller.spelt("养老驿占") == "养老驿占"  # 驿站


def test_the_searched_text_is_put_right_and_the_question_stays_as_typed(pipeline: Pipeline) -> None:
    query = pipeline.reader.read("贷款贴西怎么申请")
    assert (query.original, query.text) == ("贷款贴西怎么申请", "贷款贴息怎么申请")


def test_near_equal_sounds_are_one() -> None:
    assert sounds("黄浦 A区") == ["huang", "pu", " ", "A", "qu"]
    assert near("争") == near("怎") == "zen"
    assert near("南") == near("兰") != near("能")


def test_mistyped_questions_sound_alike_and_are_the_same_again() -> None:
    question = "企业贷款贴息怎么申请"
    wrong = mistyped(question, random.Random(1))
    assert wrong != question
    assert sounds(wrong) == sounds(question)
    assert wrong == mistyped(question, random.Random(1))
    assert mistyped("PCT?", random.Random(1)) == "PCT?"
