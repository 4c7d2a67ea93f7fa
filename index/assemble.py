"""Put documents and known questions together into a searchable store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    passages, titles = searched(clauses), {policy.id: policy.title for policy in policies}
    texts = [passage_text(titles[clause.policy_id], clause.ancestors, clause.text) for clause in passages]
    names = {policy.id: Tokenizer().names_of(policy.text) for policy in policies}
    cutters = {policy_id: Tokenizer(own) for policy_id, own in names.items()}
    return Store(
        manifest=manifest,
        policies=policies,
        clauses=clauses,
        questions=tuple(questions),
        names=frozenset().union(*names.values()),
        sparse=SparseIndex.build([cutters[c.policy_id].words(text) for c, text in zip(passages, texts, strict=True)]),
        dense=DenseIndex.build(_vectors(texts, passages, encoder, old)),
        dense_questions=DenseIndex.build(encoder.encode([question.text for question in questions], kind="query")),
    )


def _vectors(texts: Sequence[str], clauses: Sequence[Clause], encoder: Encoder, old: Store | None) -> np.ndarray:
    """Return a unit vector a passage, taking over those of clauses that did not change."""
    rows = {_key(clause): row for row, clause in enumerate(old.passages)} if old else {}
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    fresh = [i for i, clause in enumerate(clauses) if _key(clause) not in rows]
    kept = [i for i, clause in enumerate(clauses) if _key(clause) in rows]
    if fresh:
        vectors[fresh] = encoder.encode([texts[i] for i in fresh], kind="passage")
    if kept:
        vectors[kept] = old.dense.vectors_at(np.array([rows[_key(clauses[i])] for i in kept], np.int64))
    return vectors


def _key(clause: Clause) -> tuple[str, ...]:
    return (clause.id, *clause.ancestors, clause.text)  # a policy's title stands in its …/题, its id in each clause


def _manifest(
    policies: Sequence[Policy], clauses: tuple[Clause, ...], questions: Sequence[KnownQuestion], encoder: Encoder
) -> Manifest:
    parts = [part for policy in policies for part in (policy.id, policy.sha256)]
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
