"""The index on disk: folders of JSON lines and arrays, changed in one step, and read as one value.

    var/index/
        CURRENT                 name of the generation in use
        <fingerprint>/          a generation: manifest.json, policies.jsonl, clauses.jsonl, questions.jsonl,
                                clauses.faiss, questions.faiss, sparse/, names.json
        library/                files that were added by hand; removed.json: ids that were removed by hand
"""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from index import codec
from index.dense import DenseIndex
from index.encoder import Encoder
from index.errors import IndexFileError, IndexMissingError, IndexStaleError, SettingError
from index.manifest import REBUILD, Manifest
from index.sparse import SparseIndex
from index.tokenizer import Tokenizer
from index.types import Clause, ClauseKind, KnownQuestion, Policy

CURRENT = "CURRENT"
# What the readers of JSON lines, arrays, FAISS and BM25 raise on files that are cut off, empty or not their own.
_DAMAGED = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError)
_KEPT = 2  # generations kept: the one in use, and the one that a reader may still be opening


@dataclass(frozen=True, slots=True)
class Store:
    """A searchable set of policies."""

    manifest: Manifest
    policies: tuple[Policy, ...]
    clauses: tuple[Clause, ...]  # every node, in document order
    questions: tuple[KnownQuestion, ...]
    names: frozenset[str]  # names that stay whole in queries
    sparse: SparseIndex  # over `passages`
    dense: DenseIndex  # over `passages`, row by row
    dense_questions: DenseIndex  # over `questions`, row by row
    passages: tuple[Clause, ...] = field(init=False)  # the clauses that are searched
    tokenizer: Tokenizer = field(init=False)
    _policy: dict[str, Policy] = field(init=False)
    _clause: dict[str, Clause] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "passages", searched(self.clauses))
        object.__setattr__(self, "tokenizer", Tokenizer(self.names))
        object.__setattr__(self, "_policy", {policy.id: policy for policy in self.policies})
        object.__setattr__(self, "_clause", {clause.id: clause for clause in self.clauses})

    @property
    def fingerprint(self) -> str:
        """Name of the content."""
        return self.manifest.fingerprint

    def policy(self, policy_id: str) -> Policy | None:
        """Return a policy by its id."""
        return self._policy.get(policy_id)

    def clause(self, clause_id: str) -> Clause | None:
        """Return a clause by its id."""
        return self._clause.get(clause_id)

    def save(self, root: Path) -> Path:
        """Write a generation under `root` and make it the current one; the old one stands until then.

        :raises SettingError: if the folder cannot be written.
        """
        target = root / self.fingerprint
        try:
            root.mkdir(parents=True, exist_ok=True)
            self._write_generation(root, target)
            _replace_text(root / CURRENT, self.fingerprint)
        except OSError as error:
            message = f"索引目录 {root} 写不进去（{error.strerror}）。请检查权限和磁盘空间，或用 --out 换一个目录。"
            raise SettingError(message) from error
        _drop_old(root, target)
        return target

    def _write_generation(self, root: Path, target: Path) -> None:
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
        try:
            self._write(draft)
            draft.chmod(0o755)  # mkdtemp keeps a folder to its owner; an index is read by whoever serves it
            shutil.rmtree(target, ignore_errors=True)  # one that is damaged, or was in use before
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _write(self, folder: Path) -> None:
        codec.write_lines(folder / "policies.jsonl", self.policies)
        codec.write_lines(folder / "clauses.jsonl", self.clauses)
        codec.write_lines(folder / "questions.jsonl", self.questions)
        (folder / "names.json").write_text(json.dumps(sorted(self.names), ensure_ascii=False), encoding="utf-8")
        self.sparse.save(folder / "sparse")
        self.dense.save(folder / "clauses.faiss")
        self.dense_questions.save(folder / "questions.faiss")
        self.manifest.save(folder / "manifest.json")


def searched(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return the clauses that are searched: all but bare headings."""
    return tuple(clause for clause in clauses if clause.kind is not ClauseKind.HEADING)


def current(root: Path) -> Path:
    """Return the folder of the generation in use.

    :raises IndexMissingError: if there is none.
    """
    try:
        name = (root / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise IndexMissingError(f"在 {root} 没有找到索引。{REBUILD}") from None
    return root / name


def load(root: Path, encoder: Encoder) -> Store:
    """Read the index in use.

    :raises IndexMissingError: if there is none.
    :raises IndexStaleError: if it is damaged or was made by another version, model or dictionary.
    """
    folder = current(root)
    try:
        return _read(folder, encoder)
    except IndexFileError:
        if current(root) == folder:
            raise
        return load(root, encoder)  # builds went on meanwhile, and the last but one takes its files along


def _read(folder: Path, encoder: Encoder) -> Store:
    manifest = Manifest.load(folder / "manifest.json")
    manifest.check(encoder.name, encoder.fingerprint)
    try:
        return _read_files(folder, manifest)
    except _DAMAGED as error:
        raise IndexStaleError(f"索引 {folder} 不完整或已损坏（{type(error).__name__}）。{REBUILD}") from error


def _read_files(folder: Path, manifest: Manifest) -> Store:
    store = Store(
        manifest=manifest,
        policies=codec.read_lines(folder / "policies.jsonl", codec.policy),
        clauses=codec.read_lines(folder / "clauses.jsonl", codec.clause),
        questions=codec.read_lines(folder / "questions.jsonl", codec.question),
        names=frozenset(json.loads((folder / "names.json").read_text(encoding="utf-8"))),
        sparse=SparseIndex.load(folder / "sparse", manifest.passages),
        dense=DenseIndex.load(folder / "clauses.faiss"),
        dense_questions=DenseIndex.load(folder / "questions.faiss"),
    )
    sizes = (len(store.policies), len(store.clauses), len(store.passages), len(store.questions))
    sizes += (store.dense.size, store.dense_questions.size)
    stated = (manifest.policies, manifest.clauses, manifest.passages, manifest.questions)
    if sizes != (*stated, manifest.passages, manifest.questions):
        raise ValueError(f"sizes {sizes}, manifest says {stated}")
    return store


def _replace_text(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


def _drop_old(root: Path, used: Path) -> None:
    generations = [path for path in root.iterdir() if (path / "manifest.json").is_file()]
    generations.sort(key=lambda path: (path == used, path.stat().st_mtime), reverse=True)
    for path in [*generations[_KEPT:], *root.glob(".draft-*")]:
        shutil.rmtree(path, ignore_errors=True)
    for path in root.glob(f"{CURRENT}.*"):  # left by a killed build
        path.unlink(missing_ok=True)
