"""Choose which passages an answer rests on: enough, and no more."""

from collections.abc import Callable, Sequence

from rag.types import Passage, Query

# A further passage is cited where its probability is at least this share of the first one's. Fitted on the questions
# held out of training that have one gold clause and those that have several: see docs/calibration.md.
RATIO = 0.6
MOST = 3  # passages cited for a question about one matter
_RATIO_ACROSS = 0.15  # share of the first one's probability from which a policy takes part in a comparison
_MOST_ACROSS = 6  # policies set side by side: a table of more cannot be read out on the telephone


def select(query: Query, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the passages to answer from, best first."""
    if not passages:
        return ()
    floor = passages[0].score * RATIO
    return tuple(passage for passage in passages[:MOST] if passage.score >= floor)


def across(
    policies: Sequence[str], best_of: Callable[[str], Sequence[Passage]], one: Sequence[Passage]
) -> tuple[Passage, ...]:
    """Return the best passage of each policy, for a question that sets policies side by side.

    :param policies: ids of the policies to be compared.
    :param best_of: passages of one policy, best first.
    :param one: passages over all policies, best first.
    """
    bests = [found[0] for policy in policies if (found := best_of(policy))]
    floor = max((passage.score for passage in bests), default=0.0) * _RATIO_ACROSS
    kept = sorted((passage for passage in bests if passage.score >= floor), key=lambda p: -p.score)
    return tuple(kept[:_MOST_ACROSS]) or tuple(one[:1])
