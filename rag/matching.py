"""How well the words of a question are met by the words of a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

_CACHE = 20_000  # texts; 0.2 to 0.5 MB a thousand, enough for the clauses that a day's questions touch


class WordEncoder(Protocol):
    """What word-level matching asks of an encoder: one vector a word, its length the word's weight."""

    def word_vectors(self, text: str) -> tuple[list[str], np.ndarray]:
        """Return the words of `text` and their vectors, float32 [words, dimension], not normalised."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """The words of a text as unit vectors with weights."""

    words: tuple[str, ...]
    units: np.ndarray  # float32 [words, dimension], unit length
    weights: np.ndarray  # float32 [words], the lengths before; longer vectors decide more
    mean: np.ndarray  # float32 [dimension], unit length: the text as a whole


class WordMatcher:
    """Compare texts word by word (soft alignment, as in BERTScore and ColBERT's MaxSim)."""

    def __init__(self, encoder: WordEncoder) -> None:
        self._encoder = encoder
        self.view = lru_cache(maxsize=_CACHE)(self._view)

    def _view(self, text: str) -> View:
        words, vectors = self._encoder.word_vectors(text)
        weights = np.linalg.norm(vectors, axis=1)
        units = vectors / np.maximum(weights, 1e-9)[:, None]
        total = vectors.sum(axis=0) if words else np.zeros(vectors.shape[1], np.float32)
        return View(tuple(words), units, weights, total / max(float(np.linalg.norm(total)), 1e-9))

    @staticmethod
    def best(question: View, text: View) -> np.ndarray:
        """Return for each word of the question its best cosine to a word of the text, float32 [words], 0 for none."""
        if not question.words or not text.words:
            return np.zeros(len(question.words), np.float32)
        return (question.units @ text.units.T).max(axis=1)

    @staticmethod
    def cover(question: View, best: np.ndarray) -> float:
        """Return the weighted mean of `best`: 1 where every word is met word for word."""
        total = float(question.weights.sum())
        return float(question.weights @ best) / total if total else 0.0

    @staticmethod
    def cosine(question: View, text: View) -> float:
        """Return the cosine of the two texts as wholes."""
        return float(question.mean @ text.mean)

    def views(self, texts: Sequence[str]) -> list[View]:
        """Return the view of each text."""
        return [self.view(text) for text in texts]
