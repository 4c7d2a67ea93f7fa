"""The register of the library as the pages use it: worked out once for an index and a day, filtered in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from index.lexicon import fold
from index.register_entries import RegisterEntry, entries_of
from index.standing import Standing, Standings
from index.store import Store

# Sign of each standing: colour is never the only one.
SIGNS = {
    Standing.IN_FORCE: ("green", "✓ 现行有效"),
    Standing.NOT_YET: ("blue", "◷ 尚未施行"),
    Standing.EXPIRED: ("orange", "✕ 已到期"),
    Standing.REPLACED: ("orange", "⇥ 已被取代"),
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The register of an index on a day."""

    entries: tuple[RegisterEntry, ...]  # those in force first, then by day, the newest first
    standings: Standings

    def entry(self, policy_id: str) -> RegisterEntry | None:
        """Return the entry of a policy."""
        return next((entry for entry in self.entries if entry.policy.id == policy_id), None)

    def versions(self, policy_id: str) -> tuple[RegisterEntry, ...]:
        """Return the policies that came before or after one, as versions or by replacing it, the newest first."""
        one = self.entry(policy_id)
        before = set(self.standings.predecessors(one.policy)) if one else set()
        after = {s.policy.id for s in self.standings.successors(one.policy)} if one else set()
        found = [entry for entry in self.entries if entry.policy.id in before | after]
        return tuple(sorted(found, key=_newest))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person looks for; "" for anything."""

    words: str = ""  # in title or 文号, set apart by spaces
    region: str = ""  # with the regions inside it
    level: str = ""
    issuer: str = ""
    topic: str = ""
    standing: str = ""

    def keep(self, entries: Iterable[RegisterEntry]) -> list[RegisterEntry]:
        """Return the entries that meet all filters, in their order."""
        words = [fold(word) for word in self.words.split()]
        return [entry for entry in entries if self._meets(entry) and all(word in _searched(entry) for word in words)]

    def _meets(self, entry: RegisterEntry) -> bool:
        policy = entry.policy
        return (
            policy.region.startswith(self.region)
            and self.level in ("", policy.level)
            and self.issuer in ("", policy.issuer)
            and (not self.topic or self.topic in policy.topics)
            and self.standing in ("", entry.standing.value)
        )


@st.cache_resource(max_entries=2, show_spinner=False)
def _worked_out(fingerprint: str, day: date, _store: Store) -> Catalogue:
    standings = Standings(_store.policies)
    entries = entries_of(standings, day)
    return Catalogue(tuple(sorted(entries, key=lambda e: (e.standing is not Standing.IN_FORCE, *_newest(e)))), standings)


def catalogue(store: Store, day: date) -> Catalogue:
    """Return the catalogue of an index on a day."""
    return _worked_out(store.fingerprint, day, store)


def _newest(entry: RegisterEntry) -> tuple[int, str]:
    day = entry.policy.edition or entry.policy.effective or date.min
    return -day.toordinal(), entry.policy.id


def _searched(entry: RegisterEntry) -> str:
    return fold(f"{entry.policy.title}{entry.policy.id}")
