"""What streamlit has no element for: a copy button, a document, where to scroll, when to fold the sidebar."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


_COPY = st.components.v2.component(
    "copy_button",
    html='<button type="button"></button><span role="status"></span>',
    css=_asset("copy.css"),
    js=_asset("copy.js"),
)
_FOLD = st.components.v2.component("fold_sidebar", js=_asset("fold.js"))
_ARRIVE = st.components.v2.component("arrive_at", js=_asset("arrive.js"))
_READER = st.components.v2.component("policy_reader", css=_asset("reader.css"), js=_asset("reader.js"))

_CHANGES = st.components.v2.component("policy_changes", css=_asset("changes.css"), js=_asset("changes.js"))


def copy_button(label: str, text: str | None, key: str) -> None:
    """Draw a button that copies `text`; None copies the address of the page."""
    _COPY(data={"label": label, "text": text}, key=key)


def reader(sections: Sequence[dict[str, object]], place: str, *, scroll: bool, key: str) -> None:
    """Draw a document; `place` names what to scroll to, once, where `scroll` is set."""
    _READER(data={"sections": list(sections), "place": place, "scroll": scroll}, key=key)


def changes(rows: Sequence[dict[str, object]], key: str) -> None:
    """Draw two versions of a document side by side, a clause a row."""
    _CHANGES(data={"rows": list(rows)}, key=key)


def arrive_at(container_key: str) -> None:
    """Scroll to the container with this key, once."""
    _ARRIVE(data={"target": container_key}, key="arrive-at")


def fold_sidebar(view: str) -> None:
    """Fold the sidebar on a phone when `view`, what the page shows, has changed."""
    _FOLD(data={"view": view}, key="fold-sidebar")


def style() -> None:
    """Apply what the theme cannot say: line height, quotes, the cards of addresses."""
    st.html(f"<style>{_asset('page.css')}</style>")
