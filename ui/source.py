"""The page of one policy: how it stands, its register, words found in it, its table of contents and text."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index.register_entries import RegisterEntry
from index.standing import Standing
from index.store import Store
from index.types import Clause, Policy
from ui import components, facts, original
from ui.address import Place, address, validity
from ui.catalogue import SIGNS, catalogue
from ui.document import as_data, sections
from ui.engine import today
from ui.find import MOST, find
from ui.markdown import plain, readable


def first_clause(store: Store, policy: Policy) -> Clause | None:
    """Return where a policy begins."""
    return next(iter(store.clauses_of(policy.id)), None)


def show(store: Store, place: Place, home: StreamlitPage, library: StreamlitPage) -> None:
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
    _head(policy, store, home, library)
    facts.show(policy, clauses, home)
    _find(policy, store, home)
    if place.has_words:
        _place_line(clause, found=any(section.marked for section in laid_out))
    if policy.doubts:
        st.caption(f"这份文件由扫描件识别，有 {len(policy.doubts)} 处没有把握，下面画了波浪线，请以原件为准。")
    components.reader(as_data(laid_out), place.link, scroll=any(section.cited for section in laid_out), key="policy-reader")


def _unknown(place: Place) -> None:
    st.title("没有找到这一条")
    st.warning(f"链接里的条款是“{plain(place.clause_id)[:200]}”，已收录的文件里没有它。"
               "文件可能已更新或撤下；请核对链接，或返回问答重新提问。", icon=":material/link_off:")


def _head(policy: Policy, store: Store, home: StreamlitPage, library: StreamlitPage) -> None:
    listed = catalogue(store, today())
    entry = listed.entry(policy.id)
    colour, sign = SIGNS[entry.standing]
    st.title(plain(policy.title), anchor=False)
    source = " · ".join(plain(fact) for fact in (policy.number, policy.issuer) if fact)
    issued = f"{policy.issued.isoformat()} 成文 · " if policy.issued else ""
    st.markdown(f"{source}  \n{plain(issued + validity(policy, today()))}  \n:{colour}-badge[{sign}]")
    _successor(entry, store, home)
    with st.container(key="actions", horizontal=True):
        original.button(policy)
        for version in listed.versions(policy.id):
            _compare(entry, version, library)


def _successor(entry: RegisterEntry, store: Store, home: StreamlitPage) -> None:
    new = store.policy(entry.successor) if entry.standing is Standing.REPLACED else None
    begin = first_clause(store, new) if new else None
    if begin:
        st.warning("这份文件已被新的文件取代，以下是旧规定。", icon=":material/history:")
        label = f"看现行的：{plain(new.title)}（{plain(new.number or str(new.edition or ''))}）"
        with st.container(key="successor"):
            st.page_link(home, label=label, icon=":material/arrow_forward:", query_params=Place(begin.id).params)


def _compare(one: RegisterEntry, other: RegisterEntry, library: StreamlitPage) -> None:
    """Draw the link to the comparison with another version, the older one first."""
    days = [entry.policy.edition for entry in (one, other)]
    old, new = (other, one) if days[0] and days[1] and days[1] < days[0] else (one, other)
    name = plain(other.policy.number or str(other.policy.edition or other.policy.id))
    st.page_link(library, label=f"与{name}逐条对照", icon=":material/compare_arrows:",
                 query_params={"old": old.policy.id, "new": new.policy.id})


def _find(policy: Policy, store: Store, home: StreamlitPage) -> None:
    words = st.text_input("在本文件里查找", key=f"find-{policy.id}", placeholder="输入要找的字词", max_chars=60,
                          type="search")
    words = readable(words or "")
    if not words:
        return
    hits = find(store, policy.id, words)
    if not hits:
        st.caption(f"没有找到“{plain(words)}”。可以换一个说法，或到问答里提问。")
        return
    more = f"，先列出前 {MOST} 条" if len(hits) == MOST else ""
    st.caption(f"{len(hits)} 条里有{more}：")
    with st.container(key="hits", gap=None):
        for hit in hits:
            st.page_link(home, label=plain(f"{address(hit.clause).partition(' · ')[2]}：{hit.line}"),
                         query_params=Place(hit.clause.id, quote=hit.words).params)


def _place_line(clause: Clause, *, found: bool) -> None:
    st.markdown(f"引文出自：**{plain(address(clause))}**")
    if not found:
        st.warning("链接所引的文字与现在收录的原文对不上，已为您定位到这一条，请以下面的原文为准。",
                   icon=":material/find_in_page:")
