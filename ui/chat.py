"""The chat page: questions in, verified answers out."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.screening import QUESTION_LIMIT
from rag.types import Answer, Turn
from ui import answer as answers
from ui import components
from ui.markdown import plain, readable
from ui.server import TITLE

SUGGESTIONS = 6  # suggested questions at the start: two rows of pills on a desktop, one screen on a phone


def new_conversation() -> None:
    """Forget the turns of this browser tab."""
    st.session_state.turns = []


def show(engine: Pipeline, home: StreamlitPage) -> None:
    """Draw the conversation so far and take the next question."""
    asked: list[Answer] = st.session_state.turns
    with st.bottom:  # placed by hand: a page with an automatic one scrolls past the verdict to its end
        typed = st.chat_input("请输入问题，例如：房租有补贴吗？", key="question", on_submit=_send_back_if_too_long,
                              submit_mode="stop" if engine.has_model else "disable")
    for i, answer in enumerate(asked):
        _exchange(answer, engine, home, key=str(i))
    below = st.empty()
    with below.container():
        picked = _next_questions(asked, engine)
    question = readable(typed or picked or "")
    if question:
        below.empty()
        _answer(question, engine, home)
    if asked:
        components.arrive_at(f"exchange-{len(asked) - 1}")


def _send_back_if_too_long() -> None:
    """Put a question that is too long back into the input, to be cut down."""
    typed = st.session_state.question or ""
    length = len(readable(typed))
    if length > QUESTION_LIMIT:
        st.session_state.question = typed
        st.bottom.warning(f"问题有 {length:,} 字，超过 {QUESTION_LIMIT:,} 字的上限。文字还在输入框里，请删减后再提问。",
                          icon=":material/short_text:")


def _answer(question: str, engine: Pipeline, home: StreamlitPage) -> None:
    """Ask, showing each step as it begins, then draw the answer and what may be asked next."""
    asked: list[Answer] = st.session_state.turns
    key = str(len(asked))
    with st.container(key=f"exchange-{key}"):
        _question(question)
        with st.chat_message("assistant", avatar=":material/account_balance:"):
            status = st.status(":shimmer[正在处理…]", type="compact")
            coming = _Coming(asked, engine, home, st.container())
            with status:
                answer = engine.ask(
                    question, _turns(asked), lambda label: status.update(label=_running(label)), coming.update
                )
                for step in answer.steps:
                    answers.step_line(step)
                status.update(label=answers.steps_label(answer.steps), state="complete")
            coming.finish(answer)
    _next_questions(asked, engine)


class _Coming:
    """The answer that is on its way: on the page, and among the turns, so that whoever stops it keeps what is shown."""

    def __init__(self, asked: list[Answer], engine: Pipeline, home: StreamlitPage, place: DeltaGenerator) -> None:
        self._asked, self._number = asked, len(asked)
        self._engine, self._home, self._place = engine, home, place
        self._shown: answers.Shown | None = None

    def update(self, answer: Answer) -> None:
        """Keep the answer so far and draw it."""
        self._asked[self._number :] = [answer]
        if self._shown is None:
            with self._place:
                self._shown = answers.Shown(answer, self._engine.store, self._home, str(self._number))
        self._shown.update(answer)

    def finish(self, answer: Answer) -> None:
        """Keep the whole answer and complete what is drawn."""
        self.update(answer)
        self._shown.finish(answer)


def _exchange(answer: Answer, engine: Pipeline, home: StreamlitPage, key: str) -> None:
    """Draw a question of before and its answer."""
    with st.container(key=f"exchange-{key}"):
        _question(answer.question)
        with st.chat_message("assistant", avatar=":material/account_balance:"):
            answers.steps(answer.steps)
            answers.show(answer, engine.store, home, key)


def _question(question: str) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.text(question)


def _next_questions(asked: list[Answer], engine: Pipeline) -> str | None:
    """Offer questions to start with, or to go on with; return the one picked."""
    if not asked:
        st.title(TITLE, anchor=False)
        st.markdown("用平常的话提问，回答逐句引自政策原文，并给出文号和条款。文件没有写的，会直接告诉您没有写。")
    offered = asked[-1].draft.suggestions if asked else engine.suggestions(SUGGESTIONS)
    if not offered:
        return None
    return st.pills("接着问" if asked else "可以这样问", offered, format_func=plain, key=f"suggested-{len(asked)}")


def _running(label: str) -> str:
    return f":shimmer[{plain(label)}…]"


def _turns(asked: list[Answer]) -> tuple[Turn, ...]:
    tokens = (a.generation.tokens if a.generation else 0 for a in asked)
    pairs = ((Turn("user", a.question), Turn("assistant", plain_text(a), used)) for a, used in zip(asked, tokens, strict=True))
    return tuple(turn for pair in pairs for turn in pair)
