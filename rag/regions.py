"""Tell which policies are rules of other places than those that a question names."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.gazetteer import Place, places
from index.lexicon import Found, Matcher, fold
from index.store import Store
from index.types import Clause

_COUNTIES = ("其他", "区县")  # headings of the gazetteer over counties and zones, some of which stand under their province
_WIDE = ("省级", "地级", "跨省", "市县")  # the same over regions that are wider than a district or county
_WORLD = "世界"  # the same over countries and places abroad
_TOWARDS = tuple("去到往从赴回至")  # 去河北割麦子
_TAIL = re.compile("政府|[港站市区县省州府人]")  # what makes one word with a place's name: 烟台港, 新加坡政府
# What follows a place abroad that the question is about: 荷兰政府发不发, 曼谷当地报的团.
_THERE = re.compile("的?(?:政府|当地|本地|那边|那头|那里)")
_CACHE = 4096  # pairs of a policy and a place


def abroad(place: Place, after: str = "") -> bool:
    """Tell whether a place is a country, or lies in one, that a caller trades with rather than asks about.

    :param after: the text that follows the place's name.
    """
    return place.regions[:1] == (_WORLD,) and not _THERE.match(after)


class RegionIndex:
    """Know where each policy holds: as its title and its issuer say."""

    def __init__(self, store: Store, matcher: Matcher) -> None:
        self._store = store
        self._gazetteer = places()
        self._matcher = matcher
        self._own = {policy.id: self._places_in(f"{policy.title}\n{policy.issuer}") for policy in store.policies}
        self._holds_in = lru_cache(maxsize=_CACHE)(self._holds)

    def named_in(self, folded: str) -> list[Found]:
        """Return the places that a folded text names, in order, each a word of its own or the head of one."""
        edges = self._store.tokenizer.edges(folded)
        found = (match for match in self._matcher.find(folded) if match.start in edges)  # 常熟 is no place in 非常熟悉
        return [m for m in found if m.end in edges or (tail := _TAIL.match(folded, m.end)) and tail.end() in edges]

    def elsewhere(self, question: str, clauses: Sequence[Clause]) -> frozenset[str]:
        """Return the ids of those of `clauses` that are rules of other places than any that a question names.

        A policy speaks for its own region, for what lies in it, and for the region around it; a clause of it for what it names
        besides. A country, or a place that somebody goes to or comes from, tells nothing.
        """
        folded = fold(question)
        towards = {self._gazetteer[m.term]: folded[: m.start].endswith(_TOWARDS) for m in self.named_in(folded)}
        asked = self._narrowest(place for place in towards if not abroad(place))
        if all(towards[place] for place in asked):
            return frozenset()
        names = [name for place in asked for name in place.names]
        apart = [c for c in clauses if not any(self._holds_in(c.policy_id, place) for place in asked)]
        return frozenset(c.id for c in apart if not any(name in fold(c.text) for name in names))

    def _holds(self, policy_id: str, place: Place) -> bool:
        own = self._own[policy_id]
        if len(place.regions) == 1 and place.among.startswith(_COUNTIES) and any(place.regions == one.regions for one in own):
            return True  # it may lie in that city: of these counties the gazetteer knows the province only
        return not own or bool({place, *self._around(place)} & own) or any(place in self._around(one) for one in own)

    def _around(self, place: Place) -> frozenset[Place]:
        """Return the regions that a place lies in."""
        return frozenset(self._gazetteer[region] for region in place.regions if region in self._gazetteer)

    def _narrowest(self, found: Iterable[Place]) -> frozenset[Place]:
        """Return places without the cities and provinces that another of them lies in: 武汉洪山 is 洪山.

        A district stays: a plan of one of its parks may speak for streets that no name tells to lie in the park.
        """
        several = frozenset(found)
        around = frozenset(region for place in several for region in self._around(place))
        return several - frozenset(region for region in around if region.among.startswith(_WIDE))

    def _places_in(self, text: str) -> frozenset[Place]:
        return self._narrowest(self._gazetteer[match.term] for match in self._matcher.find(fold(text)))
