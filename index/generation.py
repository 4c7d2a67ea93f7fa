"""Write a generation of the index: what did not change is shared with the one before, the rest is added behind it."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np

from index import checksums, codec
from index.dense import STORED, DenseIndex, signs_of
from index.encoder import Encoder
from index.manifest import Manifest
from index.pool import Pool
from index.record import Record, Recorder, has_words
from index.rows import DOCUMENT, Rows
from index.sparse import SparseIndex
from index.store import CLAUSES, PIECES, POLICIES, VECTORS, Store
from index.types import Clause, Entry, KnownQuestion, Policy

# Share of the vectors' file that may belong to no document before all files are written anew.
_WASTE = 1 / 3
_EXTENTS = 500  # additions after which all files are written anew: each adds four lines to every later manifest


class Generation:
    """A generation in the making; its documents come in order, kept or new. Used as a context.

    :param folder: an empty folder.
    :param old: the store that goes on here; None to start anew.
    """

    def __init__(self, folder: Path, encoder: Encoder, old: Store | None) -> None:
        self._folder = folder
        self._encoder = encoder
        self._old = old
        self._words = (old.sparse if old else SparseIndex.empty()).vocabulary()
        self._recorder = Recorder(encoder, old.vectors_of if old else _nothing(encoder), self._words)
        self._tables: list[Rows] = []
        self._entries: list[Entry] = []
        self._kept: list[np.ndarray] = []  # old passage of each new one, -1 for a fresh one
        self._fresh: list[np.ndarray] = []  # words of the fresh ones
        self._signs: list[np.ndarray] = []

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self._shares = self._old is not None and not _wasteful(self._old)
        units = {POLICIES: 1, CLAUSES: 1, VECTORS: self._encoder.dimension * STORED().itemsize}
        if has_words(self._encoder):
            units[PIECES] = self._encoder.piece_type.itemsize
        self._pools = {name: self._stack.enter_context(self._pool(name, unit)) for name, unit in units.items()}
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)

    def _pool(self, name: str, unit: int) -> Pool:
        if not self._shares:
            return Pool(self._folder / name, unit=unit)
        return Pool(self._folder / name, self._old.folder / name, self._old.extents(name), unit)

    @property
    def clause_keys(self) -> frozenset[int]:
        """The keys of the clause ids so far."""
        return frozenset(key for rows in self._tables for key in rows.clause_keys.tolist())

    def keep(self, number: int) -> None:
        """Take over a document of the old store as it is."""
        old = self._old
        rows, passages = old.rows.of(number, old.bounds), old.bounds.passages(number)
        if not self._shares:
            rows = replace(rows, documents=self._copied(number, rows))
        self._tables.append(rows)
        self._entries.append(old.entries[number])
        self._kept.append(np.arange(passages.start, passages.stop))
        self._signs.append(old.dense.signs[passages])

    def _copied(self, number: int, rows: Rows) -> np.ndarray:
        old, pools = self._old, self._pools
        passages, document = old.bounds.passages(number), rows.documents.copy()
        clauses = range(*old.bounds.clauses(number).indices(len(old.clauses)))
        document["policy"] = pools[POLICIES].add(old.policies.raw(number) + b"\n")
        document["clause"] = pools[CLAUSES].add(b"".join(old.clauses.raw(row) + b"\n" for row in clauses))
        document["vector"] = pools[VECTORS].add(old.dense.stored_at(np.arange(passages.start, passages.stop)).tobytes())
        if PIECES in pools:
            document["piece"] = pools[PIECES].add(old.pieces_of(number).tobytes())
        return document

    def add(self, policy: Policy, own: str, clauses: Sequence[Clause]) -> None:
        """Take in a new document; `own` is the id that its own text gives."""
        record = self._recorder.record(policy, own, clauses)
        self._tables.append(self._written(record))
        self._entries.append(record.entry)
        self._kept.append(np.full(len(record.words), -1))
        self._fresh += record.words
        self._signs.append(signs_of(record.vectors))

    def _written(self, record: Record) -> Rows:
        pools, parts, document = self._pools, record.parts, np.zeros(1, DOCUMENT)
        document["policy"], document["policy_bytes"] = pools[POLICIES].add(record.policy), len(record.policy) - 1
        document["clause"], document["clauses"] = pools[CLAUSES].add(b"".join(record.clauses)), len(record.clauses)
        document["vector"], document["passages"] = pools[VECTORS].add(record.vectors.tobytes()), len(record.words)
        if parts is not None:
            document["piece"] = pools[PIECES].add(parts.pieces.tobytes())
            document["parts"], document["sentences"] = len(parts.lengths), len(parts.norms)
        none = np.zeros(len(record.words), np.int64)
        return Rows(
            documents=document,
            clause_bytes=np.array([len(line) - 1 for line in record.clauses], np.int64),
            searched=np.array(record.searched, bool),
            clause_keys=np.array(record.clause_keys, np.uint64),
            text_keys=np.array(record.text_keys, np.uint64),
            part_counts=none if parts is None else parts.counts,
            part_lengths=none[:0] if parts is None else parts.lengths,
            norms=np.empty(0, np.float32) if parts is None else parts.norms,
        )

    def finish(self, manifest: Manifest, questions: Sequence[KnownQuestion], vectors: np.ndarray) -> None:
        """Write what belongs to this generation alone, the manifest last.

        :param vectors: of the questions, float32 [questions, dimension].
        """
        folder = self._folder
        for pool in self._pools.values():
            pool.flush()  # what is shared is whole before anything says so; cut off again should anything fail below
        rows, kept = Rows.joined(self._tables), np.concatenate([np.empty(0, np.int64), *self._kept])
        rows.save(folder / "rows.npz")
        np.save(folder / "signs.npy", np.concatenate(self._signs))
        codec.write_lines(folder / "documents.jsonl", self._entries)
        codec.write_lines(folder / "questions.jsonl", questions)
        DenseIndex.build(vectors).save(folder / "questions.npy")
        (self._old.sparse if self._old else SparseIndex.empty()).updated(kept, self._words, self._fresh).save(folder / "sparse")
        own = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in self._pools)
        pools = {name: [[e.start, e.length, e.crc] for e in pool.extents] for name, pool in self._pools.items()}
        kinds = self._encoder.piece_type.name if PIECES in self._pools else ""
        counts = {"clauses": len(rows.clause_bytes), "passages": len(rows.text_keys)}
        manifest = replace(manifest, **counts, piece_type=kinds, files=checksums.of(own, folder), extents=pools)
        manifest.save(folder / "manifest.json")


def _wasteful(old: Store) -> bool:
    """Tell whether the files of a store hold so much that is no longer used that they are better written anew."""
    used, size = old.dense.size, (old.folder / VECTORS).stat().st_size // (old.dense.dimension * STORED().itemsize)
    return used < size * (1 - _WASTE) or len(old.manifest.extents[VECTORS]) > _EXTENTS


def _nothing(encoder: Encoder):
    """Return what knows no vectors."""
    return lambda keys: (np.zeros(len(keys), bool), np.empty((0, encoder.dimension), STORED))
