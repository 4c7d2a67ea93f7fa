"""Put documents and known questions together into a searchable store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np

from index import tokenizer
from index.context import passage_text
from index.dense import DenseIndex
from index.encoder import Encoder
from index.manifest import FORMAT, Manifest, code_fingerprint, digest
from index.sparse import SparseIndex
from index.store import Store, searched
from index.tokenizer import Tokenizer
from index.types import Clause, KnownQuestion, Policy


@dataclass(frozen=True, slots=True)
class Document:
    """A policy with its clause tree."""

    policy: Policy
    clauses: tuple[Clause, ...]


def assemble(
    documents: Sequence[Document], questions: Sequence[KnownQuestion], encoder: Encoder, old: Store | None = None
) -> Store:
    """Return the store of `documents`; the same content gives the old store back.

    :param old: a store made by this version and encoder, whose vectors are taken over where clauses did not change.
    """
    clauses = tuple(clause for document in documents for clause in document.clauses)
    policies = tuple(document.policy for document in documents)
    manifest = _manifest(policies, clauses, questions, encoder)
    if old and old.fingerprint == manifest.fingerprint:
        return old
    passages, texts = searched(clauses), _texts(policies, searched(clauses))
    names = {policy.id: Tokenizer().names_of(policy.text) for policy in policies}
    cutters = {policy_id: Tokenizer(own) for policy_id, own in names.items()}
    return Store(
        manifest=manifest,
        policies=policies,
        clauses=clauses,
        questions=tuple(questions),
        names=frozenset().union(*names.values()),
        sparse=SparseIndex.build([cutters[c.policy_id].words(text) for c, text in zip(passages, texts, strict=True)]),
        dense=DenseIndex.build(_passage_vectors(texts, encoder, old)),
        dense_questions=DenseIndex.build(_question_vectors(questions, encoder, old)),
    )


def _texts(policies: Sequence[Policy], passages: Sequence[Clause]) -> list[str]:
    """Return what is searched of each passage."""
    titles = {policy.id: policy.title for policy in policies}
    return [passage_text(titles[clause.policy_id], clause.ancestors, clause.text) for clause in passages]


def _passage_vectors(texts: Sequence[str], encoder: Encoder, old: Store | None) -> np.ndarray:
    before = _texts(old.policies, old.passages) if old else ()
    return _vectors(texts, partial(encoder.encode, kind="passage"), before, old and old.dense)


def _question_vectors(questions: Sequence[KnownQuestion], encoder: Encoder, old: Store | None) -> np.ndarray:
    texts, before = ([question.text for question in asked] for asked in (questions, old.questions if old else ()))
    return _vectors(texts, partial(encoder.encode, kind="query"), before, old and old.dense_questions)


def _vectors(
    texts: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray], before: Sequence[str], old: DenseIndex | None
) -> np.ndarray:
    """Return a unit vector a text, taking those of texts that were encoded `before` from the rows of `old`."""
    rows = {text: row for row, text in enumerate(before)}
    fresh = [i for i, text in enumerate(texts) if text not in rows]
    kept = [i for i, text in enumerate(texts) if text in rows]
    encoded = encode([texts[i] for i in fresh])
    if not kept:
        return encoded
    vectors = np.empty((len(texts), encoded.shape[1]), np.float32)
    vectors[fresh] = encoded
    vectors[kept] = old.vectors_at(np.array([rows[texts[i]] for i in kept], np.int64))
    return vectors


def _manifest(
    policies: Sequence[Policy], clauses: tuple[Clause, ...], questions: Sequence[KnownQuestion], encoder: Encoder
) -> Manifest:
    parts = [part for policy in policies for part in (policy.id, policy.source, policy.sha256)]
    parts += [f"{p.id} {field}={getattr(p, field)}" for p in policies for field in p.corrected]
    parts += [part for question in questions for part in (question.text, *question.clause_ids)]
    return Manifest(
        format=FORMAT,
        code=code_fingerprint(),
        words=tokenizer.fingerprint(),
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        sources=digest(*parts),
        policies=len(policies),
        clauses=len(clauses),
        passages=len(searched(clauses)),
        questions=len(questions),
        built=datetime.now().astimezone().isoformat(timespec="seconds"),
    )
