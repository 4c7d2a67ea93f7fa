"""The entry point: `streamlit run app.py` serves the page; each view of the page runs this script again."""

import logging

import streamlit as st
from starlette.middleware import Middleware

from index.errors import PolicyQAError
from index.store import CURRENT
from rag.pipeline import Pipeline
from rag.settings import load_settings
from ui import chat, components, sidebar, source
from ui.address import Place
from ui.markdown import plain
from ui.server import TITLE, ChinesePage


@st.cache_resource(max_entries=1, show_spinner="正在读入政策文件…")
def load(stamp: str) -> Pipeline:
    """Load the answer engine once for all sessions; another `stamp` of the index loads it anew."""
    return Pipeline.load(load_settings())


def index_stamp() -> str:
    """Return the name of the index in use: one small file, read on each view."""
    current = load_settings().index.index / CURRENT
    return current.read_text(encoding="utf-8") if current.is_file() else ""


def draw() -> None:
    """Draw what the address asks for: a clause of a policy, or the conversation."""
    try:
        engine = load(index_stamp())
    except PolicyQAError as error:
        st.error(plain(str(error)), title="暂时不能回答问题", icon=":material/build:")
        return
    place = Place.read(st.query_params.to_dict())
    sidebar.show(engine.store, place, HOME)
    # A link followed inside the page changes the parameters but not the address bar: write them there too.
    st.query_params.from_dict(place.params if place.clause_id else {})
    if place.clause_id:
        source.show(engine.store, place, HOME)
    else:
        chat.show(engine, HOME)


def apologise(error: Exception) -> bool:
    """Say that the page failed, without the traceback; the log has it."""
    logging.getLogger(__name__).error("the page failed", exc_info=error)
    st.error("请刷新页面再试；如果还是这样，请把时间和操作告诉管理员。", title="页面出错了", icon=":material/error:")
    return True


if __name__ == "__main__":  # as the script of a page view
    st.set_page_config(page_title=TITLE, page_icon=str(components.ASSETS / "icon.png"))
    components.style()
    st.session_state.setdefault("turns", [])
    HOME = st.Page(draw, title=TITLE, default=True)
    st.navigation([HOME], position="hidden").run()
else:  # as the module in which `streamlit run` finds the server
    app = st.App(__file__, middleware=[Middleware(ChinesePage)], on_script_error=apologise)
