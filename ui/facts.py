"""The register of one policy, each fact a link to the words it was read from."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index.corrections import FIELDS, shown
from index.types import Clause, HeaderFact, Policy
from ui.address import Place
from ui.markdown import plain

_EXTRA = {"period": "规划期", "addressees": "主送", "copied_to": "抄送"}


def show(policy: Policy, clauses: tuple[Clause, ...], home: StreamlitPage) -> None:
    """Draw the register of a policy, folded."""
    with st.expander("登记信息：从原文哪里读出", icon=":material/fact_check:"), st.container(key="facts", gap=None):
        for field, name in (FIELDS | _EXTRA).items():
            value = shown(policy, field)
            if field in policy.corrected:
                st.markdown(f"{name}：{plain(value or '（无）')} :orange-badge[手工更正]")
            elif value:
                _fact(name, value, _place(policy, clauses, field), home)


def _fact(name: str, value: str, place: Place | None, home: StreamlitPage) -> None:
    if place is None:
        st.markdown(f"{name}：{plain(value)}")
    else:
        st.page_link(home, label=f"{name}：{plain(value)}", query_params=place.params, help="看原文")


def _place(policy: Policy, clauses: tuple[Clause, ...], field: str) -> Place | None:
    """Return where a field was read, None for one that stands nowhere in the text, such as a day in a file's name."""
    fact = next((fact for fact in policy.facts if fact.field == field), None)
    clause = next((clause for clause in clauses if fact and _holds(clause, fact)), None)
    return Place(clause.id, fact.span.start, fact.span.end) if clause else None


def _holds(clause: Clause, fact: HeaderFact) -> bool:
    return any(span.start <= fact.span.start and fact.span.end <= span.end for span in clause.spans)
