"""Tell which policies are rules of other places than those that a question names."""

from collections.abc import Sequence
from functools import lru_cache

from index.gazetteer import Place, places
from index.lexicon import Matcher, fold
from index.store import Store
from index.types import Clause

_COUNTIES = ("其他区县", "区县")  # headings of the gazetteer over counties that stand under their province
_WORLD = "世界"  # the same over countries and places abroad
_TOWARDS = tuple("去到往从赴回至")  # 去河北割麦子
_CACHE = 4096  # pairs of a policy and a place


class RegionIndex:
    """Know where each policy holds: as its title and its issuer say."""

    def __init__(self, store: Store, matcher: Matcher) -> None:
        self._store = store
        self._gazetteer = places()
        self._matcher = matcher
        self._own = {policy.id: self._places_in(f"{policy.title}\n{policy.issuer}") for policy in store.policies}
        self._holds_in = lru_cache(maxsize=_CACHE)(self._holds)

    def elsewhere(self, question: str, clauses: Sequence[Clause]) -> frozenset[str]:
        """Return the policies of `clauses` that are rules of other places than any that a question names.

        A policy speaks for its own region, for what lies in it, for the region around it, and for what those clauses of it
        name. A country, or a place that somebody goes to or comes from, tells nothing.
        """
        folded = fold(question)
        edges = self._store.tokenizer.edges(folded)
        found = (match for match in self._matcher.find(folded) if {match.start, match.end} <= edges)
        asked = {self._gazetteer[match.term]: folded[: match.start].endswith(_TOWARDS) for match in found}
        if all(asked.values()) or any(place.regions[:1] == (_WORLD,) for place in asked):
            return frozenset()
        apart = {c.policy_id for c in clauses if not any(self._holds_in(c.policy_id, place) for place in asked)}
        names = [name for place in asked for name in place.names]
        spoken = (c for c in clauses if c.policy_id in apart)
        return frozenset(apart - {c.policy_id for c in spoken if any(name in fold(c.text) for name in names)})

    def _holds(self, policy_id: str, place: Place) -> bool:
        own = self._own[policy_id]
        if place.among.startswith(_COUNTIES) and any(place.regions == one.regions for one in own):
            return True  # it may lie in that city: of these counties the gazetteer knows the province only
        return not own or bool({place, *self._around(place)} & own) or any(place in self._around(one) for one in own)

    def _around(self, place: Place) -> frozenset[Place]:
        """Return the regions that a place lies in."""
        return frozenset(self._gazetteer[region] for region in place.regions if region in self._gazetteer)

    def _places_in(self, text: str) -> frozenset[Place]:
        return frozenset(self._gazetteer[match.term] for match in self._matcher.find(fold(text)))
