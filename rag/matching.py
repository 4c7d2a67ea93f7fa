"""How well the words of a question are met by the words of texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.parts import FIXED, Parts, PieceEncoder
from index.types import Clause

# Cosines from which a word is met by the same or a like one, and by one of the same matter: unrelated words stay below.
WELL, MET = 0.8, 0.5
_CACHE = 2000  # texts; about 1 KB each: what is quoted is cut into words once for evidence and once more for sufficiency


@dataclass(frozen=True, slots=True)
class View:
    """A text as its words."""

    pieces: np.ndarray  # unsigned integers [words]
    norm: float  # of the sum of the words' vectors

    def __len__(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True, slots=True)
class Match:
    """A question beside texts, word by word (soft alignment, as in BERTScore and ColBERT's MaxSim)."""

    bests: np.ndarray  # float32 [texts, question words], best cosine of each word to one of the text; 0 for no words
    covers: np.ndarray  # float32 [texts], weighted means of `bests`: 1 where every word is met word for word
    cosines: np.ndarray  # float32 [texts], of question and text as wholes
    weights: np.ndarray  # float32 [question words], how much each word counts
    asked: np.ndarray  # float32 [texts], weighted mean of the best cosine of each word of the text to one of the question

    def met(self, least: float) -> np.ndarray:
        """Return the share of the weight in words that each text meets at `least`, float32 [texts]."""
        return _means((self.bests >= least).astype(np.float32), self.weights)

    def unmet(self, text: int, least: float) -> tuple[float, float]:
        """Return the share of the weight in words that a text meets below `least`, and the heaviest of them over all."""
        missed, total = self.weights * (self.bests[text] < least), float(self.weights.sum())
        return (float(missed.sum()) / total, float(missed.max() / self.weights.max())) if total else (1.0, 1.0)


class WordMatcher:
    """Read texts as words, and compare them."""

    def __init__(self, encoder: PieceEncoder) -> None:
        self._encoder = encoder
        self.view = lru_cache(maxsize=_CACHE)(self._view)

    def _view(self, text: str) -> View:
        pieces = self._encoder.pieces_of([text])[0]
        return View(pieces, float(np.linalg.norm(self._encoder.total(pieces))))

    def views(self, texts: Sequence[str]) -> list[View]:
        """Return the view of each text."""
        return [self.view(text) for text in texts]

    def parts(self, passages: Sequence[tuple[str, Clause]]) -> Parts:
        """Return passages as words, each given with its policy's title; at least one."""
        return Parts.joined([Parts.of(self._encoder, title, [clause]) for title, clause in passages])

    def compare(self, question: View, texts: Sequence[View]) -> Match:
        """Return how a question meets `texts`, at least one."""
        lengths, norms = np.array([len(text) for text in texts]), np.array([text.norm for text in texts], np.float32)
        return self._match(question, np.concatenate([text.pieces for text in texts]), lengths, norms)

    def compare_parts(self, question: View, parts: Parts) -> Match:
        """Return how a question meets the parts of passages; cosines are 0 but for sentences."""
        norms = np.zeros(len(parts.lengths), np.float32)
        norms[spoken(parts)] = parts.norms
        return self._match(question, parts.pieces, parts.lengths, norms)

    def _match(self, question: View, pieces: np.ndarray, lengths: np.ndarray, norms: np.ndarray) -> Match:
        words, places = _numbered(pieces)
        cosines, products, weights = self._compared(question, words)
        filled = np.flatnonzero(lengths)  # reduceat gives an empty text the value behind it
        starts = (np.cumsum(lengths) - lengths)[filled]
        bests = np.zeros((len(lengths), len(weights)), np.float32)
        sums, asked = np.zeros(len(lengths), np.float32), np.zeros(len(lengths), np.float32)
        if len(filled):
            norms_of_words = self._encoder.piece_norms(words)
            nearest = cosines.max(axis=1, initial=0.0) * norms_of_words
            bests[filled] = np.maximum.reduceat(cosines[places], starts, axis=0)
            sums[filled] = np.add.reduceat(products[places], starts)
            heights = np.add.reduceat(norms_of_words[places], starts)
            asked[filled] = np.add.reduceat(nearest[places], starts) / np.maximum(heights, 1e-9)
        covers = _means(bests, weights)
        cosines_of_texts = np.divide(sums, norms, out=np.zeros_like(sums), where=norms > 0)
        return Match(bests, covers, cosines_of_texts, weights, asked)

    def _compared(self, question: View, words: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the cosine of each of `words` to each of the question's, its product with the whole, and weights.

        :return: float32 [words, question words], [words] and [question words].
        """
        asked = self._encoder.piece_vectors(question.pieces)
        weights, whole = np.linalg.norm(asked, axis=1), asked.sum(axis=0)
        units = asked / np.maximum(weights, 1e-9)[:, None]
        rows = np.vstack([units, whole / max(float(np.linalg.norm(whole)), 1e-9)])
        products = self._encoder.products(words, rows)
        cosines = products[:, :-1] / np.maximum(self._encoder.piece_norms(words), 1e-9)[:, None]
        return cosines, products[:, -1], weights


# Some kernels of BLAS compute on what lies behind the end of an array, and flag what comes of it though nobody reads it.
@np.errstate(invalid="ignore")
def _means(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted mean of each row, 0 where nothing has weight; float32 [rows]."""
    return values @ weights / max(float(weights.sum()), 1e-9)


def spoken(parts: Parts) -> np.ndarray:
    """Return which of the parts are sentences, bool [parts]."""
    heads = np.cumsum(parts.counts) - parts.counts
    sentences = np.ones(len(parts.lengths), bool)
    sentences[(heads[:, None] + np.arange(FIXED)).ravel()] = False
    return sentences


def _numbered(pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different pieces, ascending, and the place of each of `pieces` among them.

    As np.unique does, without sorting.
    """
    seen = np.zeros(int(pieces.max(initial=0)) + 1, bool)
    seen[pieces] = True
    words = np.flatnonzero(seen)
    numbers = np.empty(len(seen), np.int64)
    numbers[words] = np.arange(len(words))
    return words, numbers[pieces]
