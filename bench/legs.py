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
# All weights were chosen on STARD's training questions with a model that had not seen them (docs/retrieval-training.md).
# What each neighbouring article of the same law counts in an article's vector, against the article's own 1.
NEIGHBOUR_WEIGHT = 0.2
# What a share of 1 of the words' best possible BM25 counts against a cosine of 1: of the article's, of its whole law's.
SPARSE_WEIGHT = 0.2
LAW_SPARSE_WEIGHT = 0.2
LAW_WEIGHT = 0.4  # what the best score in its law adds to an article's


def sparse(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by BM25."""
    share = _shares(_passages(ids, texts))
    return lambda question: _best(share(question))


def dense(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by cosine, exactly: what an inverted file misses would count against the encoder."""
    model = _model(encoder)
    vectors = model.encode(_passages(ids, texts), kind="passage")
    return lambda question: _best(vectors @ model.encode([question], kind="query")[0])


def hybrid(ids: Sequence[str], texts: Sequence[str], encoder: str) -> Search:
    """Rank by the sum of both, an article read among its neighbours and helped by its law, whole and at its best."""
    model = _model(encoder)
    passages = _passages(ids, texts)
    titles, laws = np.unique([title_of(key) for key in ids], return_inverse=True)
    vectors = blend(model.encode(passages, kind="passage"), laws)
    share, share_of_law = _shares(passages), _shares(_laws(titles, texts, laws))
    best = best_of_law(laws)

    def search(question: str) -> np.ndarray:
        total = vectors @ model.encode([question], kind="query")[0] + SPARSE_WEIGHT * share(question)
        return _best(total + LAW_WEIGHT * best(total) + LAW_SPARSE_WEIGHT * share_of_law(question)[laws])

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


def _shares(passages: Sequence[str]) -> Callable[[str], np.ndarray]:
    """Return a function from question to the share of the words' best possible BM25 that each passage reaches."""
    tokenizer = Tokenizer()
    index = SparseIndex.build([tokenizer.words(text) for text in passages])

    def shares(question: str) -> np.ndarray:
        words = tokenizer.words(question)
        return index.scores(words) / max(index.ceiling(words), 1e-9)

    return shares


def _laws(titles: Sequence[str], texts: Sequence[str], laws: np.ndarray) -> list[str]:
    """Return each law as one text, its title in front."""
    whole = [[title] for title in titles]
    for text, law in zip(texts, laws, strict=True):
        whole[law].append(text)
    return ["\n".join(lines) for lines in whole]


def _passages(ids: Sequence[str], texts: Sequence[str]) -> list[str]:
    return [statute_text(key, text) for key, text in zip(ids, texts, strict=True)]


def _model(encoder: str) -> Encoder:
    return load_encoder(encoder or BUNDLED_ENCODER)


def _best(scores: np.ndarray) -> np.ndarray:
    top = np.argpartition(-scores, min(DEPTH, len(scores) - 1))[:DEPTH]
    return top[np.argsort(-scores[top], kind="stable")]
