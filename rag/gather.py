"""Gather the evidence for an answer: which passages, for which side or part of the question, and their sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.store import Store
from index.types import ClauseKind
from rag.evidence import BUDGET, BUDGET_LIST, LISTS, Evidence, EvidenceFinder
from rag.matching import View, WordMatcher
from rag.places import SURELY_NAMED
from rag.ranker import Ranking
from rag.searcher import Searcher
from rag.selection import MOST_ALL, each_best, select
from rag.types import Aspect, Passage, Query

_SIDES = 6  # sides set beside each other: more cannot be read out on the telephone
_NEAR = 5  # passages of each side that are looked at for a common matter
# Log-odds that a cosine of 1 between the passages of two sides is worth, since sides are compared in one matter; on the
# four gold sets 0 to 4 come out alike and 8 one to two questions better.
_ALIKE = 8.0
# A side's further passage is cited where its probability is at least this share of the first one's (0.2 to 0.6 come out
# alike), and no more than so many a side.
_RATIO_SIDE, _MOST_SIDE = 0.4, 2
_RATIO_ACROSS = 0.15  # share of the best side's probability from which a side that nobody named takes part
# Probability from which the passage of a part of the question is cited too, the same where a list is asked for and where
# everything there is is; and the share of the first passage's probability that it must have for the whole question. On the
# cases of training/answering 0.3 to 0.5 come out alike, below it citations become loose but for lists.
_SURE_PART, _SURE_LISTED, _SURE_OF_ALL = 0.3, 0.15, 0.1
_SHARE_OF_WHOLE = 0.01
# The same where something is asked of each of several things that are named: each is in place, and few words tell it. On the
# same cases right lists rise by two points; 0.01 to 0.05 and 0 to 0.002 come out alike.
_SURE_OF_EACH, _SHARE_OF_EACH = 0.05, 0.002
# What a passage counts for a part, and for one of two situations, when another has taken it: they mostly lie in different
# clauses. On the same cases right lists rise by one point, right comparisons by three.
_TAKEN, _TAKEN_SIDE = 0.15, 0.05
# How much the question as a whole counts beside what is asked of each of two situations, and the least probability that it
# counts with.
_PRIOR, _UNSEEN = 0.5, 1e-3
_ASKS_HEADER = 0.5  # probability from which a question is on a document itself, so that the lines of its header may answer


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage, and the words that its sentences must meet."""

    passage: Passage
    views: tuple[View, ...]
    further: bool = False  # cited beside a likelier one: its best run is enough to tell whether it is meant


class Gatherer:
    """Choose passages and sentences for a query."""

    def __init__(self, store: Store, searcher: Searcher, matcher: WordMatcher, evidence: EvidenceFinder) -> None:
        self._store = store
        self._searcher = searcher
        self._matcher = matcher
        self._evidence = evidence

    def gather(self, query: Query, ranking: Ranking) -> list[Evidence]:
        """Return the evidence for a query that something answers."""
        ranking = replace(ranking, passages=_quotable(query, ranking.passages))
        if not ranking.passages:
            return []
        details, chosen = dict(query.details), self._choose(query, ranking)
        most = BUDGET_LIST if details.get("list", 0.0) >= LISTS or query.asks_all else BUDGET
        budget = max(most * 3 // (2 + len(chosen)), most // 3)
        found = [(one, self._evidence.find(one.views, details, one.passage.clause, budget)) for one in chosen]
        return [piece for one, pieces in found for piece in (_best(pieces) if one.further else pieces)]

    def _choose(self, query: Query, ranking: Ranking) -> list[Chosen]:
        view = self._searcher.focus(query)
        if query.compares and query.aspects and query.aspects[0].policies:
            return self._across(query)
        if query.compares:
            return [Chosen(passage, (view,)) for passage in each_best(ranking.passages)]
        if query.contrasts:
            return self._beside(query, ranking)
        parts = self._of_parts(query, ranking)
        passages = {passage.clause.id: passage for passage in select(query, ranking.passages)}
        if query.asks_all:
            passages = dict([*((one.clause.id, one) for one, _ in parts), *passages.items()][:MOST_ALL])
        views = {clause_id: [view] for clause_id in passages}
        for passage, part in parts:
            if passages.setdefault(passage.clause.id, passage):
                views.setdefault(passage.clause.id, []).append(part)
        return [
            Chosen(passage, tuple(views[clause_id]), further=number > 0 and not query.asks_all)
            for number, (clause_id, passage) in enumerate(passages.items())
        ]

    def _across(self, query: Query) -> list[Chosen]:
        """Return a passage of each side, such that they speak of the same matter."""
        found = [(aspect, self._search(query, aspect, aspect.policies)[:_NEAR]) for aspect in query.aspects]
        sides = [(aspect, passages) for aspect, passages in found if passages]
        best = self._alike([passages for _, passages in sides])
        chosen = [
            Chosen(passage, (self._matcher.view(aspect.text),), further=passage is not first)
            for (aspect, passages), first in zip(sides, best, strict=True)
            for passage in _with_next(first, passages)
        ]
        if not query.named:  # nobody said which: those that have something to say
            floor = max((one.passage.score for one in chosen), default=0.0) * _RATIO_ACROSS
            chosen = [one for one in chosen if one.passage.score >= floor]
        return chosen[:_SIDES * _MOST_SIDE]

    def _beside(self, query: Query, ranking: Ranking) -> list[Chosen]:
        """Return the passage of each of two situations, different ones unless one clause is far likelier for both."""
        whole = {passage.clause.id: passage.score for passage in ranking.passages}
        named = tuple(policy for policy, weight in query.named if weight >= SURELY_NAMED)
        found = []
        for aspect in query.aspects:
            view = self._matcher.view(self._searcher.topic(aspect.text))
            scored = [(p.score * max(whole.get(p.clause.id, 0.0), _UNSEEN) ** _PRIOR, p) for p in self._search(query, aspect, named)]
            found.append(sorted(((value, p, view) for value, p in scored), key=lambda one: -one[0])[:_NEAR])
        chosen: dict[str, Chosen] = {}
        for side in sorted(filter(None, found), key=lambda side: -side[0][0]):
            _, passage, view = max(side, key=lambda one: one[0] * (_TAKEN_SIDE if one[1].clause.id in chosen else 1.0))
            chosen.setdefault(passage.clause.id, Chosen(passage, (view,), further=bool(chosen)))
        return list(chosen.values())

    def _alike(self, sides: list[Sequence[Passage]]) -> list[Passage]:
        """Return one passage a side: the most probable and the most like one another, found by taking turns."""
        vectors = [self._vectors(passages) for passages in sides]
        odds = [np.log([max(passage.score, 1e-6) for passage in passages]) for passages in sides]
        chosen = [0] * len(sides)
        for _ in range(3):  # rounds; it settles in one or two
            for i in range(len(sides)):
                others = [vectors[j][chosen[j]] for j in range(len(sides)) if j != i]
                alike = vectors[i] @ np.mean(others, axis=0) if others else np.zeros(len(sides[i]))
                chosen[i] = int(np.argmax(odds[i] + _ALIKE * alike))
        return [passages[number] for passages, number in zip(sides, chosen, strict=True)]

    def _vectors(self, passages: Sequence[Passage]) -> np.ndarray:
        return self._store.dense.vectors_at(np.array([self._store.passage_row(p.clause.id) for p in passages], np.int64))

    def _of_parts(self, query: Query, ranking: Ranking) -> list[tuple[Passage, View]]:
        """Return the passage that answers each part of the question, with the part's words; none where it is unsure."""
        first = ranking.passages[0]
        within = (first.clause.policy_id,) if query.asks_all else tuple(dict(query.named)) or (first.clause.policy_id,)
        sure = _SURE_LISTED if dict(query.details).get("list", 0.0) >= LISTS else _SURE_PART
        floor, whole = (_SURE_OF_ALL, 0.0) if query.asks_all else (sure, _SHARE_OF_WHOLE * first.score)
        if query.asks_each and not query.asks_all:
            floor, whole = _SURE_OF_EACH, _SHARE_OF_EACH * first.score
        scores = {passage.clause.id: passage.score for passage in ranking.passages}
        options = [(aspect, passages) for aspect in query.aspects if (passages := self._search(query, aspect, within)[:_NEAR])]
        found: dict[str, tuple[Passage, View]] = {}
        for aspect, passages in sorted(options, key=lambda option: -option[1][0].score):
            best = max(passages, key=lambda p: p.score * (_TAKEN if p.clause.id in found else 1.0))
            if best.score >= floor and scores.get(best.clause.id, 0.0) >= whole:
                found.setdefault(best.clause.id, (best, self._matcher.view(aspect.text)))
        return list(found.values())

    def _search(self, query: Query, aspect: Aspect, policies: Sequence[str]) -> tuple[Passage, ...]:
        return _quotable(query, self._searcher.search(replace(query, text=aspect.text), policies).passages)


def _best(pieces: Sequence[Evidence]) -> list[Evidence]:
    return [max(pieces, key=lambda piece: piece.probability)] if pieces else []


def _quotable(query: Query, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the passages whose sentences may answer: a header has lines, which say something of the document alone."""
    if query.asks_header >= _ASKS_HEADER and not query.compares:
        return tuple(passages)
    return tuple(passage for passage in passages if passage.clause.kind is not ClauseKind.HEADER)


def _with_next(first: Passage, passages: Sequence[Passage]) -> list[Passage]:
    """Return a side's passage with those that are hardly less probable."""
    others = (p for p in passages if p is not first and p.score >= _RATIO_SIDE * first.score)
    return [first, *others][:_MOST_SIDE]
