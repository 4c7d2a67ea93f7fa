"""Clause addresses as people write them, and back to clause ids."""

import re

from index.lexicon import Matcher
from index.store import Store
from index.types import Clause
from rag.text import squeeze

_SEPARATORS = re.compile(r"[/·．\s]")
_LONGEST = 40  # characters of text after a 文号 in which its clause path is looked for; real paths have under 20


def written(clause: Clause) -> str:
    """Return the address that people read.

    Example: 浦府〔2025〕64号/二/（五）/1 -> "浦府〔2025〕64号 · 二（五）1"
    """
    return f"{clause.policy_id} · {''.join(clause.path)}"


class AddressBook:
    """Find the clauses whose addresses stand in a text."""

    def __init__(self, store: Store) -> None:
        self._policies = {squeeze(policy.id): policy.id for policy in store.policies}
        self._matcher = Matcher(self._policies)
        self._store = store

    def find(self, text: str) -> tuple[str, ...]:
        """Return clause ids in the order of their addresses, each once.

        Example: "达到300件（浦府〔2025〕64号·二（五）1）" -> ("浦府〔2025〕64号/二/（五）/1",)
        """
        text = squeeze(text)
        matches = self._matcher.find(text)
        found = (self._clause(self._policies[m.term], text[m.end : m.end + _LONGEST]) for m in matches)
        return tuple(dict.fromkeys(clause_id for clause_id in found if clause_id))

    def _clause(self, policy_id: str, rest: str) -> str:
        rest = _SEPARATORS.sub("", rest)
        clauses = {"".join(clause.path): clause.id for clause in self._store.clauses_of(policy_id)}
        return next((clauses[path] for length in range(len(rest), 0, -1) if (path := rest[:length]) in clauses), "")
