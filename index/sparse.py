"""BM25 over words: the door to bm25s."""

import logging
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to debug

# Term saturation and length normalisation, without unit: Anserini's defaults for passages (Lin et al. 2016).
K1, B = 0.9, 0.4


class SparseIndex:
    """Score every clause by BM25."""

    def __init__(self, model: bm25s.BM25 | None, size: int) -> None:
        self._model = model
        self.size = size

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> "SparseIndex":
        """Index the words of each document, in order."""
        if not any(documents):
            return cls(None, len(documents))
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        model.index([list(words) for words in documents], show_progress=False)
        return cls(model, len(documents))

    def knows(self, word: str) -> bool:
        """Return whether any document holds the word."""
        return bool(word) and self._model is not None and word in self._model.vocab_dict  # bm25s adds "" of its own

    def words(self) -> Iterable[str]:
        """Return the words that the documents hold, each once."""
        return filter(None, self._model.vocab_dict) if self._model else ()

    def share(self, word: str) -> float:
        """Return which part of all pairs of a word and a document that holds it is the word's."""
        return self._holders(word) / int(self._model.scores["indptr"][-1]) if self._model else 0.0

    def scores(self, words: Sequence[str]) -> np.ndarray:
        """Return one score a document, float32 [size], higher is better, 0 where no word meets."""
        known = [word for word in words if self.knows(word)]
        if not known:  # bm25s would rank documents for words it does not know
            return np.zeros(self.size, dtype=np.float32)
        return self._model.get_scores(known)

    def ceiling(self, words: Sequence[str]) -> float:
        """Return the score that a document tends to as it holds `words` ever more often.

        A word that no document holds counts like the rarest one, so that unmet words lower the share reached.
        """
        return sum(math.log(1 + (self.size - df + 0.5) / (df + 0.5)) for df in map(self._holders, words))

    def _holders(self, word: str) -> int:
        """Return how many documents hold the word."""
        if not self.knows(word):
            return 0
        number, starts = self._model.vocab_dict[word], self._model.scores["indptr"]
        return int(starts[number + 1] - starts[number])

    def save(self, folder: Path) -> None:
        """Write arrays and vocabulary to `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._model:
            self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> "SparseIndex":
        """Read what `save` wrote, arrays memory-mapped."""
        if not any(folder.iterdir()):
            return cls(None, size)
        return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False, verbosity=0), size)
