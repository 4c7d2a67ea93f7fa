"""Find words inside one policy."""

import re
from dataclasses import dataclass

from index.store import Store
from index.types import Clause
from ui.highlight import UNSHOWN

MOST = 20  # clauses shown: more is a wrong word to look for
AROUND = 18  # characters either side of the words found, in the line that shows them


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause with the words found in it."""

    clause: Clause
    words: str  # as they stand in the clause, to be marked there
    line: str  # the words with what stands around them


def find(store: Store, policy_id: str, words: str) -> tuple[Hit, ...]:
    """Return the clauses that hold the words: as they are typed, else as many of them as stand in one clause.

    White space does not count. In document order where the words stand as typed, else the best first.
    """
    clauses = store.clauses_of(policy_id)
    typed = UNSHOWN.sub("", words)
    if not typed:
        return ()
    hits = [hit for clause in clauses if (hit := _hit(clause, typed))]
    if hits:
        return tuple(hits[:MOST])
    parts = [part for part in dict.fromkeys(store.tokenizer.words(words)) if len(part) > 1]
    found = [(sum(part in clause.text for part in parts), clause) for clause in clauses]
    best = max((count for count, _ in found), default=0)
    good = sorted((item for item in found if item[0] and item[0] * 2 >= best), key=lambda item: -item[0])
    wanted = ((clause, next(part for part in sorted(parts, key=len, reverse=True) if part in clause.text)) for _, clause in good)
    return tuple(hit for clause, part in wanted if (hit := _hit(clause, part)))[:MOST]


def _hit(clause: Clause, words: str) -> Hit | None:
    match = re.search(r"[\s*]*".join(map(re.escape, words)), clause.text, re.IGNORECASE)
    if match is None:
        return None
    start, end = max(match.start() - AROUND, 0), match.end() + AROUND
    line = " ".join(clause.text[start:end].split())
    return Hit(clause, match.group(), ("…" if start else "") + line + ("…" if end < len(clause.text) else ""))
