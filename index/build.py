"""Build the index: read what is new, keep what is not, and change the index in one step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np

from index import library, store, tokenizer
from index.clauses import split_clauses
from index.context import passage_text
from index.dense import DenseIndex
from index.encoder import Encoder
from index.errors import IndexFileError, PolicyFileError
from index.manifest import FORMAT, Manifest, code_fingerprint, digest
from index.policy import parse_policy
from index.questions import question_files, read_questions
from index.reader import read_text
from index.settings import IndexSettings
from index.sparse import SparseIndex
from index.store import Store, searched
from index.tokenizer import Tokenizer
from index.types import Clause, KnownQuestion, Policy


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    store: Store
    changed: bool  # whether a new index was written
    read: int  # policies read anew
    failed: tuple[str, ...]  # a message for each file that could not be read


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class _Document:
    policy: Policy
    clauses: tuple[Clause, ...]


def build(settings: IndexSettings, encoder: Encoder, on_file: Callable[[Path], None] = lambda path: None) -> Report:
    """Bring the index up to date with the library; policies that did not change are not read or encoded again.

    One file that cannot be read never stops the rest.

    :raises PolicyFileError: if no file could be read.
    :raises SettingError: if a folder is missing or cannot be written.
    """
    old = _usable(settings.index, encoder)
    known = _documents(old) if old else {}
    documents, failed, read = [], [], 0
    for source in _sources(settings):
        try:
            if source.sha256 in known:
                documents.append(known[source.sha256])
            else:
                on_file(source.path)
                documents.append(_read(source))
                read += 1
        except PolicyFileError as error:
            failed.append(str(error))
    if not documents:
        raise PolicyFileError("没有一份政策文件能读出来：\n" + "\n".join(failed))
    new = _assemble(_distinct(documents), settings, encoder, old)
    changed = old is None or new.fingerprint != old.fingerprint
    if changed:
        new.save(settings.index)
    return Report(new, changed, read, tuple(failed))


def _usable(root: Path, encoder: Encoder) -> Store | None:
    try:
        return store.load(root, encoder)
    except IndexFileError:
        return None


def _sources(settings: IndexSettings) -> Iterable[_Source]:
    removed, seen = library.removed(settings.index), set()
    for path in library.files(settings.policies, settings.index):
        sha256 = library.sha256(path)
        if sha256 not in removed and sha256 not in seen:
            seen.add(sha256)
            yield _Source(path, sha256)


def _read(source: _Source) -> _Document:
    policy = parse_policy(read_text(source.path), source.path.name, source.sha256)
    return _Document(policy, split_clauses(policy))


def _documents(old: Store) -> dict[str, _Document]:
    """Return the documents of an index by the sha256 of their files, under the ids that their own text gives."""
    clauses: dict[str, list[Clause]] = {}
    for clause in old.clauses:
        clauses.setdefault(clause.policy_id, []).append(clause)
    documents = {}
    for policy in old.policies:
        own = replace(policy, id=policy.number or policy.title)
        kept = tuple(clauses[policy.id]) if own.id == policy.id else split_clauses(own)
        documents[policy.sha256] = _Document(own, kept)
    return documents


def _distinct(documents: list[_Document]) -> list[_Document]:
    """Give every document an id of its own: of several versions the newest keeps the plain id."""
    by_id: dict[str, list[_Document]] = {}
    for document in documents:
        by_id.setdefault(document.policy.id, []).append(document)
    result = []
    for versions in by_id.values():
        versions.sort(key=lambda d: (d.policy.issued or date.min, d.policy.source), reverse=True)
        result.append(versions[0])
        for number, document in enumerate(versions[1:], start=2):
            mark = document.policy.issued or f"第{number}份"
            policy = replace(document.policy, id=f"{document.policy.id}（{mark}）")
            result.append(_Document(policy, split_clauses(policy)))
    return sorted(result, key=lambda document: document.policy.id)


def _assemble(documents: list[_Document], settings: IndexSettings, encoder: Encoder, old: Store | None) -> Store:
    clauses = tuple(clause for document in documents for clause in document.clauses)
    files = question_files(settings.questions)
    questions = read_questions(files, {clause.id for clause in clauses})
    policies = tuple(document.policy for document in documents)
    sources = digest(*(part for policy in policies for part in (policy.id, policy.sha256)), *(path.read_bytes() for path in files))
    manifest = _manifest(policies, clauses, questions, encoder, sources)
    if old and old.fingerprint == manifest.fingerprint:
        return old
    titles = {policy.id: policy.title for policy in policies}
    texts = [passage_text(titles[c.policy_id], c.ancestors, c.text) for c in searched(clauses)]
    cutter = Tokenizer()
    return Store(
        manifest=manifest,
        policies=policies,
        clauses=clauses,
        questions=questions,
        names=frozenset().union(*(cutter.names_of(policy.text) for policy in policies)),
        sparse=SparseIndex.build(_words(texts, searched(clauses), policies)),
        dense=DenseIndex.build(_vectors(texts, searched(clauses), encoder, old)),
        dense_questions=DenseIndex.build(encoder.encode([q.text for q in questions], kind="query")),
    )


def _words(texts: Sequence[str], clauses: Sequence[Clause], policies: Sequence[Policy]) -> list[list[str]]:
    """Return the words of each passage, cut with the names of its own policy."""
    plain = Tokenizer()
    cutters = {policy.id: Tokenizer(plain.names_of(policy.text)) for policy in policies}
    return [cutters[clause.policy_id].words(text) for text, clause in zip(texts, clauses, strict=True)]


def _vectors(texts: Sequence[str], clauses: Sequence[Clause], encoder: Encoder, old: Store | None) -> np.ndarray:
    """Return a unit vector a passage, taking over those of clauses that did not change."""
    rows = {_key(clause): row for row, clause in enumerate(old.passages)} if old else {}
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    fresh = [i for i, clause in enumerate(clauses) if _key(clause) not in rows]
    if fresh:
        vectors[fresh] = encoder.encode([texts[i] for i in fresh], kind="passage")
    if len(fresh) < len(texts):
        kept = old.dense.vectors()
        for i, clause in enumerate(clauses):
            if _key(clause) in rows:
                vectors[i] = kept[rows[_key(clause)]]
    return vectors


def _key(clause: Clause) -> tuple[str, ...]:
    return (clause.id, *clause.ancestors, clause.text)  # the title stands in the clause …/题, and an id in each


def _manifest(
    policies: Sequence[Policy],
    clauses: tuple[Clause, ...],
    questions: Sequence[KnownQuestion],
    encoder: Encoder,
    sources: str,
) -> Manifest:
    return Manifest(
        format=FORMAT,
        code=code_fingerprint(),
        words=tokenizer.fingerprint(),
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        sources=sources,
        policies=len(policies),
        clauses=len(clauses),
        passages=len(searched(clauses)),
        questions=len(questions),
        built=datetime.now().astimezone().isoformat(timespec="seconds"),
    )

