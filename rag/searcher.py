"""Search: from a query to ranked passages, over all policies or within one."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.lexicon import fold
from rag.candidates import CandidateFinder
from rag.details import NAMES
from rag.features import Asked, Candidates
from rag.followup import bare
from rag.matching import View, WordMatcher
from rag.networks import Network
from rag.overlap import Grams
from rag.places import PlaceIndex
from rag.ranker import Ranker, Ranking
from rag.reranker import CrossEncoderReranker
from rag.types import Passage, Query
from rag.versions import Versions

_ENOUGH = 3  # characters with which a follow-up can be matched by itself: “乙级楼”


class Searcher:
    """Find candidates and rank them."""

    def __init__(
        self,
        finder: CandidateFinder,
        ranker: Ranker,
        matcher: WordMatcher,
        places: PlaceIndex,
        versions: Versions,
        reranker: CrossEncoderReranker | None = None,
    ) -> None:
        self._versions = versions
        self._reranker = reranker
        self._finder = finder
        self._ranker = ranker
        self._matcher = matcher
        self._places = places

    def search(self, query: Query, policies: Sequence[str] = ()) -> Ranking:
        """Return the ranking for a query.

        :param policies: search these policies only, and as if the question named no place; all where empty, but for rules
            of other places than the question names. A policy that a newer one has replaced is searched only where the
            question asks for it.
        """
        ranking = self._ranker.rank(self.asked(query, named=not policies), self.candidates(query, policies))
        if self._reranker is None:
            return ranking
        return replace(ranking, passages=self._reranker.rerank(query.text, ranking.passages))

    def search_former(self, query: Query) -> Ranking | None:
        """Return the ranking over expired policies that a question does not ask for, None where there is none."""
        expired = self._versions.expired(self._versions.unwanted(query))
        found = self._finder.find(query.text).only(expired) if expired else None
        return self._ranker.rank(self.asked(query), found) if found and found.clauses else None

    def candidates(self, query: Query, policies: Sequence[str] = ()) -> Candidates:
        """Return the candidates for a query; parameters as for `search`."""
        text = self._places.topic(query.text) if policies else query.text
        found = self._finder.find(text, policies, without=self._versions.unwanted(query))
        if policies or query.compares or query.contrasts:
            return found
        near = found.without(self._places.regions.elsewhere(query.text, found.clauses))
        return near if near.clauses else found  # where all are elsewhere, it takes near certainty to quote one: see drafting

    def elsewhere(self, query: Query, passages: Sequence[Passage]) -> bool:
        """Tell whether the question names a place for which no policy speaks: none at all, or none of `passages`."""
        if query.foreign and not query.named:
            return True
        if query.compares or query.contrasts:
            return False
        clauses = [passage.clause for passage in passages]
        return bool(clauses) and len(self._places.regions.elsewhere(query.text, clauses)) == len(clauses)

    def with_passage_network(self, change: Callable[[Network], Network]) -> "Searcher":
        """Return a searcher whose ranker scores passages by a changed network, for ablation."""
        ranker = self._ranker.with_passage_network(change)
        return Searcher(self._finder, ranker, self._matcher, self._places, self._versions, self._reranker)

    def topic(self, text: str) -> str:
        """Return a text without the names of places and policies."""
        return self._places.topic(text)

    def focus(self, query: Query) -> View:
        """Return the words that the quoted sentences must meet: those of the question itself, if it has enough."""
        own = bare(self._places.topic(query.focus))
        return self._matcher.view(own) if len(own) >= _ENOUGH else self.asked(query).view

    def asked(self, query: Query, *, named: bool = True) -> Asked:
        """Return the query as the features see it."""
        topic = self._places.topic(query.text)
        return Asked(
            view=self._matcher.view(topic),
            grams=Grams.of(fold(topic)),
            named=dict(query.named) if named else {},
            foreign=query.foreign,
            abroad=query.abroad,
            asks_header=query.asks_header,
            previous=query.previous,
            leaning=float(bool(query.carried)),
            unstated=query.unstated,
            chat=query.chat,
            details=tuple(dict(query.details).get(name, 0.0) for name in NAMES),
        )
