"""The clauses of one policy, found without reading all others."""

import streamlit as st

from index.store import Store
from index.types import Clause


@st.cache_resource(max_entries=2, show_spinner=False)
def _bounds(fingerprint: str, _store: Store) -> dict[str, range]:
    found: dict[str, range] = {}
    for row, clause in enumerate(_store.clauses):
        first = found.get(clause.policy_id, range(row, row)).start
        found[clause.policy_id] = range(first, row + 1)
    return found


def clauses_of(store: Store, policy_id: str) -> tuple[Clause, ...]:
    """Return all nodes of a policy in order, none for an unknown one."""
    rows = _bounds(store.fingerprint, store).get(policy_id, range(0))
    return tuple(store.clauses[rows.start : rows.stop])


def first_clause(store: Store, policy_id: str) -> Clause | None:
    """Return where a policy begins."""
    rows = _bounds(store.fingerprint, store).get(policy_id)
    return store.clauses[rows.start] if rows else None
