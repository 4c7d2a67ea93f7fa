"""Retrieval by cosine alone, on questions that were held back."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from index.encoder import Encoder
from training.questions import Question, Source

_DEPTH = 100  # ranks looked at


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over questions; recall is the share of a question's passages that were found."""

    questions: int
    passages: int
    recall_5: float
    recall_10: float
    recall_100: float
    mrr: float

    def __str__(self) -> str:
        names = "{} questions, {} passages: recall@5 {:.3f}, @10 {:.3f}, @100 {:.3f}, MRR {:.3f}"
        return names.format(*astuple(self))


def evaluate(encoder: Encoder, source: Source, questions: Sequence[Question], keys: Sequence[str]) -> Figures:
    """Rank the passages `keys` of the source for each question."""
    columns = {key: column for column, key in enumerate(keys)}
    asked = [question for question in questions if columns.keys() & set(question.passages)]
    golds = [{columns[key] for key in question.passages if key in columns} for question in asked]
    passages = encoder.encode([source.passages[key] for key in keys], kind="passage")
    scores = encoder.encode([question.text for question in asked], kind="query") @ passages.T
    depth = min(_DEPTH, len(keys))
    top = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
    rows = [
        _measure(candidates[np.argsort(-row[candidates], kind="stable")].tolist(), gold)
        for row, candidates, gold in zip(scores, top, golds, strict=True)
    ]
    return Figures(len(asked), len(keys), *np.mean(rows, axis=0).tolist())


def _measure(ranked: Sequence[int], gold: set[int]) -> tuple[float, ...]:
    """Return recall at 5, 10 and 100, and the reciprocal rank of the first hit.

    Example: ranked [7, 3], gold {3} -> (1.0, 1.0, 1.0, 0.5)
    """
    recalls = [len(gold & set(ranked[:cut])) / len(gold) for cut in (5, 10, _DEPTH)]
    return *recalls, next((1 / rank for rank, column in enumerate(ranked, 1) if column in gold), 0.0)
