"""Draw one verified answer."""

from contextlib import nullcontext
from itertools import groupby

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from index.store import Store
from rag.outcome import WORDS, Outcome
from rag.plain import plain_text
from rag.types import Answer, Citation, Draft, Generation, Sentence, Status, Step
from ui import components
from ui.address import Place, address
from ui.markdown import plain

# Colour, sign and words of each status: colour is never the only one. Signs are characters, because streamlit's own
# icons are announced to screen readers in English.
STATUS_WORDS = {
    Status.ANSWERED: ("green", "✓ 文件有依据"),
    Status.PARTIAL: ("orange", "◐ 文件只写明一部分"),
    Status.NOT_FOUND: ("gray", "○ 文件里没有找到"),
    Status.REFUSED: ("gray", "⊘ 不在回答范围内"),
}
_COLUMNS = 3  # sides of a comparison beside each other; more are too narrow to read


def show(answer: Answer, store: Store, home: StreamlitPage, key: str) -> None:
    """Draw a whole answer."""
    Shown(answer, store, home, key).finish(answer)


class Shown:
    """An answer on the page, into which a model's sentences may still come.

    The verdict, the quotes with their addresses, what is not stated and the notes stand from the start.
    """

    def __init__(self, answer: Answer, store: Store, home: StreamlitPage, key: str) -> None:
        self._store, self._home, self._key = store, home, key
        self._quotes = len(answer.draft.quotes)
        self._columns = _COLUMNS if answer.query.compares else 1
        with st.container(key=f"answer-{key}"):
            with st.container(key=f"lead-{key}"):
                st.markdown(f"**{plain(answer.draft.lead.text)}**{_numbers(answer.draft.lead)}")
            _status(answer.status)
            with st.container(key=f"prose-{key}") if answer.generation else nullcontext():
                self._prose, self._origin = st.empty(), st.empty()
            self._draw_quotes(answer.draft, 0)
            self._added = st.container()
            _remarks(answer.draft, key)
            self._end = st.container()

    def update(self, answer: Answer) -> None:
        """Draw the model's sentences that have passed so far."""
        if answer.draft.prose:
            self._prose.markdown(" ".join(f"{plain(s.text)}{_numbers(s)}" for s in answer.draft.prose))

    def finish(self, answer: Answer) -> None:
        """Draw what only the whole answer has: who worded it, the quotes that it adds, the copy button."""
        if answer.wording == "extractive":
            self._prose.empty()
        self.update(answer)
        if answer.generation:
            self._origin.caption(plain(origin(answer.generation, worded=bool(answer.draft.prose))))
        with self._added:
            self._draw_quotes(answer.draft, self._quotes)
        if answer.status is not Status.CHITCHAT:
            with self._end:
                components.copy_button("复制回答", plain_text(answer), key=f"copy-{self._key}")

    def _draw_quotes(self, draft: Draft, first: int) -> None:
        """Draw the quotes from number `first` on; with the first of them, the citations that stand under none."""
        cited = {citation.number: citation for citation in draft.citations}
        numbered = enumerate(draft.quotes[first:], start=first)
        groups = [(about, list(several)) for about, several in groupby(numbered, key=lambda item: item[1].about)]
        for place, (about, several) in zip(_places(len(groups), self._columns), groups, strict=True):
            with place:
                if about:
                    st.markdown(f"**{plain(about)}**")
                for i, sentence in several:
                    self._draw_quote(sentence, cited, f"{self._key}-{i}")
        for number in _cited_elsewhere(draft.quotes, cited) if first == 0 else ():
            _source(cited[number], self._store, self._home, self._key)

    def _draw_quote(self, sentence: Sentence, cited: dict[int, Citation], key: str) -> None:
        kind = "quote" if sentence.text.startswith("“") else "line"  # our own words carry no mark of a quotation
        with st.container(key=f"{kind}-{key}", gap="small"):
            st.text(sentence.text)
            for number in sentence.citations:
                _source(cited[number], self._store, self._home, key)


def origin(generation: Generation, *, worded: bool) -> str:
    """Say who worded an answer."""
    if not worded:
        return f"原文摘录：{WORDS[generation.outcome]}，没有用模型的话。"
    stopped = "（已停止）" if generation.outcome is Outcome.STOPPED else ""
    return f"以上由模型 {generation.model} 组织语言{stopped}，每句都与条款核对过；下面是原文。"


def _places(count: int, most: int) -> list[DeltaGenerator]:
    """Return where each of `count` groups of quotes is drawn: in rows of up to `most` beside each other."""
    if most == 1 or count == 1:
        return [st.container() for _ in range(count)]
    width = 2 if count in (2, 4) else most
    rows = [st.columns(min(width, count - first), border=True) for first in range(0, count, width)]
    return [column for row in rows for column in row]


def _remarks(draft: Draft, key: str) -> None:
    """Draw what the documents do not state, then conditions, validity and the next step."""
    if draft.missing:
        st.info(plain("、".join(draft.missing)), title="文件未写明", icon=":material/help_center:")
    if draft.notes:
        with st.container(key=f"notes-{key}"):
            st.markdown("\n".join(f"- {plain(note.text)}{_numbers(note)}" for note in draft.notes))


def steps(taken: tuple[Step, ...]) -> None:
    """Draw the steps that led to an answer, folded."""
    if taken:
        with st.expander(steps_label(taken), type="compact"):
            for step in taken:
                step_line(step)


def steps_label(taken: tuple[Step, ...]) -> str:
    """Say how many steps were taken, whether the last checked the answer, and how long they took together."""
    checked = "，已逐句核对原文" if any(step.name == "verify" for step in taken) else ""
    return f"{len(taken)} 步{checked} · 用时 {sum(step.milliseconds for step in taken) / 1000:.2f} 秒"


def step_line(step: Step) -> None:
    """Draw one step."""
    detail = f"：{step.detail}" if step.detail else ""
    st.caption(plain(f"{step.label}{detail}（{step.milliseconds:.0f} 毫秒）"))


def _status(status: Status) -> None:
    if status in STATUS_WORDS:
        colour, words = STATUS_WORDS[status]
        st.badge(words, color=colour)


def _numbers(sentence: Sentence) -> str:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    return f" {plain(marks)}" if marks else ""


def _source(citation: Citation, store: Store, home: StreamlitPage, key: str) -> None:
    """Draw a citation as the address it is; it opens the original at the quoted words."""
    clause = store.clause(citation.clause_id)
    where = address(clause) if clause else citation.address
    place = Place(citation.clause_id, citation.start, citation.end)
    with st.container(key=f"source-{key}-{citation.number}"):
        st.page_link(home, label=plain(f"[{citation.number}] {where}"), query_params=place.params)


def _cited_elsewhere(quotes: tuple[Sentence, ...], cited: dict[int, Citation]) -> list[int]:
    """Return the numbers of the citations that stand under no quote."""
    return sorted(cited.keys() - {number for sentence in quotes for number in sentence.citations})
