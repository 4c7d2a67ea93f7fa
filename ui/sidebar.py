"""The sidebar: a new conversation, the documents covered, what to expect."""

from datetime import date

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index.store import Store
from index.types import Policy
from ui import components
from ui.address import Place, validity
from ui.chat import new_conversation
from ui.markdown import plain
from ui.source import first_clause


def show(store: Store, place: Place, home: StreamlitPage) -> None:
    """Draw the sidebar beside the page of `place`."""
    with st.sidebar:
        if st.button("新对话", icon=":material/edit_square:", width="stretch", on_click=new_conversation):
            st.switch_page(home, query_params={})
        st.subheader("已收录的文件", anchor=False)
        with st.container(key="policies"):
            for policy in store.policies:
                _policy(policy, store, home)
        components.fold_sidebar(f"{place.link} {len(st.session_state.turns) == 0}")
        st.caption("只依据以上文件回答，逐句给出出处；不代替主管部门的解释，也不办理申请。")


def _policy(policy: Policy, store: Store, home: StreamlitPage) -> None:
    begin = first_clause(store, policy)
    if begin is None:
        return
    with st.container(gap=None):
        st.page_link(home, label=plain(policy.title), query_params=Place(begin.id).params)
        facts = (policy.number, validity(policy, date.today()))
        st.caption("  \n".join(plain(fact) for fact in facts if fact))
