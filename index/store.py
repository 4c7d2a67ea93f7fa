"""The index on disk: folders of JSON lines and arrays, changed in one step, and read as one value.

    var/index/
        CURRENT                 name of the generation in use
        <fingerprint>/          a generation
            manifest.json       what it was made of; sizes and checksums
            documents.jsonl     which documents, and from which files
            policies.jsonl, clauses.jsonl, vectors.f16, pieces.bin
                                texts, vectors and words: shared with the generations before and after, only added to
            rows.npz            where each document, clause and passage stands in these
            signs.npy, sparse/  for search by vector and by words
            questions.jsonl, questions.npy
        library/                files that were added by hand; removed.json: ids that were removed by hand

Texts are read when they are asked for, arrays are mapped: a process takes the memory of what it uses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index import checksums, codec
from index.dense import STORED, DenseIndex
from index.encoder import Encoder
from index.errors import IndexFileError, IndexMissingError, IndexStaleError
from index.lines import Chosen, Lines
from index.manifest import REBUILD, Manifest
from index.parts import Parts, PartTable
from index.pool import Extent
from index.rows import Bounds, KeyTable, Rows, key
from index.sparse import SparseIndex
from index.tokenizer import Tokenizer
from index.types import Clause, Entry, KnownQuestion, Policy

CURRENT = "CURRENT"
POLICIES, CLAUSES, VECTORS, PIECES = "policies.jsonl", "clauses.jsonl", "vectors.f16", "pieces.bin"
# What the readers of JSON lines and arrays raise on files that are cut off, empty or not their own.
_DAMAGED = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Store:
    """A searchable set of policies."""

    folder: Path  # of the generation
    manifest: Manifest
    entries: tuple[Entry, ...]  # one a policy
    rows: Rows
    bounds: Bounds
    policies: Lines[Policy]
    clauses: Lines[Clause]  # every node, in document order
    questions: tuple[KnownQuestion, ...]
    sparse: SparseIndex  # over `passages`
    dense: DenseIndex  # over `passages`, row by row
    dense_questions: DenseIndex  # over `questions`, row by row
    parts: PartTable | None  # of `passages`; None where the encoder has no words
    passages: Chosen[Clause] = field(init=False)  # the clauses that are searched
    names: frozenset[str] = field(init=False)  # names that stay whole in queries
    tokenizer: Tokenizer = field(init=False)
    _policy: dict[str, int] = field(init=False)
    _clause: KeyTable = field(init=False)
    _text: KeyTable = field(init=False)

    def __post_init__(self) -> None:
        names = frozenset(name for entry in self.entries for name in entry.names)
        for attribute, value in {
            "passages": Chosen(self.clauses, self.bounds.passage_clauses),
            "names": names,
            "tokenizer": Tokenizer(names),
            "_policy": {entry.id: number for number, entry in enumerate(self.entries)},
            "_clause": KeyTable(self.rows.clause_keys),
            "_text": KeyTable(self.rows.text_keys),
        }.items():
            object.__setattr__(self, attribute, value)

    @property
    def fingerprint(self) -> str:
        """Name of the content."""
        return self.manifest.fingerprint

    def policy(self, policy_id: str) -> Policy | None:
        """Return a policy by its id."""
        number = self._policy.get(policy_id)
        return None if number is None else self.policies[number]

    def clause(self, clause_id: str) -> Clause | None:
        """Return a clause by its id."""
        found = (self.clauses[row] for row in self._clause.rows(key(clause_id)))
        return next((clause for clause in found if clause.id == clause_id), None)

    def clauses_of(self, policy_id: str) -> tuple[Clause, ...]:
        """Return all nodes of a policy in order, none for an unknown one."""
        number = self._policy.get(policy_id)
        return () if number is None else self.clauses[self.bounds.clauses(number)]

    def passage_rows(self, policy_id: str) -> range:
        """Return which of `passages` are a policy's."""
        number = self._policy.get(policy_id)
        return range(0) if number is None else range(*self.bounds.passages(number).indices(len(self.passages)))

    def passage_row(self, clause_id: str) -> int | None:
        """Return which of `passages` a clause is, None for one that is not searched."""
        rows = np.searchsorted(self.bounds.passage_clauses, self._clause.rows(key(clause_id)))
        found = (row for row in rows.tolist() if row < len(self.passages))
        return next((row for row in found if self.passages[row].id == clause_id), None)

    # --- for the next build

    def extents(self, name: str) -> tuple[Extent, ...]:
        """Return what of a shared file belongs to this generation or one before it."""
        return tuple(Extent(*values) for values in self.manifest.extents[name])

    def has_clause(self, clause_id: str) -> bool:
        """Tell whether there is a clause, without reading it."""
        return len(self._clause.rows(key(clause_id))) > 0

    def vectors_of(self, keys: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return which texts are encoded here, bool [keys], and the vectors of those, float16 [known, dimension]."""
        found = [self._text.rows(number) for number in keys]
        known = np.array([len(rows) > 0 for rows in found], bool)
        return known, self.dense.stored_at(np.array([rows[0] for rows in found if len(rows)], np.int64))

    def pieces_of(self, number: int) -> np.ndarray:
        """Return the words of all parts of a document's passages."""
        passages = self.bounds.passages(number)
        rows = range(passages.start, passages.stop)
        return self.parts.of(rows).pieces if rows else np.empty(0, self.manifest.piece_type)


def current(root: Path) -> Path:
    """Return the folder of the generation in use.

    :raises IndexMissingError: if there is none.
    """
    try:
        name = (root / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise IndexMissingError(f"在 {root} 没有找到索引。{REBUILD}") from None
    return root / name


def load(root: Path, encoder: Encoder, *, check: bool = False) -> Store:
    """Read the index in use.

    :param check: compare the checksums of all files, not only of the small ones.
    :raises IndexMissingError: if there is none.
    :raises IndexStaleError: if it is damaged or was made by another version, model or dictionary.
    """
    folder = current(root)
    try:
        return read(folder, encoder, check=check)
    except IndexFileError:
        if current(root) == folder:
            raise
        return load(root, encoder, check=check)  # builds went on meanwhile, and the last but one takes its files along


def read(folder: Path, encoder: Encoder, *, check: bool = False) -> Store:
    """Read the generation in a folder; parameters and errors as for `load`."""
    manifest = Manifest.load(folder / "manifest.json")
    manifest.check(encoder.name, encoder.fingerprint)
    try:
        damaged = sorted(checksums.damaged(folder, manifest, all_of_it=check))
        if damaged:
            raise IndexStaleError(f"索引 {folder} 不完整或已损坏（{'、'.join(damaged)} 与建立时不同）。{REBUILD}")
        return _opened(folder, manifest)
    except _DAMAGED as error:
        raise IndexStaleError(f"索引 {folder} 不完整或已损坏（{type(error).__name__}）。{REBUILD}") from error


def _opened(folder: Path, manifest: Manifest) -> Store:
    rows = Rows.load(folder / "rows.npz")
    documents = rows.documents
    bounds = Bounds(rows)
    entries = codec.read_lines(folder / "documents.jsonl", codec.entry)
    questions = codec.read_lines(folder / "questions.jsonl", codec.question)
    store = Store(
        folder=folder,
        manifest=manifest,
        entries=entries,
        rows=rows,
        bounds=bounds,
        policies=Lines(folder / POLICIES, documents["policy"], documents["policy_bytes"], codec.policy, len(documents)),
        clauses=Lines(folder / CLAUSES, rows.clause_starts(), rows.clause_bytes, codec.clause),
        questions=questions,
        sparse=SparseIndex.load(folder / "sparse"),
        dense=DenseIndex(_vectors(folder, manifest), rows.vector_rows(), _signs(folder, manifest)),
        dense_questions=DenseIndex.load(folder / "questions.npy"),
        parts=_parts(folder, manifest, rows),
    )
    sizes = (len(entries), len(store.policies), len(store.clauses), len(store.passages), len(questions))
    sizes += (store.sparse.size, store.dense.size, len(store.dense.signs), store.dense_questions.size)
    stated = (manifest.policies, manifest.policies, manifest.clauses, manifest.passages, manifest.questions)
    if sizes != (*stated, *[manifest.passages] * 3, manifest.questions):
        raise ValueError(f"sizes {sizes}, manifest says {stated}")
    return store


def _vectors(folder: Path, manifest: Manifest) -> np.ndarray:
    return _mapped(folder / VECTORS, manifest, STORED).reshape(-1, manifest.dimension)


def _signs(folder: Path, manifest: Manifest) -> np.ndarray:
    mode = "r" if manifest.passages else None  # nothing cannot be mapped
    return np.asarray(np.load(folder / "signs.npy", mmap_mode=mode, allow_pickle=False))


def _parts(folder: Path, manifest: Manifest, rows: Rows) -> PartTable | None:
    if not manifest.piece_type:
        return None
    parts = Parts(np.empty(0, manifest.piece_type), rows.part_lengths, rows.part_counts, rows.norms)
    return PartTable(_mapped(folder / PIECES, manifest, np.dtype(manifest.piece_type)), rows.part_starts(), parts)


def _mapped(path: Path, manifest: Manifest, kind: np.dtype) -> np.ndarray:
    """Return the items of a shared file up to what this generation has of it."""
    end = max((start + length for start, length, _ in manifest.extents[path.name]), default=0)
    if not end:
        return np.empty(0, kind)  # nothing cannot be mapped
    # As a plain array: numpy wraps every slice of its own class anew, which takes longer than the slice.
    return np.asarray(np.memmap(path, kind, "r", shape=(end // np.dtype(kind).itemsize,)))
