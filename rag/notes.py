"""Write what stands below the quotes: conditions, validity, whom to ask."""

import re
from collections.abc import Sequence
from datetime import date

from index.store import Store
from index.types import Policy
from rag.evidence import Evidence
from rag.replies import Replies
from rag.types import Citation, Query, Sentence
from rag.validity import ValidityNotes

# A condition that limits what is granted: “对符合条件的…企业”.
CONDITION = re.compile(r"(?:对)?((?:符合|具备|满足|经认定|经备案)[^，。；、]{0,24}?的[^，。；、给按提申享可予“]{1,20})")
_GENERIC = "符合条件的"  # a condition that refers to conditions without naming them
Cited = Sequence[tuple[Evidence, Citation]]


class NoteWriter:
    """Write the notes of an answer."""

    def __init__(self, store: Store, replies: Replies, validity: ValidityNotes) -> None:
        self._store = store
        self._replies = replies
        self._validity = validity

    def __call__(self, query: Query, cited: Cited, missing: Sequence[str], today: date) -> tuple[Sentence, ...]:
        """Return the notes on what is cited.

        :param missing: Chinese names of the asked details that it does not state.
        """
        ids = dict.fromkeys(piece.clause.policy_id for piece, _ in cited)
        policies = [self._store.policy(policy_id) for policy_id in ids]
        quoted = "".join(piece.text for piece, _ in cited)
        valid = [self._validity.note(policy, today) for policy in policies]
        valid += [self._validity.beyond(policy, query.text, quoted) for policy in policies]
        whom = self._whom_to_ask(policies) if missing else []
        return (*self._conditions(cited), *(note for note in valid if note), *whom)

    def _conditions(self, cited: Cited) -> list[Sentence]:
        """Return the conditions that are named, and those that are only said to be."""
        conditions: dict[str, list[int]] = {}
        for piece, citation in cited:
            for match in CONDITION.finditer(piece.text):
                conditions.setdefault(match.group(1), []).append(citation.number)
        notes = []
        for reply, generic in (("conditional", False), ("unlisted", True)):
            found = {words: numbers for words, numbers in conditions.items() if words.startswith(_GENERIC) is generic}
            numbers = tuple(dict.fromkeys(number for several in found.values() for number in several))
            if found:
                notes.append(Sentence(self._replies(reply, conditions="”“".join(found)), numbers))
        return notes

    def _whom_to_ask(self, policies: Sequence[Policy]) -> list[Sentence]:
        issuers = tuple(dict.fromkeys(policy.issuer for policy in policies if policy.issuer))
        return [Sentence(self._replies("ask_issuer", issuer="、".join(issuers)))] if issuers else []
