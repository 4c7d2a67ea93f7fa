"""What makes the bundled encoder, on texts small enough to check by eye."""

import numpy as np
import pytest

from index.context import passage_text
from index.settings import ROOT
from index.static_encoder import StaticEncoder
from training.batches import Batch, Cloze, Mixer, Pairs
from training.data import Holdout, load, split
from training.evaluate import evaluate
from training.export import export, principal, quantise
from training.laws import Article, articles, by_name, unique
from training.laws import Law as LawVersion
from training.questions import Question, Source, find, statute_text, title_of
from training.table import Table
from training.tokenizer import build_tokenizer, characters
from training.train import Schedule, positives_elsewhere, train

SHARED = ROOT.parent / "shared"

LAW = """试点条例

第一章　总则
第二章　支持

第一章　总则

第一条 为了支持企业，制定本条例。

第二章　支持

第一节　资金

第二条 政府给予贷款贴息。

（一）小企业；
（二）新企业。

第三章　附则

第三条之一 本条例自公布之日起施行。
"""


def test_articles_know_their_chapters():
    first, second, third = articles("试点条例", LAW)
    assert first == Article("试点条例", "第一条", ("第一章　总则",), "第一条 为了支持企业，制定本条例。")
    assert second.chapters == ("第二章　支持", "第一节　资金")
    assert second.text == "第二条 政府给予贷款贴息。\n（一）小企业；\n（二）新企业。"
    assert second.body.startswith("政府给予")
    assert (third.number, third.chapters) == ("第三条之一", ("第三章　附则",))


def test_a_text_without_articles_is_read_by_paragraph():
    paragraph = "一、" + "最高人民法院关于适用法律若干问题的解释，" * 3
    assert [article.text for article in articles("解释", f"短行\n{paragraph}")] == [paragraph]


def test_the_newest_version_of_an_article_counts():
    old, new = (Article("试点条例", "第一条", (), f"第一条 {year}年起施行。") for year in (2010, 2020))
    laws = [LawVersion("试点条例", "2010-01-01", (old,)), LawVersion("试点条例", "2020-01-01", (new,))]
    known = by_name(laws)
    assert find(known, "中华人民共和国试点条例", "第一条") == new
    assert find(known, "试点条例", "第二条") is None
    assert unique([*laws, laws[0]]) == [old, new]


def test_a_passage_stands_under_its_title_and_headings():
    assert passage_text("条例", ("第一章 总则",), "第一条 为了") == "条例\n第一章 总则\n第一条 为了"
    assert statute_text("中华人民共和国民法典第五十四条", "自然人") == "中华人民共和国民法典\n第五十四条 自然人"
    assert title_of("中华人民共和国民法典第五十四条") == "民法典"


@pytest.fixture(scope="module")
def tokenizer():
    counts = {"贷款": 9, "贴息": 8, "贷款贴息": 2, "企业": 20, "政府": 9, "给予": 7, "开会": 5, "ai": 3, "2026": 4, "利息": 6, "的": 30}
    return build_tokenizer(counts, 100)


def test_known_words_stay_whole_and_rare_ones_fall_into_characters(tokenizer):
    def cut(text):
        return tokenizer.encode(text, add_special_tokens=False).tokens

    assert cut("政府给予企业，贷款贴息") == ["政府", "给予", "企业", "贷款", "贴息"]  # 贷款贴息 was seen twice only
    assert cut("ＡＩ企业2026") == ["ai", "企业", "2026"]
    assert cut("会议") == ["会", "议"]  # 议 is unknown, and still one piece
    assert tokenizer.token_to_id("议") is None


def test_only_longer_chinese_pieces_are_made_of_characters():
    assert [characters(piece) for piece in ("贷款", "贷", "ai")] == ["贷款", "", ""]


def test_tables_side_by_side_keep_their_products_on_fewer_axes():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(50, 4)).astype(np.float32)
    twice = np.concatenate([table, 2 * table[:, ::-1]], axis=1)  # eight columns, four of them new
    turned = principal(twice, 4)
    assert turned.shape == (50, 4)
    np.testing.assert_allclose(turned @ turned.T, twice @ twice.T, atol=1e-4)
    assert principal(table, 4) is table


def test_vectors_survive_eight_bits():
    vectors = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    vectors[0] = 0
    rounded, scales = quantise(vectors)
    assert rounded.dtype == np.int8
    np.testing.assert_allclose(rounded * scales[:, None], vectors, atol=scales.max() / 2 + 1e-6)


def test_a_passage_that_answers_two_queries_is_no_negative():
    ids = np.array([1])
    batch = Batch((ids,) * 3, (ids,) * 3, ("a", "b", "a"), (("a",), ("b", "a"), ("a",)))
    assert positives_elsewhere(batch).tolist() == [
        [False, False, True],
        [True, False, True],
        [True, False, False],
    ]


def test_the_gradient_is_that_of_the_mean(tokenizer):
    """One step against finite differences: a bag of two pieces, one of them made of characters."""
    table = Table(tokenizer, 4, seed=0)
    ids = np.array([tokenizer.token_to_id("贷款"), tokenizer.token_to_id("ai")])
    bags = table.bags([ids])
    vectors = table.forward(bags)
    vectors.sum().backward()
    table.backward(bags, vectors)
    gradient = table.rows.grad[:, 0]
    expected = {"贷款": 0.5, "贷": 0.5, "款": 0.5, "ai": 0.5}
    assert {tokenizer.id_to_token(i): round(float(gradient[i]), 6) for i in gradient.nonzero()[:, 0]} == expected


def test_training_makes_everyday_words_find_official_ones(tokenizer, tmp_path):
    passages = {"a": "政府给予企业贷款贴息", "b": "企业开会"}
    questions = (Question("利息", ("a",), "甲"), Question("会", ("b",), "乙"))
    source = Source("own", questions, passages)
    rng = np.random.default_rng(0)
    article = Article("企业", "第一条", (), "第一条 政府给予企业贷款贴息，企业的利息，政府给予贴息，企业贷款。")
    mixer = Mixer({Pairs(source, tokenizer, rng): 2, Cloze([article], tokenizer, rng): 1}, 0.0, rng)
    table = Table(tokenizer, 8, seed=0)
    train(table, mixer, Schedule(steps=30, rate=0.05))
    export(tmp_path / "tiny", tokenizer, table.folded())
    encoder = StaticEncoder(tmp_path / "tiny", "")
    figures = evaluate(encoder, source, questions, ["a", "b"])
    assert (figures.questions, figures.passages, figures.mrr) == (2, 2, 1.0)


def test_a_hold_out_keeps_whole_laws_and_policies():
    on_law = [Question(text, ("k",), "某条例") for text in "甲乙丙丁"]
    law = Source("articles", tuple(on_law), {})
    folds = [Holdout(fold, 4) for fold in range(4)]
    assert sum(all(fold.holds(law, question) for question in on_law) for fold in folds) == 1
    assert sum(any(fold.holds(law, question) for question in on_law) for fold in folds) == 1
    seeds = Source("seeds", (), {})
    assert Holdout(policy="甲〔2025〕1号").holds(seeds, Question("问", ("甲〔2025〕1号/一",), "甲〔2025〕1号"))
    assert not Holdout().holds(seeds, on_law[0])


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here: the training data is not read")
def test_the_training_data_is_all_found():
    corpus = load(SHARED)
    counts = {source.name: len(source.questions) for source in corpus.sources}
    assert len(corpus.articles) > 140_000
    assert counts["statutes"] == 1235
    assert counts["seeds"] > 3000
    assert counts["articles"] > 14_000
    assert counts["own"] > 0
    kept, held = split(corpus, Holdout(0, 8))
    for before, after, back in zip(corpus.sources, kept.sources, held, strict=True):
        assert len(before.questions) == len(after.questions) + len(back.questions)
