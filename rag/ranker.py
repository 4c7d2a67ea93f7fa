"""Rank candidates and say how likely it is that any of them answers, in one softmax."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.features import QUESTION, Asked, Candidates, FeatureMaker
from rag.networks import Network
from rag.types import Passage

_UNSTATED = np.array([name == "unstated" for name in QUESTION])


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages best first, and the probability that one of them answers."""

    passages: tuple[Passage, ...]  # score: probability that this passage is the one that answers
    probability: float  # that any of them answers; calibrated, see docs/calibration.md
    relevance: float = 0.0  # the same, were it asked for what documents state: that they are on the matter at all


class Ranker:
    """Fuse the legs and calibrate.

    Every candidate gets a log-odds value from its features; “nothing answers” gets one from the features of the
    question. The softmax over all of them is a probability distribution, fitted on questions with and without an
    answer, so that the ranking and the decision to answer rest on the same numbers.
    """

    def __init__(self, maker: FeatureMaker, passage: Network, nothing: Network) -> None:
        self._maker = maker
        self._passage = passage
        self._nothing = nothing

    def with_passage_network(self, change: Callable[[Network], Network]) -> "Ranker":
        """Return a ranker that scores passages by a changed network, for ablation."""
        return Ranker(self._maker, change(self._passage), self._nothing)

    def rank(self, asked: Asked, candidates: Candidates) -> Ranking:
        """Return the candidates ranked; no candidates means probability 0."""
        if not candidates.clauses:
            return Ranking((), 0.0)
        features = self._maker.passages(asked, candidates)
        values = self._passage(features)
        question = self._maker.question(asked, features)
        nothing, off = self._nothing(np.stack([question, np.where(_UNSTATED, 0.0, question)]))
        probabilities = _softmax(np.append(values, nothing))
        order = np.argsort(-values, kind="stable")
        passages = tuple(
            Passage(candidates.clauses[row], float(probabilities[row]), rank, _legs(candidates, row))
            for rank, row in enumerate(order, start=1)
        )
        return Ranking(passages, 1.0 - float(probabilities[-1]), 1.0 - float(_softmax(np.append(values, off))[-1]))


def _legs(candidates: Candidates, row: int) -> tuple[tuple[str, float], ...]:
    legs = candidates.legs
    scores: Sequence[np.ndarray] = (legs.dense, legs.sparse, legs.question)
    return tuple((name, round(float(leg[row]), 4)) for name, leg in zip(("dense", "sparse", "question"), scores, strict=True))


def _softmax(values: np.ndarray) -> np.ndarray:
    exponents = np.exp(values - values.max())
    return exponents / exponents.sum()
