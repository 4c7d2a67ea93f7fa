"""The sidebar: where to go, the documents covered, what to expect."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index.register_entries import RegisterEntry
from index.store import Store
from ui import components
from ui.address import Place, validity
from ui.catalogue import catalogue
from ui.chat import new_conversation
from ui.engine import today
from ui.markdown import plain

LISTED = 8  # documents named: a screen of a laptop; the library page has them all


def show(store: Store, view: str, home: StreamlitPage, others: list[StreamlitPage]) -> None:
    """Draw the sidebar; `view` names what the page shows, so that choosing another folds it on a phone.

    :param others: the pages beside the conversation, the library first.
    """
    entries = catalogue(store, today()).entries
    with st.sidebar:
        if st.button("新对话", icon=":material/edit_square:", width="stretch", on_click=new_conversation):
            st.switch_page(home, query_params={})
        with st.container(key="pages", gap=None):
            for page in others:
                st.page_link(page, label=page.title, icon=page.icon, query_params={})
        st.subheader("已收录的文件", anchor=False)
        with st.container(key="policies"):
            for entry in entries[:LISTED]:
                _policy(entry, store, home)
            if len(entries) > LISTED:
                st.page_link(others[0], label=f"全部 {len(entries):,} 份", query_params={})
        components.fold_sidebar(f"{view} {len(st.session_state.turns) == 0}")
        st.caption("只依据以上文件回答，逐句给出出处；不代替主管部门的解释，也不办理申请。")


def _policy(entry: RegisterEntry, store: Store, home: StreamlitPage) -> None:
    policy = entry.policy
    with st.container(gap=None):
        st.page_link(home, label=plain(policy.title), query_params=Place(store.clauses_of(policy.id)[0].id).params)
        facts = (policy.number, validity(policy, today()))
        st.caption("  \n".join(plain(fact) for fact in facts if fact))
