"""The answer engine, loaded once for all sessions."""

from datetime import date

import streamlit as st

from index.store import CURRENT
from rag.pipeline import Pipeline
from rag.settings import load_settings


@st.cache_resource(max_entries=1, show_spinner=False)
def load(stamp: str) -> Pipeline:
    """Load the engine; another `stamp` of the index loads it anew.

    :raises PolicyQAError: if index or models cannot be used.
    """
    return Pipeline.load(load_settings())


def index_stamp() -> str:
    """Return the name of the index in use: one small file, read on each view."""
    current = load_settings().index.index / CURRENT
    return current.read_text(encoding="utf-8") if current.is_file() else ""


def today() -> date:
    """Return the day on which validity is judged."""
    return load_settings().today or date.today()
