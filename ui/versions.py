"""The page that sets two versions of a policy side by side."""

from collections import Counter

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index.store import Store
from index.types import Clause, Policy
from ui import components
from ui.address import Place, heading_line
from ui.changes import Change, Part, Row, compare
from ui.markdown import plain


@st.cache_data(max_entries=20, show_spinner=False)
def _compared(fingerprint: str, old: str, new: str, _store: Store) -> tuple[Row, ...]:
    return compare(_store.clauses_of(old), _store.clauses_of(new))


def show(store: Store, old_id: str, new_id: str, library: StreamlitPage) -> None:
    """Draw two policies clause by clause; say so where one of them is not there."""
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(library, label="返回文件库", icon=":material/arrow_back:", query_params={})
        components.copy_button("复制本页链接", None, key="copy-link")
    old, new = store.policy(old_id), store.policy(new_id)
    if old is None or new is None:
        st.title("没有找到要对照的文件")
        missing = old_id if old is None else new_id
        st.warning(f"已收录的文件里没有“{plain(missing)[:200]}”。请返回文件库重新选择。", icon=":material/link_off:")
        return
    st.title("新旧对照", anchor=False)
    rows = _compared(store.fingerprint, old.id, new.id, store)
    counts = Counter(row.change for row in rows)
    st.markdown(f"旧：{_named(old)}  \n新：{_named(new)}")
    st.markdown(" · ".join(f"{change.value} {counts[change]} 条" for change in Change))
    everything = st.toggle("也显示没有变化的条款", key="everything", disabled=not counts[Change.SAME])
    shown = [row for row in rows if everything or row.change is not Change.SAME]
    if not shown:
        st.info("两份文件的条款没有不同。", icon=":material/equal:")
    components.changes([_data(row) for row in shown], key="policy-changes")


def _named(policy: Policy) -> str:
    number = policy.number or (f"{policy.edition.isoformat()} 版" if policy.edition else "")
    return plain(f"《{policy.title}》{number}")


def _data(row: Row) -> dict[str, object]:
    return {"change": row.change.value, "old": _side(row.old, row.old_parts), "new": _side(row.new, row.new_parts)}


def _side(clause: Clause | None, parts: tuple[Part, ...]) -> dict[str, object] | None:
    if clause is None:
        return None
    where = f"{''.join(clause.path)} {heading_line(clause.heading)}".rstrip()
    return {"address": where, "link": Place(clause.id).link, "parts": [list(part) for part in parts]}
