"""How well the words of a question are met by the words of texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

_CACHE = 20_000  # texts; about 1 KB each, enough for the clauses that a day's questions touch


class PieceEncoder(Protocol):
    """What word-level matching asks of an encoder: one vector a word, its length the word's weight."""

    def pieces(self, text: str) -> np.ndarray:
        """Return the numbers of the words of `text` in order, int64 [words]."""
        ...

    def piece_vectors(self, pieces: np.ndarray) -> np.ndarray:
        """Return the vectors of words, float32 [words, dimension], not normalised."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """A text as its words."""

    pieces: np.ndarray  # int64 [words]
    norm: float  # of the sum of the words' vectors

    def __len__(self) -> int:
        return len(self.pieces)


class WordMatcher:
    """Read texts as words."""

    def __init__(self, encoder: PieceEncoder) -> None:
        self._encoder = encoder
        self.view = lru_cache(maxsize=_CACHE)(self._view)

    def _view(self, text: str) -> View:
        pieces = self._encoder.pieces(text)
        return View(pieces, float(np.linalg.norm(self._encoder.piece_vectors(pieces).sum(axis=0))))

    def views(self, texts: Sequence[str]) -> list[View]:
        """Return the view of each text."""
        return [self.view(text) for text in texts]

    def compare(self, question: View, texts: Sequence[View]) -> "Match":
        """Return how a question meets `texts`, its words compared with theirs once and for all."""
        return Match(self._encoder, question, texts)


class Match:
    """A question beside texts, word by word (soft alignment, as in BERTScore and ColBERT's MaxSim)."""

    def __init__(self, encoder: PieceEncoder, question: View, texts: Sequence[View]) -> None:
        self._words = np.unique(np.concatenate([np.empty(0, np.int64), *(text.pieces for text in texts)]))
        asked, said = encoder.piece_vectors(question.pieces), encoder.piece_vectors(self._words)
        self._weights = np.linalg.norm(asked, axis=1)  # float32 [question words]
        lengths = np.linalg.norm(said, axis=1)
        units = asked / np.maximum(self._weights, 1e-9)[:, None]
        self._cosines = units @ (said / np.maximum(lengths, 1e-9)[:, None]).T  # [question words, words]
        whole = asked.sum(axis=0)
        self._products = said @ (whole / max(float(np.linalg.norm(whole)), 1e-9))  # [words]

    def best(self, text: View) -> np.ndarray:
        """Return for each word of the question its best cosine to a word of the text, float32 [question words]."""
        if not len(text) or not len(self._weights):
            return np.zeros(len(self._weights), np.float32)
        return self._cosines[:, self._columns(text)].max(axis=1)

    def cover(self, best: np.ndarray) -> float:
        """Return the weighted mean of `best`: 1 where every word of the question is met word for word."""
        total = float(self._weights.sum())
        return float(self._weights @ best) / total if total else 0.0

    def cosine(self, text: View) -> float:
        """Return the cosine of question and text as wholes."""
        return float(self._products[self._columns(text)].sum()) / text.norm if text.norm > 0 else 0.0

    def _columns(self, text: View) -> np.ndarray:
        return np.searchsorted(self._words, text.pieces)
