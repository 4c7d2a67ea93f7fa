"""Put documents and known questions together into a searchable store."""

import tempfile
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np

from index import tokenizer
from index.clauses import split_clauses
from index.encoder import Encoder
from index.generation import Generation
from index.manifest import FORMAT, Manifest, code_fingerprint, digest
from index.record import corrections
from index.rows import key
from index.store import Store, read
from index.types import Clause, Entry, KnownQuestion, Policy


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the index to be: one of the old index, or a policy that was read anew."""

    id: str
    own: str  # the id that its own text gives
    source: str
    sha256: str
    edition: date | None  # the day that tells its versions apart
    corrected: tuple[str, ...]  # what a person put right in its register, field=value
    number: int | None  # in the old store, None for a new one
    policy: Policy | None  # None for one that stays as it is

    @classmethod
    def kept(cls, entry: Entry, number: int) -> "Document":
        """Return a document of the old store, under the id of its own text."""
        return cls(entry.own, entry.own, entry.source, entry.sha256, entry.edition, entry.corrected, number, None)

    @classmethod
    def new(cls, policy: Policy) -> "Document":
        """Return a document that was read anew."""
        return cls(policy.id, policy.id, policy.source, policy.sha256, policy.edition, corrections(policy), None, policy)


Questions = Callable[[Container[str]], Sequence[KnownQuestion]]  # ids of the clauses there are -> known questions


def write(folder: Path, documents: Sequence[Document], questions: Questions, encoder: Encoder, old: Store | None) -> str:
    """Write the generation of `documents` into an empty folder and return its fingerprint."""
    with Generation(folder, encoder, old) as generation:
        for document in documents:
            _take_in(generation, document, old)
        known = questions(_Keyed(generation.clause_keys))
        manifest = _manifest(documents, known, encoder)
        generation.finish(manifest, known, _question_vectors(known, encoder, old))
    return manifest.fingerprint


def same(documents: Sequence[Document], questions: Questions, encoder: Encoder, old: Store) -> bool:
    """Tell whether a store is what `write` would write."""
    if [(document.number, document.id) for document in documents] != [*enumerate(entry.id for entry in old.entries)]:
        return False
    known = questions(_Keyed(frozenset(old.rows.clause_keys.tolist())))
    return _manifest(documents, known, encoder).fingerprint == old.fingerprint


def store_of(
    policies: Iterable[tuple[Policy, Sequence[Clause]]], questions: Sequence[KnownQuestion], encoder: Encoder
) -> Store:
    """Return a store of policies with their clauses, all under ids of their own; it leaves no files behind."""
    documents = sorted(policies, key=lambda document: document[0].id)
    with tempfile.TemporaryDirectory() as name:
        with Generation(Path(name), encoder, None) as generation:
            for policy, clauses in documents:
                generation.add(policy, policy.id, clauses)
            manifest = _manifest([Document.new(policy) for policy, _ in documents], questions, encoder)
            generation.finish(manifest, questions, _question_vectors(questions, encoder, None))
        return read(Path(name), encoder)


def distinct(documents: Iterable[Document]) -> list[Document]:
    """Give every document an id of its own, in order of ids: of several versions the newest keeps the plain id."""
    by_id: dict[str, list[Document]] = {}
    for document in documents:
        by_id.setdefault(document.own, []).append(document)
    result = []
    for versions in by_id.values():
        versions.sort(key=lambda d: (d.edition or date.min, d.source), reverse=True)
        result.append(versions[0])
        used = set()
        for number, document in enumerate(versions[1:], start=2):
            mark = str(document.edition or f"第{number}份")
            mark = f"{mark}，第{number}份" if mark in used else mark
            used.add(mark)
            result.append(replace(document, id=f"{document.own}（{mark}）"))
    return sorted(result, key=lambda document: document.id)


class _Keyed(Container[str]):
    """Clause ids, known by their keys."""

    def __init__(self, keys: frozenset[int]) -> None:
        self._keys = keys

    def __contains__(self, clause_id: object) -> bool:
        return key(str(clause_id)) in self._keys


def _take_in(generation: Generation, document: Document, old: Store | None) -> None:
    if document.number is not None and old.entries[document.number].id == document.id:
        generation.keep(document.number)
    else:  # a new one, or one that another version came to or left, and with it a part of the clause ids
        policy = replace(document.policy or old.policies[document.number], id=document.id)
        generation.add(policy, document.own, split_clauses(policy))


def _question_vectors(questions: Sequence[KnownQuestion], encoder: Encoder, old: Store | None) -> np.ndarray:
    """Return a vector a question, those of questions that the old store has as they are there."""
    before = {question.text: row for row, question in enumerate(old.questions)} if old else {}
    vectors = np.empty((len(questions), encoder.dimension), np.float32)
    known = [row for row, question in enumerate(questions) if question.text in before]
    fresh = [row for row, question in enumerate(questions) if question.text not in before]
    if known:
        vectors[known] = old.dense_questions.vectors_at(np.array([before[questions[row].text] for row in known]))
    if fresh:
        vectors[fresh] = encoder.encode([questions[row].text for row in fresh], kind="query")
    return vectors


def _manifest(documents: Sequence[Document], questions: Sequence[KnownQuestion], encoder: Encoder) -> Manifest:
    """Return the manifest as far as it is known before anything is written."""
    parts = [part for d in documents for part in (d.id, d.source, d.sha256, *d.corrected)]
    parts += [part for question in questions for part in (question.text, *question.clause_ids)]
    return Manifest(
        format=FORMAT,
        code=code_fingerprint(),
        words=tokenizer.fingerprint(),
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        sources=digest(*parts),
        policies=len(documents),
        questions=len(questions),
        built=datetime.now().astimezone().isoformat(timespec="seconds"),
    )
