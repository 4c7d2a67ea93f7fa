"""Choose which passages an answer rests on: enough, and no more."""

from collections.abc import Sequence

from rag.places import SURELY_NAMED
from rag.types import Passage, Query

# Passages cited for a question about one matter: a second one where its probability is at least this share of the first
# one's, since of two passages one is right more often than the first alone, and a caller can tell them apart. A third
# costs a point of right answers on the cases of training/answering; shares of 0.2 to 0.35 come out alike.
_RATIO, _MOST = 0.25, 2
# The same for a question that asks for a list, and for one that asks for everything there is.
_RATIO_LIST, _MOST_LIST = 0.35, 4
_RATIO_ALL, MOST_ALL = 0.02, 8
_LISTS = 0.4  # probability of asking for a list from which the second pair holds
_SAYS_SOMETHING = 0.02  # share of the first one's probability from which a named policy goes before others
# Share of the best policy's probability from which a policy takes part in a comparison that names none.
_RATIO_ACROSS = 0.15
_MOST_ACROSS = 6  # policies set side by side: a table of more cannot be read out on the telephone


def select(query: Query, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the passages to answer from, best first; all of one policy where everything there is is asked for."""
    if not passages:
        return ()
    passages = _of_named(query, passages)
    ratio, most = _RATIO, _MOST
    if dict(query.details).get("list", 0.0) >= _LISTS:
        ratio, most = _RATIO_LIST, _MOST_LIST
    if query.asks_all:
        ratio, most = _RATIO_ALL, MOST_ALL
        passages = [p for p in passages if p.clause.policy_id == passages[0].clause.policy_id]
    floor = passages[0].score * ratio
    return tuple(passage for passage in passages[:most] if passage.score >= floor)


def _of_named(query: Query, passages: Sequence[Passage]) -> Sequence[Passage]:
    """Keep to the policies that the question names, where they have something to say."""
    named = {policy_id for policy_id, weight in query.named if weight >= SURELY_NAMED}
    inside = [passage for passage in passages if passage.clause.policy_id in named]
    return inside if inside and inside[0].score >= passages[0].score * _SAYS_SOMETHING else passages


def each_best(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the best passage of each policy that has something to say, for a question which of them it is."""
    bests: dict[str, Passage] = {}
    for passage in passages:
        if passage.score >= passages[0].score * _RATIO_ACROSS:
            bests.setdefault(passage.clause.policy_id, passage)
    return tuple(bests.values())[:_MOST_ACROSS]
