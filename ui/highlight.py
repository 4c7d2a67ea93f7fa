"""Find quoted words in a clause as it is shown."""

import re

from index.types import Clause, Policy, Span
from ui.address import Place

UNSHOWN = re.compile(r"[\s*]")  # white space, and the ** left over from scanning


def marked(clause: Clause, policy: Policy, place: Place) -> Span | None:
    """Return the characters of `clause.text` that `place` points at; None where they are not in the clause."""
    shown = [i for i, character in enumerate(clause.text) if not UNSHOWN.match(character)]
    key, nearby = _wanted(clause, policy, place)
    if not key:
        return None
    squeezed = "".join(clause.text[i] for i in shown)
    at = nearby if squeezed.startswith(key, nearby) else squeezed.find(key)
    return None if at < 0 else Span(shown[at], shown[at + len(key) - 1] + 1)


def _wanted(clause: Clause, policy: Policy, place: Place) -> tuple[str, int]:
    """Return the words to mark, squeezed, and how many squeezed characters of the clause stand before them."""
    if place.start is None or place.end is None:
        return UNSHOWN.sub("", place.quote), 0
    before = "".join(policy.text[s.start : min(s.end, place.start)] for s in clause.spans)
    return UNSHOWN.sub("", policy.text[place.start : place.end]), len(UNSHOWN.sub("", before))
