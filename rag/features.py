"""What is known of a question and a candidate clause: the numbers on which ranking and calibration rest."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.lexicon import fold
from index.parts import Parts
from index.store import Store
from index.types import Clause, ClauseKind
from rag.details import DETAILS, sought
from rag.matching import MET, WELL, View, WordMatcher, spoken
from rag.overlap import Grams

# A clause's length is left out on purpose: training questions were written evenly over clauses, real ones are not, and
# with it all four gold sets came out one to four points lower (recall@1).
# One column a candidate. Legs first, then word-level match, then what the question names, then the clause's kind.
PASSAGE = (
    *("dense", "dense_gap", "sparse", "sparse_gap", "question", "question_gap"),
    *("cover", "cover_least", "sentence_cover", "sentence_cosine", "heading_cover", "title_cover", "bigrams", "longest"),
    *("named", "named_other", "foreign", "previous_clause", "previous_policy"),
    *("header", "preamble", "closing", "asks_header"),
    *("met_well", "met", "asked", "sentence_met_well", "sentence_met", "sentence_asked"),
    *("policy_dense", "policy_sparse", "policy_words"),
    *("asked_stated", "asked_stated_gap"),
)
# Of the question as a whole: the most that any candidate has of some columns, and what none meets.
_TOPS = (
    *("dense", "sparse", "question", "cover", "sentence_cover"),
    *("met_well", "sentence_met_well", "sentence_met", "sentence_asked", "asked_stated", "heading_cover", "title_cover"),
)
QUESTION = (*_TOPS, "unmet", "foreign", "named", "words", "asks_header", "leaning", "unstated", "chat", "abroad", "margin")
_WORDS, _SENTENCE_COVER = 6, 2  # of the columns of words: those that stand before what is named, and the place of one
_CACHE = 4096  # clauses whose text is kept folded; about 1 KB each


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the features see it."""

    view: View  # without the names of places and policies
    grams: Grams  # of the same words
    named: dict[str, float]  # policy id -> weight
    foreign: tuple[str, ...]
    abroad: tuple[str, ...]
    asks_header: float  # probability that a fact of the header is asked for
    previous: tuple[str, ...] = ()  # clauses cited in the answer before
    leaning: float = 0.0  # 1 where it leans on the turns before
    unstated: float = 0.0  # probability, by its words alone, that it asks for what documents mostly leave open
    chat: float = 0.0  # the same, that it wants no document
    details: tuple[float, ...] = (0.0,) * len(DETAILS)  # probability that each of `DETAILS` is asked for


@dataclass(frozen=True, slots=True)
class Legs:
    """Scores of the candidates by leg, float32 [candidates] each, higher is better."""

    dense: np.ndarray  # cosine
    sparse: np.ndarray  # BM25 over the most that the question's words could reach
    question: np.ndarray  # best cosine to a known question of the clause, 0 without one


@dataclass(frozen=True, slots=True)
class Candidates:
    """Clauses and their scores by leg, in no order."""

    clauses: tuple[Clause, ...]
    rows: np.ndarray  # which of the store's passages they are, int64 [candidates]
    legs: Legs

    def only(self, policies: frozenset[str]) -> "Candidates":
        """Return the candidates that belong to `policies`."""
        return self._rows([row for row, clause in enumerate(self.clauses) if clause.policy_id in policies])

    def without(self, clause_ids: frozenset[str]) -> "Candidates":
        """Return the candidates but those of `clause_ids`."""
        return self._rows([row for row, clause in enumerate(self.clauses) if clause.id not in clause_ids])

    def _rows(self, kept: list[int]) -> "Candidates":
        legs = Legs(self.legs.dense[kept], self.legs.sparse[kept], self.legs.question[kept])
        return Candidates(tuple(self.clauses[row] for row in kept), self.rows[kept], legs)


class FeatureMaker:
    """Compute features of candidates."""

    def __init__(self, store: Store, matcher: WordMatcher) -> None:
        self._store = store
        self._matcher = matcher
        self._folded = lru_cache(maxsize=_CACHE)(fold)

    def passages(self, asked: Asked, candidates: Candidates) -> np.ndarray:
        """Return float32 [candidates, len(PASSAGE)]; there is at least one candidate."""
        legs, clauses = candidates.legs, candidates.clauses
        words = _words(asked, self._matcher, self._parts(candidates))
        rows = [(*asked.grams.overlap(self._folded(clause.text)), *_named(asked, clause)) for clause in clauses]
        scores = (legs.dense, legs.sparse, legs.question)
        gaps = [column for leg in scores for column in (leg, leg - leg.max(initial=0))]
        policies = np.unique([clause.policy_id for clause in clauses], return_inverse=True)[1]
        whole = [_of_policy(column, policies) for column in (legs.dense, legs.sparse, words[:, _SENTENCE_COVER])]
        states = np.array(sought([clause.text for clause in clauses], asked.details), np.float32)
        last = [words[:, _WORDS:], *whole, states, states - states.max()]
        return np.column_stack([*gaps, words[:, :_WORDS], np.array(rows, np.float32), *last]).astype(np.float32)

    def _parts(self, candidates: Candidates) -> Parts:
        """Return the candidates as words: from the index, or cut here where it was made by a model without words."""
        if self._store.parts is not None:
            return self._store.parts.of(candidates.rows)
        return self._matcher.parts([(self._store.policy(c.policy_id).title, c) for c in candidates.clauses])

    def question(self, asked: Asked, features: np.ndarray) -> np.ndarray:
        """Return float32 [len(QUESTION)], given the features of the candidates."""
        column = {name: features[:, i] for i, name in enumerate(PASSAGE)}

        def top(name: str) -> float:
            return float(column[name].max(initial=0.0))

        dense = np.sort(column["dense"])[::-1]
        return np.array(
            [
                *map(top, _TOPS),
                1.0 - top("cover_least"),
                min(len(asked.foreign), 2) / 2,
                max(asked.named.values(), default=0.0),
                min(len(asked.view) / 20, 2.0),  # 20 words: a long spoken question
                asked.asks_header,
                asked.leaning,
                asked.unstated,
                asked.chat,
                float(bool(asked.abroad)),
                float(dense[0] - dense[min(4, len(dense) - 1)]) if len(dense) else 0.0,  # first over fifth
            ],
            np.float32,
        )


def _words(asked: Asked, matcher: WordMatcher, parts: Parts) -> np.ndarray:
    """Return the columns from `cover` to `title_cover`, then those from `met_well` on, float32 [candidates, 12]."""
    match = matcher.compare_parts(asked.view, parts)
    heads = np.cumsum(parts.counts) - parts.counts
    sentences = spoken(parts)
    met = (match.met(WELL), match.met(MET), match.asked)
    best = [_best_sentence(values, sentences, heads) for values in (match.covers, match.cosines, *met)]
    return np.column_stack(
        [
            match.covers[heads],
            match.bests[heads].min(axis=1, initial=1.0),
            *best[:2],
            match.covers[heads + 1],
            match.covers[heads + 2],
            *(values[heads] for values in met),
            *best[2:],
        ]
    )


def _best_sentence(values: np.ndarray, sentences: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Return the highest value of each candidate's sentences, 0 where it has none."""
    highest = np.maximum.reduceat(np.where(sentences, values, -np.inf), heads)
    return np.where(np.isfinite(highest), highest, 0.0)


def _of_policy(values: np.ndarray, policies: np.ndarray) -> np.ndarray:
    """Return for each candidate the mean of the three best values of its policy, less that of the best policy."""
    means = np.array([np.sort(values[policies == p])[-3:].sum() / 3 for p in range(policies.max() + 1)])
    return means[policies] - means.max()


def _named(asked: Asked, clause: Clause) -> tuple[float, ...]:
    """Return the columns from `named` to `asks_header`."""
    named = asked.named.get(clause.policy_id, 0.0)
    return (
        named,
        max(asked.named.values(), default=0.0) - named,
        float(bool(asked.foreign)),
        float(clause.id in asked.previous),
        float(any(clause_id.startswith(f"{clause.policy_id}/") for clause_id in asked.previous)),
        float(clause.kind is ClauseKind.HEADER),
        float(clause.kind is ClauseKind.PREAMBLE),
        float(clause.kind is ClauseKind.CLOSING),
        asked.asks_header * (clause.kind in (ClauseKind.HEADER, ClauseKind.CLOSING)),
    )
