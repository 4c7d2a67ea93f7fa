"""The page of one policy: its facts, its table of contents, its text with the quoted words marked."""

from datetime import date

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index.store import Store
from index.types import Clause, Policy
from ui import components
from ui.address import Place, address, validity
from ui.document import as_data, sections
from ui.markdown import plain


def first_clause(store: Store, policy: Policy) -> Clause | None:
    """Return where a policy begins."""
    return next(iter(store.clauses_of(policy.id)), None)


def show(store: Store, place: Place, home: StreamlitPage) -> None:
    """Draw the policy that `place` is in; say so where there is none."""
    clause = store.clause(place.clause_id)
    policy = store.policy(clause.policy_id) if clause else None
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(home, label="返回问答", icon=":material/arrow_back:", query_params={})
        if policy:
            components.copy_button("复制本页链接", None, key="copy-link")
    if clause is None or policy is None:
        _unknown(place)
        return
    clauses = store.clauses_of(policy.id)
    laid_out = sections(clauses, policy, place)
    st.set_page_config(page_title=policy.title)
    _head(policy)
    if place.has_words:
        _place_line(clause, found=any(section.marked for section in laid_out))
    components.reader(as_data(laid_out), place.link, scroll=any(section.cited for section in laid_out), key="policy-reader")


def _unknown(place: Place) -> None:
    st.title("没有找到这一条")
    st.warning(f"链接里的条款是“{plain(place.clause_id)[:200]}”，已收录的文件里没有它。"
               "文件可能已更新或撤下；请核对链接，或返回问答重新提问。", icon=":material/link_off:")


def _head(policy: Policy) -> None:
    st.title(plain(policy.title), anchor=False)
    source = " · ".join(plain(fact) for fact in (policy.number, policy.issuer) if fact)
    issued = f"{policy.issued.isoformat()} 成文 · " if policy.issued else ""
    st.markdown(f"{source}  \n{plain(issued + validity(policy, date.today()))}")


def _place_line(clause: Clause, *, found: bool) -> None:
    st.markdown(f"引文出自：**{plain(address(clause))}**")
    if not found:
        st.warning("链接所引的文字与现在收录的原文对不上，已为您定位到这一条，请以下面的原文为准。",
                   icon=":material/find_in_page:")
