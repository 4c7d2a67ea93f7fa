"""Candidate clauses for a question: the best of each leg, with the score of every leg."""

from collections.abc import Sequence

import numpy as np

from index.encoder import Encoder
from index.store import Store
from rag.features import Candidates, Legs

# Candidates a leg. On questions held out of training, the dense leg alone finds 0.90 (laws) to 0.97 (seed policies) within
# 10 and 0.98 to 1.00 within 100 (docs/retrieval-training.md); the ranker reads 60 to 90 candidates in 5 to 10 ms.
PER_LEG = 30
# Passages up to which all of the policies that are searched are ranked: as many as the legs find together in all.
_ALL_UP_TO = 3 * PER_LEG
_QUESTIONS = 60  # known questions looked at: a clause has up to 30 of them


class CandidateFinder:
    """Search a store by words, by vector and by known questions."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        ids = {clause_id for question in store.questions for clause_id in question.clause_ids}
        rows = {clause_id: row for clause_id in ids if (row := store.passage_row(clause_id)) is not None}
        self._answers = [tuple(rows[i] for i in q.clause_ids if i in rows) for q in store.questions]

    def find(self, text: str, policies: Sequence[str] = (), without: frozenset[str] = frozenset()) -> Candidates:
        """Return candidates for a standalone question.

        :param policies: search these policies only; all where empty.
        :param without: policies that are not to be searched.
        """
        vector = self._encoder.encode([text], kind="query")[0]
        sparse = self._sparse(text)
        known = self._known(vector)
        rows = self._choose(vector, sparse, known, policies)
        if without:
            rows = rows[[self._store.passages[row].policy_id not in without for row in rows]]
        dense = self._store.dense.vectors_at(rows) @ vector
        question = np.array([known.get(int(row), 0.0) for row in rows], np.float32)
        clauses = tuple(self._store.passages[row] for row in rows)
        return Candidates(clauses, rows, Legs(dense, sparse[rows], question))

    def _sparse(self, text: str) -> np.ndarray:
        """Return BM25 of every passage, over what the question's words could reach at most."""
        words = self._store.tokenizer.words(text)
        return self._store.sparse.scores(words) / max(self._store.sparse.ceiling(words), 1e-9)

    def _known(self, vector: np.ndarray) -> dict[int, float]:
        """Return row -> best cosine to one of the row's known questions."""
        best: dict[int, float] = {}
        for number, cosine in zip(*self._store.dense_questions.search(vector, _QUESTIONS), strict=True):
            for row in self._answers[number]:
                best[row] = max(best.get(row, 0.0), float(cosine))
        return best

    def _choose(
        self, vector: np.ndarray, sparse: np.ndarray, known: dict[int, float], policies: Sequence[str]
    ) -> np.ndarray:
        """Return the rows to be ranked, ascending, int64: the best of each leg, or all of few."""
        if policies:
            inside = np.array(sorted(row for policy in policies for row in self._store.passage_rows(policy)), np.int64)
            if len(inside) <= _ALL_UP_TO:
                return inside
            near, _ = self._store.dense.search_among(inside, vector, PER_LEG)
            worded = inside[_highest(sparse[inside], PER_LEG)]
            asked = sorted(known.keys() & set(inside.tolist()), key=known.__getitem__, reverse=True)[:PER_LEG]
        else:
            near, _ = self._store.dense.search(vector, PER_LEG)
            worded = _highest(sparse, PER_LEG)
            asked = sorted(known, key=known.__getitem__, reverse=True)[:PER_LEG]
        return np.unique(np.concatenate([near, worded[sparse[worded] > 0], np.array(asked, np.int64)])).astype(np.int64)


def _highest(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the highest of `scores`, in no order."""
    count = min(count, len(scores))
    return np.argpartition(-scores, count - 1)[:count] if count else np.empty(0, np.int64)
