"""BM25 and inner product: real bm25s and FAISS on texts small enough to check by hand."""

from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import EXACT_UP_TO, DenseIndex, signs_of
from index.sparse import K1, B, SparseIndex

DOCUMENTS = [
    ["贷款", "贴息", "企业"],
    ["人才", "公寓", "企业"],
    ["人才", "落户", "人才", "企业"],
    [],  # a text without any word
]
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], np.float32)


def weight(holders: int, times: int, length: int) -> float:
    """BM25 by the book (Lucene's form), over DOCUMENTS: 4 texts of 2.5 words on average."""
    rarity = log(1 + (4 - holders + 0.5) / (holders + 0.5))
    return rarity * times / (times + K1 * (1 - B + B * length / 2.5))


@pytest.fixture
def sparse() -> SparseIndex:
    return SparseIndex.build(DOCUMENTS)


def test_scores_are_bm25(sparse: SparseIndex) -> None:
    np.testing.assert_allclose(sparse.scores(["贴息"]), [weight(1, 1, 3), 0, 0, 0], rtol=1e-5)
    np.testing.assert_allclose(sparse.scores(["人才"]), [0, weight(2, 1, 3), weight(2, 2, 4), 0], rtol=1e-5)


def test_scores_of_several_words_add_up(sparse: SparseIndex) -> None:
    both = sparse.scores(["人才", "贴息"])
    np.testing.assert_allclose(both, sparse.scores(["人才"]) + sparse.scores(["贴息"]), rtol=1e-5)
    assert both.dtype == np.float32


def test_words_that_no_document_holds_score_nothing(sparse: SparseIndex) -> None:
    np.testing.assert_array_equal(sparse.scores(["火星"]), [0, 0, 0, 0])
    np.testing.assert_array_equal(sparse.scores([]), [0, 0, 0, 0])
    np.testing.assert_array_equal(sparse.scores(["火星", "贴息"]), sparse.scores(["贴息"]))


def test_knows_its_words(sparse: SparseIndex) -> None:
    assert sparse.knows("公寓")
    assert not sparse.knows("火星")
    assert not sparse.knows("")
    assert sparse.ceiling([""]) == sparse.ceiling(["火星"])


def test_no_text_reaches_the_ceiling_and_an_unmet_word_raises_it(sparse: SparseIndex) -> None:
    rarest = log(1 + 4.5 / 0.5)
    assert sparse.ceiling(["人才"]) == pytest.approx(log(1 + 2.5 / 2.5))
    assert sparse.ceiling(["人才", "火星"]) == pytest.approx(log(2) + rarest)
    assert sparse.scores(["人才"]).max() < sparse.ceiling(["人才"])
    assert sparse.ceiling([]) == 0


def test_sparse_comes_back_as_it_was_saved(sparse: SparseIndex, tmp_path: Path) -> None:
    sparse.save(tmp_path / "sparse")
    again = SparseIndex.load(tmp_path / "sparse")
    for words in (["人才", "企业"], ["贴息"], ["火星"]):
        np.testing.assert_array_equal(again.scores(words), sparse.scores(words))
        assert again.ceiling(words) == sparse.ceiling(words)
    assert not [path for path in tmp_path.rglob("*") if path.suffix in {".pkl", ".pickle"}]


def test_documents_without_words_make_an_index_too(tmp_path: Path) -> None:
    empty = SparseIndex.build([[], []])
    empty.save(tmp_path / "sparse")
    for index in (empty, SparseIndex.load(tmp_path / "sparse")):
        np.testing.assert_array_equal(index.scores(["人才"]), [0, 0])
        assert not index.knows("人才")


@given(
    before=st.lists(st.lists(st.sampled_from("甲乙丙丁"), max_size=5), max_size=6),
    kept=st.lists(st.booleans(), min_size=6, max_size=6),
    fresh=st.lists(st.lists(st.sampled_from("丙丁戊己"), max_size=5), max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_an_updated_index_is_the_one_that_is_built_at_once(before, kept, fresh, order) -> None:
    old = SparseIndex.build(before)
    stays = [number for number in range(len(before)) if kept[number]]
    rows = stays[:]
    for _ in fresh:
        rows.insert(order.randint(0, len(rows)), -1)
    words = old.vocabulary()
    updated = old.updated(np.array(rows, np.int64), words, [words.numbers(document) for document in fresh])
    new = iter(fresh)
    built = SparseIndex.build([before[row] if row >= 0 else next(new) for row in rows])
    assert updated.size == built.size
    for word in "甲乙丙丁戊己":
        assert updated.knows(word) == built.knows(word)
        assert updated.ceiling([word]) == built.ceiling([word])
        np.testing.assert_array_equal(updated.scores([word]), built.scores([word]))


# --- dense


@pytest.fixture
def dense() -> DenseIndex:
    return DenseIndex.build(VECTORS)


def test_the_nearest_come_first_with_their_cosines(dense: DenseIndex) -> None:
    rows, cosines = dense.search(np.array([0, 1], np.float32), 3)
    assert rows.tolist() == [1, 2, 0]
    np.testing.assert_allclose(cosines, [1, 0.8, 0], atol=3e-4)  # half precision


def test_more_than_there_is_gives_all_there_is(dense: DenseIndex) -> None:
    rows, cosines = dense.search(np.array([1, 0], np.float32), 99)
    assert rows.tolist() == [0, 2, 1, 3]
    assert cosines[-1] == -1


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    DenseIndex.build(np.zeros((0, 2), np.float32)).save(tmp_path / "none.npy")
    index = DenseIndex.load(tmp_path / "none.npy")
    rows, cosines = index.search(np.array([1, 0], np.float32), 5)
    assert (index.size, len(rows), len(cosines)) == (0, 0, 0)
    assert index.vectors_at(np.empty(0, np.int64)).shape == (0, 2)


def test_rows_may_be_some_of_the_vectors_in_another_order() -> None:
    rows = np.array([3, 1])
    index = DenseIndex(VECTORS.astype(np.float16), rows, signs_of(VECTORS[rows]))
    assert index.search(np.array([0, 1], np.float32), 5)[0].tolist() == [1, 0]
    np.testing.assert_array_equal(index.vectors(), VECTORS[rows])


def test_rows_come_back_by_number(dense: DenseIndex, tmp_path: Path) -> None:
    dense.save(tmp_path / "rows.npy")
    for index in (dense, DenseIndex.load(tmp_path / "rows.npy")):
        assert index.size == 4
        np.testing.assert_allclose(index.vectors(), VECTORS, atol=3e-4)  # half precision
        np.testing.assert_array_equal(index.vectors_at(np.array([3, 0])), VECTORS[[3, 0]])


def heaps(count: int) -> np.ndarray:
    """Unit vectors that lie in heaps, as those of texts on one matter do."""
    random = np.random.default_rng(7)
    topics = random.normal(size=(count // 20, 1024))
    vectors = topics[np.arange(count) % len(topics)] + random.normal(size=(count, 1024))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_a_large_index_finds_what_an_exact_one_finds() -> None:
    vectors, random = heaps(EXACT_UP_TO + 1), np.random.default_rng(8)
    index = DenseIndex.build(vectors)
    assert index.size == len(vectors)
    for number in random.choice(len(vectors), 50, replace=False):
        rows, cosines = index.search(vectors[number], 10)
        assert rows[0] == number
        np.testing.assert_allclose(cosines, vectors[rows] @ vectors[number], atol=1e-4)  # half precision
        exact = np.argsort(-(vectors @ vectors[number]))[:10]
        assert len(set(exact) & set(rows)) >= 9
    assert len(index.search(vectors[0], len(vectors))[0]) == len(vectors)


def test_searching_some_rows_of_a_large_index_leaves_the_others_out() -> None:
    vectors = heaps(3000)
    index = DenseIndex.build(vectors)
    inside = np.flatnonzero(np.random.default_rng(9).random(len(vectors)) < 0.5)
    within, without = int(inside[0]), int(np.setdiff1d(np.arange(len(vectors)), inside)[0])
    for number in (within, without):
        rows, cosines = index.search_among(inside, vectors[number], 5)
        exact = inside[np.argsort(-(vectors[inside] @ vectors[number]))[:5]]
        assert set(rows) <= set(inside)
        assert (rows[0] == number) == (number == within)
        assert len(set(rows) & set(exact)) >= 4
        np.testing.assert_allclose(cosines, vectors[rows] @ vectors[number], atol=1e-4)
    assert index.search_among(np.array([7, 9]), vectors[9], 5)[0].tolist() == [9, 7]
