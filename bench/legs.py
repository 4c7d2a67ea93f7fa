"""The ways to search that are measured: each takes ids and texts, and returns a function from question to rows."""

from collections.abc import Callable, Sequence

import numpy as np

from index.encoder import Encoder, load_encoder
from index.settings import BUNDLED_ENCODER
from index.sparse import SparseIndex
from index.tokenizer import Tokenizer
from training.questions import statute_text, title_of

Search = Callable[[str], np.ndarray]  # question -> row numbers, best first

DEPTH = 100  # rows returned
# What each neighbouring article of the same law counts in an article's vector, against the article's own 1, and what the
# best score in its law adds to an article's. Both chosen like the weight below.
NEIGHBOUR_WEIGHT = 0.2
LAW_WEIGHT = 0.3
# What a share of 1 of the words' best possible BM25 counts against a cosine of 1; chosen on STARD's training questions
# with a model that had not seen them (docs/retrieval-training.md).
SPARSE_WEIGHT = 0.2


def sparse(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by BM25."""
    score = _sparse_scores(ids, texts)
    return lambda question: _best(score(question))


def dense(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by cosine, exactly: what an inverted file misses would count against the encoder."""
    model = _model(encoder)
    vectors = model.encode(_passages(ids, texts), kind="passage")
    return lambda question: _best(vectors @ model.encode([question], kind="query")[0])


def hybrid(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by the sum of both, an article read among its neighbours and helped by the best of its law."""
    model = _model(encoder)
    _, laws = np.unique([title_of(key) for key in ids], return_inverse=True)
    vectors = blend(model.encode(_passages(ids, texts), kind="passage"), laws)
    score = _sparse_scores(ids, texts)
    best = best_of_law(laws)

    def search(question: str) -> np.ndarray:
        total = vectors @ model.encode([question], kind="query")[0] + SPARSE_WEIGHT * score(question)
        return _best(total + LAW_WEIGHT * best(total))

    return search


LEGS = {"bm25": sparse, "dense": dense, "hybrid": hybrid}


def blend(vectors: np.ndarray, laws: np.ndarray) -> np.ndarray:
    """Return each article's unit vector with a share of the articles before and after it in the same law.

    An article leaves unsaid what its neighbours state: who is meant, what the sanction is for.
    """
    share = NEIGHBOUR_WEIGHT * (laws[1:] == laws[:-1])[:, None].astype(np.float32)
    blended = vectors.copy()
    blended[1:] += share * vectors[:-1]
    blended[:-1] += share * vectors[1:]
    norms = np.linalg.norm(blended, axis=1, keepdims=True)
    return np.divide(blended, norms, out=blended, where=norms > 0)


def best_of_law(laws: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from the articles' scores to the best score in each one's law."""
    order = np.argsort(laws, kind="stable")
    starts = np.flatnonzero(np.diff(laws[order], prepend=-1))
    return lambda scores: np.maximum.reduceat(scores[order], starts)[laws]


def _sparse_scores(ids: Sequence[str], texts: Sequence[str]) -> Callable[[str], np.ndarray]:
    tokenizer = Tokenizer()
    index = SparseIndex.build([tokenizer.words(text) for text in _passages(ids, texts)])

    def scores(question: str) -> np.ndarray:
        words = tokenizer.words(question)
        return index.scores(words) / max(index.ceiling(words), 1e-9)

    return scores


def _passages(ids: Sequence[str], texts: Sequence[str]) -> list[str]:
    return [statute_text(key, text) for key, text in zip(ids, texts, strict=True)]


def _model(encoder: str) -> Encoder:
    return load_encoder(encoder or BUNDLED_ENCODER)


def _best(scores: np.ndarray) -> np.ndarray:
    top = np.argpartition(-scores, min(DEPTH, len(scores) - 1))[:DEPTH]
    return top[np.argsort(-scores[top], kind="stable")]
