"""BM25 over words: the door to bm25s."""

import json
import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to debug

# Term saturation and length normalisation, without unit: Anserini's defaults for passages (Lin et al. 2016).
K1, B = 0.9, 0.4
_ARRAYS = ("starts", "rows", "times", "weights", "lengths")
_MOST = np.iinfo(np.uint16).max  # times that a word is counted in a document


class Vocabulary(dict[str, int]):
    """Words and their numbers; a new word gets the next one."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number

    def numbers(self, words: Iterable[str]) -> np.ndarray:
        """Return the numbers of words, int32 [words]."""
        return np.fromiter(map(self.__getitem__, words), np.int32)


@dataclass(frozen=True, slots=True)
class Postings:
    """Which documents hold each word, and how often."""

    words: dict[str, int]  # numbers are columns
    starts: np.ndarray  # int64 [words + 1], of each word's entries in `rows`, `times` and `weights`
    rows: np.ndarray  # int32 [entries], documents, ascending for each word
    times: np.ndarray  # uint16 [entries]
    weights: np.ndarray  # float32 [entries], BM25 of the word in the document
    lengths: np.ndarray  # int32 [documents], words with repetitions


class SparseIndex:
    """Score every document by BM25."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self.size = len(postings.lengths)
        self._model = bm25s.BM25(k1=K1, b=B, method="lucene")
        self._model.scores = {
            "data": postings.weights, "indices": postings.rows, "indptr": postings.starts, "num_docs": self.size
        }  # fmt: skip
        self._model.nonoccurrence_array = None  # only other forms of BM25 weigh a word that is not there

    @classmethod
    def build(cls, documents: Sequence[Iterable[str]]) -> "SparseIndex":
        """Index the words of each document, in order."""
        words = Vocabulary()
        numbers = [words.numbers(document) for document in documents]
        return cls.empty().updated(np.full(len(documents), -1), words, numbers)

    @classmethod
    def empty(cls) -> "SparseIndex":
        """Return the index of no document."""
        none = np.empty(0, np.int32)
        return cls(Postings({}, np.zeros(1, np.int64), none, none.astype(np.uint16), none.astype(np.float32), none))

    def vocabulary(self) -> Vocabulary:
        """Return a copy of the words, to be added to for `updated`."""
        return Vocabulary(self._postings.words)

    def updated(self, kept: np.ndarray, words: Vocabulary, fresh: Sequence[np.ndarray]) -> "SparseIndex":
        """Return the index of some of these documents and of fresh ones; it is what `build` makes of all their words.

        Everything is weighed anew, for a document more or less changes every weight; nothing is cut or counted anew.

        :param kept: number of each document here, ascending, -1 for a fresh one, int64 [documents].
        :param fresh: numbers in `words` of the words of each fresh document, in order.
        """
        rows, times, holders = self._kept(kept)
        holders = np.concatenate([holders, np.zeros(len(words) - len(holders), np.int64)])
        columns, new_rows, new_times = _counted(kept, fresh)
        places = _places(rows, holders, columns, new_rows)
        lengths = np.empty(len(kept), np.int32)
        lengths[kept >= 0] = self._postings.lengths[kept[kept >= 0]]
        lengths[kept < 0] = [len(numbers) for numbers in fresh]
        return SparseIndex(
            _weighed(
                words,
                holders + np.bincount(columns, minlength=len(words)),
                np.insert(rows, places, new_rows),
                np.insert(times, places, new_times),
                lengths,
            )
        )

    def _kept(self, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the new rows and the counts of the entries of documents that are kept, and how many each word has."""
        postings, rows = self._postings, np.full(self.size, -1, np.int32)
        rows[kept[kept >= 0]] = np.flatnonzero(kept >= 0)
        moved, holders = rows[postings.rows], np.diff(postings.starts)
        gone = np.flatnonzero(moved < 0)
        if not len(gone):
            return moved, postings.times, holders
        columns = np.searchsorted(postings.starts, gone, side="right") - 1
        holders = holders - np.bincount(columns, minlength=len(holders))
        return np.delete(moved, gone), np.delete(postings.times, gone), holders

    def knows(self, word: str) -> bool:
        """Return whether any document holds the word."""
        return word in self._postings.words

    def words(self) -> Iterable[str]:
        """Return the words that the documents hold, each once."""
        return self._postings.words

    def share(self, word: str) -> float:
        """Return which part of all pairs of a word and a document that holds it is the word's."""
        return self._holders(word) / max(len(self._postings.rows), 1)

    def scores(self, words: Sequence[str]) -> np.ndarray:
        """Return one score a document, float32 [size], higher is better, 0 where no word meets."""
        known = [self._postings.words[word] for word in words if self.knows(word)]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        return self._model.get_scores_from_ids(known)

    def ceiling(self, words: Sequence[str]) -> float:
        """Return the score that a document tends to as it holds `words` ever more often.

        A word that no document holds counts like the rarest one, so that unmet words lower the share reached.
        """
        return sum(_rarity(self._holders(word), self.size) for word in words)

    def _holders(self, word: str) -> int:
        """Return how many documents hold the word."""
        if not self.knows(word):
            return 0
        number, starts = self._postings.words[word], self._postings.starts
        return int(starts[number + 1] - starts[number])

    def save(self, folder: Path) -> None:
        """Write arrays and vocabulary to `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        words = sorted(self._postings.words, key=self._postings.words.__getitem__)
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self._postings, name))

    @classmethod
    def load(cls, folder: Path) -> "SparseIndex":
        """Read what `save` wrote, arrays memory-mapped.

        :raises ValueError: if the arrays do not belong together.
        """
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        arrays = {name: _mapped(folder / f"{name}.npy") for name in _ARRAYS}
        postings = Postings({word: number for number, word in enumerate(words)}, **arrays)
        entries = {int(postings.starts[-1]), len(postings.rows), len(postings.times), len(postings.weights)}
        if len(entries) != 1 or len(postings.starts) != len(words) + 1:
            raise ValueError(f"{len(words)} words, {len(postings.starts)} starts, {entries} entries")
        return cls(postings)


def _counted(kept: np.ndarray, fresh: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the entries of fresh documents, by word and then by row: words, rows, and how often each stands there."""
    rows = np.repeat(np.flatnonzero(kept < 0), [len(numbers) for numbers in fresh])
    numbers = np.concatenate([np.empty(0, np.int64), *fresh])
    keys, counts = np.unique(numbers * len(kept) + rows, return_counts=True)
    columns, rows = np.divmod(keys.astype(np.int64), max(len(kept), 1))
    return columns, rows.astype(np.int32), np.minimum(counts, _MOST).astype(np.uint16)


def _places(rows: np.ndarray, holders: np.ndarray, columns: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return before which entry each new one goes, so that the rows of a word ascend.

    :param rows: of the entries there are, those of each word ascending; `holders` says how many it has.
    :param columns: words of the new entries, ascending; `new` are their rows, ascending for each word.
    """
    ends = np.cumsum(holders)
    places = np.empty(len(columns), np.int64)
    words, firsts = np.unique(columns, return_index=True)
    lasts = np.append(firsts, len(columns))[1:]
    for word, first, last in zip(words.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
        start, end = ends[word] - holders[word], ends[word]
        places[first:last] = start + np.searchsorted(rows[start:end], new[first:last])
    return places


def _weighed(
    words: dict[str, int], holders: np.ndarray, rows: np.ndarray, times: np.ndarray, lengths: np.ndarray
) -> Postings:
    """Return postings with their weights, words that no document holds left out."""
    held = np.flatnonzero(holders)
    names = list(words)  # in the order of their numbers
    rarity = np.array([_rarity(int(count), len(lengths)) for count in holders[held]], np.float32)
    mean = max(float(lengths.mean()), 1e-9) if len(lengths) else 1.0
    length = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
    weights, whole = times.astype(np.float32), length[rows]
    whole += weights  # in place: each of these arrays takes 40 MB of a library of 150,000 passages
    weights /= whole
    weights *= np.repeat(rarity, holders[held])
    starts = np.concatenate([[0], np.cumsum(holders[held])])
    kept = {names[number]: place for place, number in enumerate(held.tolist())}
    return Postings(kept, starts, rows, times, weights, lengths)


def _rarity(holders: int, documents: int) -> float:
    """Return the weight of a word by how few documents hold it (Lucene's form)."""
    return math.log(1 + (documents - holders + 0.5) / (holders + 0.5))


def _mapped(path: Path) -> np.ndarray:
    """Return an array, memory-mapped where it holds anything: nothing cannot be mapped."""
    mode = "r" if path.stat().st_size > _HEADER else None
    return np.asarray(np.load(path, mmap_mode=mode, allow_pickle=False))


_HEADER = 128  # bytes of the head of a .npy file of one dimension
