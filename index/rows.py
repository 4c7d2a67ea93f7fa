"""Tables of an index: where each document, clause, passage and part stands in the index's files."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

# One row a document: where its entries begin in the files that grow, and how many there are of each.
DOCUMENT = np.dtype(
    [
        ("policy", np.int64),  # byte of policies.jsonl
        ("policy_bytes", np.int64),
        ("clause", np.int64),  # byte of clauses.jsonl
        ("clauses", np.int64),
        ("vector", np.int64),  # row of vectors
        ("passages", np.int64),
        ("piece", np.int64),  # item of pieces
        ("parts", np.int64),
        ("sentences", np.int64),
    ]
)


@dataclass(frozen=True, slots=True)
class Rows:
    """All tables, documents in order, and clauses, passages and parts in the order of their documents."""

    documents: np.ndarray  # DOCUMENT [documents]
    clause_bytes: np.ndarray  # int64 [clauses], of the line without its end
    searched: np.ndarray  # bool [clauses], whether the clause is a passage
    clause_keys: np.ndarray  # uint64 [clauses], `key` of the clause id
    text_keys: np.ndarray  # uint64 [passages], `key` of the text that is encoded
    part_counts: np.ndarray  # int64 [passages]; all 0 where the encoder has no words
    part_lengths: np.ndarray  # int64 [parts], words of each
    norms: np.ndarray  # float32 [sentences]

    @classmethod
    def empty(cls) -> "Rows":
        """Return the tables of no document."""
        kinds = (DOCUMENT, np.int64, bool, np.uint64, np.uint64, np.int64, np.int64, np.float32)
        return cls(*(np.empty(0, kind) for kind in kinds))

    @classmethod
    def joined(cls, several: Sequence["Rows"]) -> "Rows":
        """Return the tables of the documents of all of `several`, in order."""
        several = [cls.empty(), *several]
        return cls(*(np.concatenate([getattr(rows, name) for rows in several]) for name in cls.__slots__))

    def of(self, document: int, bounds: "Bounds") -> "Rows":
        """Return the tables of one document."""
        clauses, passages = bounds.clauses(document), bounds.passages(document)
        parts, sentences = bounds.parts(document), bounds.sentences(document)
        return Rows(
            self.documents[document : document + 1],
            *(table[clauses] for table in (self.clause_bytes, self.searched, self.clause_keys)),
            *(table[passages] for table in (self.text_keys, self.part_counts)),
            self.part_lengths[parts],
            self.norms[sentences],
        )

    def save(self, path: Path) -> None:
        """Write all tables as one .npz."""
        np.savez(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> "Rows":
        """Read what `save` wrote.

        :raises ValueError: if the tables do not belong together.
        """
        with np.load(path, allow_pickle=False) as arrays:
            rows = cls(*(arrays[name] for name in cls.__slots__))
        found = (len(rows.clause_bytes), len(rows.text_keys), len(rows.part_lengths), len(rows.norms))
        totals = tuple(int(rows.documents[name].sum()) for name in ("clauses", "passages", "parts", "sentences"))
        if found != totals or (int(rows.searched.sum()), int(rows.part_counts.sum())) != totals[1:3]:
            raise ValueError(f"tables of {found}, documents of {totals}")
        return rows

    # --- places in the files

    def clause_starts(self) -> np.ndarray:
        """Return the byte at which each clause's line begins, int64 [clauses]."""
        return _places(self.documents["clause"], self.documents["clauses"], self.clause_bytes + 1)

    def vector_rows(self) -> np.ndarray:
        """Return the row of each passage's vector, int64 [passages]."""
        return _places(self.documents["vector"], self.documents["passages"], np.ones(len(self.text_keys), np.int64))

    def part_starts(self) -> np.ndarray:
        """Return the item at which each part's words begin, int64 [parts]."""
        return _places(self.documents["piece"], self.documents["parts"], self.part_lengths)


class Bounds:
    """Where the entries of each document begin and end in the tables."""

    def __init__(self, rows: Rows) -> None:
        self._ends = {name: np.cumsum(rows.documents[name]) for name in ("clauses", "passages", "parts", "sentences")}
        self._counts = {name: rows.documents[name] for name in self._ends}
        self.passage_clauses = np.flatnonzero(rows.searched)  # clause of each passage, int64 [passages]

    def clauses(self, document: int) -> slice:
        """Return the clauses of a document."""
        return self._slice("clauses", document)

    def passages(self, document: int) -> slice:
        """Return the passages of a document."""
        return self._slice("passages", document)

    def parts(self, document: int) -> slice:
        """Return the parts of a document's passages."""
        return self._slice("parts", document)

    def sentences(self, document: int) -> slice:
        """Return the sentences of a document's passages."""
        return self._slice("sentences", document)

    def document_of(self, clauses: np.ndarray) -> np.ndarray:
        """Return the document of each of `clauses`."""
        return np.searchsorted(self._ends["clauses"], clauses, side="right")

    def _slice(self, name: str, document: int) -> slice:
        end = int(self._ends[name][document])
        return slice(end - int(self._counts[name][document]), end)


class KeyTable:
    """Find rows by their keys."""

    def __init__(self, keys: np.ndarray) -> None:
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def rows(self, number: int) -> np.ndarray:
        """Return the rows that have a key, in order, int64."""
        wanted = np.uint64(number)
        start = np.searchsorted(self._keys, wanted, side="left")
        return self._order[start : np.searchsorted(self._keys, wanted, side="right")]


def key(text: str) -> int:
    """Return a number that stands for a text: of a million texts, two share theirs once in 40 million times."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _places(firsts: np.ndarray, counts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return where each entry begins: those of a document follow one another from the document's first place on."""
    before = np.concatenate([[0], np.cumsum(sizes)])
    heads = np.cumsum(counts) - counts
    return before[:-1] + np.repeat(firsts - before[heads], counts)


