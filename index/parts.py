"""The parts of passages that questions are compared with word by word: cut into words once, when the index is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index.context import passage_text
from index.sentences import sentences
from index.types import Clause

FIXED = 3  # parts of every passage before its sentences: all of it, its headings, its policy's title


class PieceEncoder(Protocol):
    """What word-level matching asks of an encoder: one vector a word, its length the word's weight."""

    piece_type: np.dtype  # the smallest unsigned integers that number all words

    def pieces_of(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return the numbers of the words of each text in order, `piece_type` [words]."""
        ...

    def piece_vectors(self, pieces: np.ndarray) -> np.ndarray:
        """Return the vectors of words, float32 [words, dimension], not normalised."""
        ...

    def piece_norms(self, pieces: np.ndarray) -> np.ndarray:
        """Return the lengths of the vectors of words, float32 [words]."""
        ...

    def products(self, pieces: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Return the inner products of words with `vectors`, float32 [words, vectors]."""
        ...

    def total(self, pieces: np.ndarray) -> np.ndarray:
        """Return the sum of the vectors of words, float32 [dimension]."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Passages as words, one part after the other: for each passage the `FIXED` ones, then its sentences."""

    pieces: np.ndarray  # unsigned integers [words], of all parts; none in the tables of an index
    lengths: np.ndarray  # int64 [parts], words of each
    counts: np.ndarray  # int64 [passages], parts of each
    norms: np.ndarray  # float32 [sentences], lengths of the sums of the words' vectors

    @classmethod
    def of(cls, encoder: PieceEncoder, title: str, clauses: Iterable[Clause]) -> "Parts":
        """Cut the passages of one policy into words."""
        texts = [part_texts(title, clause) for clause in clauses]
        cut = encoder.pieces_of([text for several in texts for text in several])
        places = iter(cut)
        spoken = [piece for several in texts for piece in [next(places) for _ in several][FIXED:]]
        return cls(
            pieces=np.concatenate(cut) if cut else np.empty(0, encoder.piece_type),
            lengths=np.array([len(piece) for piece in cut], np.int64),
            counts=np.array([len(several) for several in texts], np.int64),
            norms=np.array([np.linalg.norm(encoder.total(piece)) for piece in spoken], np.float32),
        )

    @classmethod
    def joined(cls, several: Sequence["Parts"]) -> "Parts":
        """Return the passages of all of `several`, in order; at least one."""
        return cls(*(np.concatenate([getattr(parts, name) for parts in several]) for name in cls.__slots__))


class PartTable:
    """The parts of all passages of an index.

    :param pieces: the words, memory-mapped.
    :param starts: item of `pieces` at which each part begins, int64 [parts]; the parts of a passage follow one another.
    """

    def __init__(self, pieces: np.ndarray, starts: np.ndarray, parts: "Parts") -> None:
        self._pieces = pieces
        self._starts = starts
        self._parts = parts
        self._ends = np.cumsum(parts.counts)

    def of(self, passages: Sequence[int]) -> Parts:
        """Return the parts of some passages, at least one, in the order given."""
        return Parts.joined([self._of(int(passage)) for passage in passages])

    def _of(self, passage: int) -> Parts:
        end = int(self._ends[passage])
        count = int(self._parts.counts[passage])
        lengths = self._parts.lengths[end - count : end]
        start = int(self._starts[end - count])
        spoken = end - FIXED * (passage + 1)  # sentences up to here: every passage has its fixed parts besides
        return Parts(
            pieces=np.asarray(self._pieces[start : start + int(lengths.sum())]),
            lengths=lengths,
            counts=self._parts.counts[passage : passage + 1],
            norms=self._parts.norms[spoken - count + FIXED : spoken],
        )


def part_texts(title: str, clause: Clause) -> list[str]:
    """Return the parts of a passage, `FIXED` ones first."""
    spoken = (clause.text[start:end] for start, end in sentences(clause.text))
    whole, headings = passage_text(title, clause.ancestors, clause.text), " ".join((*clause.ancestors, clause.heading))
    return [whole, headings, title, *spoken]
