"""Decide whether the evidence states the detail that is asked for."""

import re
from collections.abc import Sequence

import numpy as np

from rag.details import BY_NAME, NAMES, stated
from rag.evidence import Evidence
from rag.matching import MET, WELL, View, WordMatcher
from rag.networks import Network, sigmoid
from rag.types import Query

INPUTS = (
    *(f"asked_and_stated_{name}" for name in NAMES),
    *(f"asked_not_stated_{name}" for name in NAMES),
    "stated_anywhere",
    "cover",
    "cover_least",
    "cosine",
    "clause_cover",
    "words",
    "best_probability",
    "unmet",
    "unmet_heaviest",
    "asks_what_was",
    "asks_what_was_of_a_goal",
    "unstated",
    *("met_well", "met", "asked", "clause_met_well", "clause_met", "clause_asked"),
)
# Words that ask what has come about, and words that state what is aimed at.
_WAS = re.compile(r"去年|前年|上半年|实际|已经|目前|现在|眼下|至今|迄今|截至|历年|现有|so far|last year|currently|already", re.IGNORECASE)
_GOAL = re.compile(r"到\s*20\d\d\s*年|力争|争取|目标|预计|计划|达到|突破|规划")
# Probability below which the evidence is taken not to state the detail: where no detail of the kind stands in the
# evidence; where the words for such details stand in nearly every clause (应当, 申请); where a detail of the kind stands there.
# They are high, since to promise what is not there costs a caller more than a hedge: 0.16 of the answerable questions of dev
# and the gold sets are hedged. Chosen on dev and by the totals of the gold sets: where few clauses state the kind, 0.8 would hedge
# amounts that stand in a row of a table.
_STATED, _STATED_LOOSELY, _STATED_SEEMINGLY = 0.9, 0.8, 0.7
_TELLING = frozenset({"amount", "rate", "number", "deadline", "date", "duration", "contact"})  # kinds that few clauses state
_UNDERSTOOD = 0.4  # probability of the likeliest kind below which it is unknown what is asked, and nothing is missed
_BROAD = frozenset({"list", "definition", "support", "yes_no", "compare"})
WHAT_IS_ASKED = "所问的内容"
_NAMED_DETAIL = 0.25  # share of the asked-for probability from which a kind of detail is named as missing


class Sufficiency:
    """Estimate the probability that evidence states what is asked."""

    def __init__(self, matcher: WordMatcher, network: Network) -> None:
        self._matcher = matcher
        self._network = network

    def probability(self, query: Query, question: View, evidence: Sequence[Evidence]) -> float:
        """Return the probability that the asked detail stands in the evidence; 0 for none."""
        return sigmoid(float(self._network(self.features(query, question, evidence)[None, :])[0])) if evidence else 0.0

    def features(self, query: Query, question: View, evidence: Sequence[Evidence]) -> np.ndarray:
        """Return float32 [len(INPUTS)], given the query and those of its words that an answer must meet."""
        details = dict(query.details)
        was = float(_WAS.search(query.original) is not None)
        first = max(evidence, key=lambda piece: piece.probability)
        asked = np.array([details.get(name, 0.0) for name in NAMES])
        has = np.array(stated(first.best))
        anywhere = np.array(stated("".join(piece.text for piece in evidence)))
        match = self._matcher.compare(question, self._matcher.views([first.best, first.clause.text]))
        return np.array(
            [
                *(asked * has),
                *(asked * (1 - has)),
                float(asked @ anywhere),
                match.covers[0],
                match.bests[0].min(initial=1.0),
                match.cosines[0],
                match.covers[1],
                min(len(question) / 20, 2.0),  # 20 words: a long spoken question
                first.probability,
                *match.unmet(1, MET),
                was,
                was * float(_GOAL.search(first.best) is not None),
                query.unstated,
                *(float(values[text]) for text in (0, 1) for values in (match.met(WELL), match.met(MET), match.asked)),
            ],
            np.float32,
        )


def missing(details: dict[str, float], evidence: Sequence[Evidence], stated_probability: float) -> tuple[str, ...]:
    """Return the Chinese names of the details that are asked for and not stated, likeliest first; none if stated."""
    likely = sorted(details, key=details.__getitem__, reverse=True)
    has = dict(zip(NAMES, stated("".join(piece.text for piece in evidence)), strict=True))
    sought = [name for name in likely if details[name] >= _NAMED_DETAIL and name not in _BROAD]
    lacking = [name for name in sought if not has[name]]
    if lacking:
        return tuple(BY_NAME[name].missing for name in lacking) if stated_probability < _STATED else ()
    understood = bool(likely) and details[likely[0]] >= _UNDERSTOOD
    least = _STATED_SEEMINGLY if likely and likely[0] in _TELLING else _STATED_LOOSELY
    return (WHAT_IS_ASKED,) if understood and stated_probability < least else ()
