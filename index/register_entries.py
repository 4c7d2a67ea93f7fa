"""The register of a library as people and programs read it: each policy, its fields, how it stands on a day."""

from dataclasses import dataclass
from datetime import date

from index.corrections import DATES, FIELDS, LISTS
from index.standing import Standing, Standings
from index.types import Policy


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A policy and how it stands on a day."""

    policy: Policy  # its register; without its text
    standing: Standing
    successor: str = ""  # id of the policy that stands in its place


def entries_of(standings: Standings, day: date) -> tuple[RegisterEntry, ...]:
    """Return the register of a library on a day, in the order of its policies."""
    return tuple(_entry(policy, standings, day) for policy in standings.policies)


def read_from(policy: Policy) -> dict[str, list[str]]:
    """Return the words that each field was read from, white space single."""
    found: dict[str, list[str]] = {}
    for fact in policy.facts:
        words = policy.text[fact.span.start : fact.span.end]
        found.setdefault(fact.field, []).append(" ".join(words.split()))
    return found


def as_json(entry: RegisterEntry, policy: Policy) -> dict[str, object]:
    """Return an entry as a JSON object, dates ISO 8601, null for none; `policy` is its policy with the text."""
    values = {field: _json(getattr(policy, field), field) for field in FIELDS}
    return {
        "id": policy.id, "file": policy.source, **values, "period": policy.period, "status": entry.standing.value,
        "successor": entry.successor, "corrected": list(policy.corrected), "read_from": read_from(policy),
    }  # fmt: skip


def _entry(policy: Policy, standings: Standings, day: date) -> RegisterEntry:
    standing = standings.of(policy, day)
    successor = standings.successor(policy, day) if standing is Standing.REPLACED else None
    return RegisterEntry(policy, standing, successor.policy.id if successor else "")


def _json(value: object, field: str) -> object:
    if field in DATES:
        return value.isoformat() if isinstance(value, date) else None
    return list(value) if field in LISTS else value
