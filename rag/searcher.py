"""Search: from a query to ranked passages, over all policies or within one."""

from collections.abc import Sequence

from rag.candidates import CandidateFinder
from rag.features import Asked
from rag.matching import WordMatcher
from rag.places import PlaceIndex
from rag.ranker import Ranker, Ranking
from rag.types import Query


class Searcher:
    """Find candidates and rank them."""

    def __init__(self, finder: CandidateFinder, ranker: Ranker, matcher: WordMatcher, places: PlaceIndex) -> None:
        self._finder = finder
        self._ranker = ranker
        self._matcher = matcher
        self._places = places

    def search(self, query: Query, policies: Sequence[str] = (), skip: frozenset[str] = frozenset()) -> Ranking:
        """Return the ranking for a query.

        :param policies: search these policies only, and as if the question named no place; all where empty.
        :param skip: known questions that are not to be used.
        """
        text = self._places.topic(query.text) if policies else query.text
        return self._ranker.rank(self.asked(query, named=not policies), self._finder.find(text, policies, skip))

    def asked(self, query: Query, *, named: bool = True) -> Asked:
        """Return the query as the features see it."""
        return Asked(
            view=self._matcher.view(self._places.topic(query.text)),
            named=dict(query.named) if named else {},
            foreign=query.foreign,
            asks_header=query.asks_header,
            previous=query.previous,
            leaning=float(bool(query.carried)),
        )
