"""The entry point: `streamlit run app.py` serves the page; each view of the page runs this script again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from index.errors import PolicyQAError
from rag.pipeline import Pipeline
from ui import chat, components, engine, library, sidebar, source, upload, versions
from ui.address import Place
from ui.markdown import plain
from ui.server import TITLE, ChinesePage


def draw_chat() -> None:
    """Draw what the address asks for: a clause of a policy, or the conversation."""
    answering = opened()
    if answering is None:
        return
    place = Place.read(st.query_params.to_dict())
    sidebar.show(answering.store, place.link, HOME, OTHERS)
    # A link followed inside the page changes the parameters but not the address bar: write them there too.
    st.query_params.from_dict(place.params if place.clause_id else {})
    if place.clause_id:
        source.show(answering.store, place, HOME, LIBRARY)
    else:
        chat.show(answering, HOME)


def draw_library() -> None:
    """Draw the list of policies, or two of them side by side."""
    answering = opened()
    if answering is None:
        return
    old, new = st.query_params.get("old", ""), st.query_params.get("new", "")
    sidebar.show(answering.store, f"library {old} {new}", HOME, OTHERS)
    if old and new:
        versions.show(answering.store, old, new, LIBRARY)
    else:
        library.show(answering.store, HOME)


def draw_upload() -> None:
    """Draw the page on which staff add a policy."""
    answering = opened()
    if answering is not None:
        sidebar.show(answering.store, "upload", HOME, OTHERS)
        upload.show(answering.store, HOME)


def opened() -> Pipeline | None:
    """Return the engine over the index in use; where there is none, say what to do."""
    try:
        with st.spinner("正在读入政策文件…"):
            return engine.load(engine.index_stamp())
    except PolicyQAError as error:
        st.error(plain(str(error)), title="暂时不能回答问题", icon=":material/build:")
        return None


@asynccontextmanager
async def warm(server: st.App) -> AsyncIterator[None]:
    """Read index and models while the first visitor's browser still fetches the page."""
    reading = asyncio.create_task(asyncio.to_thread(read_ahead))
    yield
    await reading


def read_ahead() -> None:
    """Load the engine; what cannot be loaded is for the page to say."""
    with suppress(PolicyQAError):
        engine.load(engine.index_stamp())


def apologise(error: Exception) -> bool:
    """Say that the page failed, without the traceback; the log has it."""
    logging.getLogger(__name__).error("the page failed", exc_info=error)
    st.error("请刷新页面再试；如果还是这样，请把时间和操作告诉管理员。", title="页面出错了", icon=":material/error:")
    return True


if __name__ == "__main__":  # as the script of a page view
    st.set_page_config(page_title=TITLE, page_icon=str(components.ASSETS / "icon.png"))
    components.style()
    st.session_state.setdefault("turns", [])
    HOME = st.Page(draw_chat, title=TITLE, default=True)
    LIBRARY = st.Page(draw_library, title="文件库", icon=":material/library_books:", url_path="library")
    OTHERS = [LIBRARY]
    if upload.allowed():
        OTHERS.append(st.Page(draw_upload, title="加入文件", icon=":material/upload_file:", url_path="upload"))
    st.navigation([HOME, *OTHERS], position="hidden").run()
else:  # as the module in which `streamlit run` finds the server
    if upload.allowed():
        config.set_option("server.maxUploadSize", upload.LARGEST)
    app = st.App(__file__, middleware=[Middleware(ChinesePage)], on_script_error=apologise, lifespan=warm)
