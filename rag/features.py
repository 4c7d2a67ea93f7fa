"""What is known of a question and a candidate clause: the numbers on which ranking and calibration rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.context import passage_text
from index.lexicon import fold
from index.store import Store
from index.types import Clause, ClauseKind
from rag.matching import Match, View, WordMatcher
from rag.overlap import Grams
from rag.text import sentences

# A clause's length is left out on purpose: training questions were written evenly over clauses, real ones are not, and
# with it all four gold sets came out one to four points lower (recall@1).
# One column a candidate. Legs first, then word-level match, then what the question names, then the clause's kind.
PASSAGE = (
    *("dense", "dense_gap", "sparse", "sparse_gap", "question", "question_gap"),
    *("cover", "cover_least", "sentence_cover", "sentence_cosine", "heading_cover", "title_cover", "bigrams", "longest"),
    *("named", "named_other", "foreign", "previous_clause", "previous_policy"),
    *("header", "preamble", "closing", "asks_header"),
)
# Of the question as a whole: the best of each leg, and what no candidate meets.
QUESTION = (
    *("dense", "sparse", "question", "cover", "sentence_cover", "unmet"),
    *("foreign", "named", "words", "asks_header", "leaning", "margin"),
)
_CACHE = 20_000  # clauses; about 10 KB each at most


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the features see it."""

    view: View  # without the names of places and policies
    grams: Grams  # of the same words
    named: dict[str, float]  # policy id -> weight
    foreign: tuple[str, ...]
    asks_header: float  # probability that a fact of the header is asked for
    previous: tuple[str, ...] = ()  # clauses cited in the answer before
    leaning: float = 0.0  # 1 where it leans on the turns before


@dataclass(frozen=True, slots=True)
class Legs:
    """Scores of the candidates by leg, float32 [candidates] each, higher is better."""

    dense: np.ndarray  # cosine
    sparse: np.ndarray  # BM25 over the most that the question's words could reach
    question: np.ndarray  # best cosine to a known question of the clause, 0 without one


@dataclass(frozen=True, slots=True)
class _Views:
    """A clause as its words."""

    whole: View  # with title and headings
    headings: View
    title: View
    sentences: tuple[View, ...]
    folded: str  # the text without white space, as it is compared letter for letter

    def __iter__(self):
        return iter((self.whole, self.headings, self.title, *self.sentences))


class FeatureMaker:
    """Compute features of candidates."""

    def __init__(self, store: Store, matcher: WordMatcher) -> None:
        self._matcher = matcher
        self._titles = {policy.id: policy.title for policy in store.policies}
        self._views = lru_cache(maxsize=_CACHE)(self._views_of)

    def _views_of(self, clause: Clause) -> _Views:
        title, view = self._titles[clause.policy_id], self._matcher.view
        return _Views(
            whole=view(passage_text(title, clause.ancestors, clause.text)),
            headings=view(" ".join((*clause.ancestors, clause.heading))),
            title=view(title),
            sentences=tuple(view(clause.text[start:end]) for start, end in sentences(clause.text)),
            folded=fold(clause.text),
        )

    def passages(self, asked: Asked, clauses: Sequence[Clause], legs: Legs) -> np.ndarray:
        """Return float32 [candidates, len(PASSAGE)]."""
        views = [self._views(clause) for clause in clauses]
        match = self._matcher.compare(asked.view, [view for several in views for view in several])
        rows = [
            (*_words(match, several), *asked.grams.overlap(several.folded), *_named(asked, clause))
            for clause, several in zip(clauses, views, strict=True)
        ]
        scores = (legs.dense, legs.sparse, legs.question)
        gaps = [column for leg in scores for column in (leg, leg - leg.max(initial=0))]
        return np.column_stack([*gaps, np.array(rows, np.float32).reshape(len(clauses), -1)]).astype(np.float32)

    def question(self, asked: Asked, features: np.ndarray) -> np.ndarray:
        """Return float32 [len(QUESTION)], given the features of the candidates."""
        column = {name: features[:, i] for i, name in enumerate(PASSAGE)}

        def top(name: str) -> float:
            return float(column[name].max(initial=0.0))

        dense = np.sort(column["dense"])[::-1]
        return np.array(
            [
                *(top(name) for name in ("dense", "sparse", "question", "cover", "sentence_cover")),
                1.0 - top("cover_least"),
                min(len(asked.foreign), 2) / 2,
                max(asked.named.values(), default=0.0),
                min(len(asked.view) / 20, 2.0),  # 20 words: a long spoken question
                asked.asks_header,
                asked.leaning,
                float(dense[0] - dense[min(4, len(dense) - 1)]) if len(dense) else 0.0,  # first over fifth
            ],
            np.float32,
        )


def _words(match: Match, views: _Views) -> tuple[float, ...]:
    """Return the columns from `cover` to `title_cover`."""
    best = match.best(views.whole)
    return (
        match.cover(best),
        float(best.min(initial=1.0)),
        max((match.cover(match.best(view)) for view in views.sentences), default=0.0),
        max((match.cosine(view) for view in views.sentences), default=0.0),
        match.cover(match.best(views.headings)),
        match.cover(match.best(views.title)),
    )


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
