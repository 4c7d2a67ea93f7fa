"""The ways to search that are measured: each takes ids and texts, and returns a function from question to rows."""

from collections.abc import Callable, Sequence

import numpy as np

from index.dense import DenseIndex
from index.encoder import Encoder, load_encoder
from index.settings import BUNDLED_ENCODER
from index.sparse import SparseIndex
from index.tokenizer import Tokenizer
from training.questions import statute_text

Search = Callable[[str], np.ndarray]  # question -> row numbers, best first

DEPTH = 100  # rows returned
POOL = 1000  # rows that the dense leg of the hybrid tells apart: ten times the depth
# What a share of 1 of the words' best possible BM25 counts against a cosine of 1; chosen on STARD's training questions
# with a model that had not seen them (docs/retrieval-training.md).
SPARSE_WEIGHT = 0.2


def sparse(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by BM25."""
    score = _sparse_scores(ids, texts)
    return lambda question: _best(score(question))


def dense(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by cosine."""
    model = _model(encoder)
    index = _dense_index(model, ids, texts)
    return lambda question: index.search(model.encode([question], kind="query")[0], DEPTH)[0]


def hybrid(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by the sum of both."""
    model = _model(encoder)
    index = _dense_index(model, ids, texts)
    score = _sparse_scores(ids, texts)

    def search(question: str) -> np.ndarray:
        rows, cosines = index.search(model.encode([question], kind="query")[0], POOL)
        total = SPARSE_WEIGHT * score(question)
        total += cosines[-1]  # what lies beyond the pool is at best as near as its last
        total[rows] += cosines - cosines[-1]
        return _best(total)

    return search


LEGS = {"bm25": sparse, "dense": dense, "hybrid": hybrid}


def _sparse_scores(ids: Sequence[str], texts: Sequence[str]) -> Callable[[str], np.ndarray]:
    tokenizer = Tokenizer()
    index = SparseIndex.build([tokenizer.words(text) for text in _passages(ids, texts)])

    def scores(question: str) -> np.ndarray:
        words = tokenizer.words(question)
        return index.scores(words) / max(index.ceiling(words), 1e-9)

    return scores


def _dense_index(model: Encoder, ids: Sequence[str], texts: Sequence[str]) -> DenseIndex:
    return DenseIndex.build(model.encode(_passages(ids, texts), kind="passage"))


def _passages(ids: Sequence[str], texts: Sequence[str]) -> list[str]:
    return [statute_text(key, text) for key, text in zip(ids, texts, strict=True)]


def _model(encoder: str) -> Encoder:
    return load_encoder(encoder or BUNDLED_ENCODER)


def _best(scores: np.ndarray) -> np.ndarray:
    top = np.argpartition(-scores, min(DEPTH, len(scores) - 1))[:DEPTH]
    return top[np.argsort(-scores[top], kind="stable")]
