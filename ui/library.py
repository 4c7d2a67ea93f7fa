"""The library page: every policy there is, filtered, a page at a time."""

from collections.abc import Iterable
from math import ceil

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from index.register_entries import RegisterEntry
from index.standing import Standing
from index.store import Store
from index.structure_regions import LEVELS
from ui.address import Place, validity
from ui.catalogue import SIGNS, Catalogue, Filters, catalogue
from ui.engine import today
from ui.markdown import plain, readable

PER_PAGE = 20  # policies: two screens of a desktop, and no more elements than a page draws at once


def show(store: Store, home: StreamlitPage) -> None:
    """Draw the filters and one page of what they leave."""
    st.title("文件库", anchor=False)
    listed = catalogue(store, today())
    found = _filters(listed).keep(listed.entries)
    pages = max(ceil(len(found) / PER_PAGE), 1)
    _count(len(found), len(listed.entries))
    rows = st.container(key="listed")
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    start = (min(page, pages) - 1) * PER_PAGE
    with rows:
        for place, entry in enumerate(found[start : start + PER_PAGE]):
            _row(entry, store, home, place)


def _filters(listed: Catalogue) -> Filters:
    """Draw the filters and return what is chosen; the address bar carries it, so that a list can be shared."""
    policies = [entry.policy for entry in listed.entries]
    words = st.text_input("标题或文号", key="q", placeholder="例如：金融 行动方案", max_chars=100, bind="query-params",
                          on_change=_first_page)
    with st.container(key="filters", horizontal=True):
        return Filters(
            words=readable(words or ""),
            standing=_choice("效力", "standing", [standing.value for standing in Standing]),
            topic=_choice("主题", "topic", _by_count(topic for policy in policies for topic in policy.topics)),
            region=_choice("地区", "region", sorted({policy.region for policy in policies} - {""})),
            level=_choice("层级", "level", [level for level in LEVELS if any(level == p.level for p in policies)]),
            issuer=_choice("发文机关", "issuer", _by_count(policy.issuer for policy in policies)),
        )


def _choice(label: str, key: str, options: list[str]) -> str:
    chosen = st.selectbox(label, options, index=None, key=key, placeholder="全部", bind="query-params", width=128,
                          filter_mode="contains", on_change=_first_page)
    return chosen or ""


def _by_count(values: Iterable[str]) -> list[str]:
    """Return the different values, the commonest first."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sorted(counts.keys() - {""}, key=lambda value: (-counts[value], value))


def _first_page() -> None:
    """Begin anew: what the filters leave may have fewer pages."""
    if "page" in st.session_state:
        st.session_state.page = 1


def _count(found: int, everything: int) -> None:
    if found:
        st.caption(f"{found:,} 份文件" if found == everything else f"{found:,} 份文件，共收录 {everything:,} 份")
    else:
        st.info("没有符合条件的文件。请减少筛选条件，或换一个词。", icon=":material/search_off:")


def _row(entry: RegisterEntry, store: Store, home: StreamlitPage, place: int) -> None:
    policy = entry.policy
    colour, sign = SIGNS[entry.standing]
    issued = f"{policy.edition.isoformat()}" if policy.edition else ""
    facts = [policy.number, policy.issuer, issued, "" if entry.standing is Standing.REPLACED else _until(entry)]
    topics = "".join(f" :gray-badge[{plain(topic)}]" for topic in policy.topics)
    with st.container(key=f"row-{place}", gap=None):
        st.page_link(home, label=plain(policy.title), query_params=Place(store.clauses_of(policy.id)[0].id).params)
        st.caption(" · ".join(plain(fact) for fact in facts if fact))
        st.markdown(f":{colour}-badge[{sign}]{topics}")


def _until(entry: RegisterEntry) -> str:
    words = validity(entry.policy, today())
    return "" if words == "文件未写明有效期" else words
