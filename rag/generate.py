"""Word a verified answer by a language model: it chooses the words, never what is true."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from index.align import locate
from index.store import Store
from index.types import Clause
from rag.address import written
from rag.completeness import left_out
from rag.details import DETAILS
from rag.draft import Splitter, drafted
from rag.llm import BEAT, LanguageModel, Meter
from rag.outcome import ModelFailure, Outcome
from rag.prompt import Prompt, Request, fenced, harmless
from rag.standalone import accepted, conversation
from rag.types import Answer, Citation, Draft, Finding, Generation, Sentence, Status, Turn
from rag.verifier import Verifier

logger = logging.getLogger(__name__)

# Share of the time for an answer that goes into making a follow-up standalone, and seconds that it takes at most.
_STANDALONE_SHARE, _STANDALONE_SECONDS = 0.25, 3.0
_MOST_SENTENCES = 12  # of a reply: three times the longest answer asked for
_REPEATS = 3  # times that a sentence is written, by which a reply is known to loop
_ASKED = 0.4  # probability of a kind of detail from which prose must state it where the quotes do; as in rag/sufficiency.py
OnAnswer = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """The clauses of an answer as the model sees them: [1], [2], …"""

    clauses: tuple[Clause, ...]
    citations: tuple[tuple[int, ...], ...]  # for each clause, the numbers of the answer's citations of it

    @classmethod
    def of(cls, answer: Answer, store: Store) -> "_Numbered":
        numbers: dict[str, list[int]] = {}
        for citation in answer.citations:
            numbers.setdefault(citation.clause_id, []).append(citation.number)
        clauses = tuple(store.clause(clause_id) for clause_id in numbers)
        return cls(clauses, tuple(map(tuple, numbers.values())))

    @property
    def material(self) -> str:
        """The clauses, fenced, each under its number and address."""
        return "\n".join(
            f"[{number}]（{harmless(written(clause))}）\n{fenced('条款', clause.text)}"
            for number, clause in enumerate(self.clauses, start=1)
        )


class Generator:
    """Word answers; holds no conversation, so that all sessions can share it."""

    def __init__(self, model: LanguageModel, verifier: Verifier, store: Store) -> None:
        self.model = model
        self.verifier = verifier
        self.store = store
        self.answer = Prompt.load("answer")
        self.standalone = Prompt.load("standalone")

    def attempt(self, turns: Sequence[Turn], beat: Callable[[], None], on_answer: OnAnswer) -> "Attempt":
        """Return what the model may do for one question, its time running from now.

        :param beat: called a few times a second while the model is waited for.
        :param on_answer: gets the answer so far: the extractive one, then with each sentence that passes.
        """
        return Attempt(self, turns, beat, on_answer)


class Attempt:
    """The model's part in one answer."""

    def __init__(
        self, generator: Generator, turns: Sequence[Turn], beat: Callable[[], None], on_answer: OnAnswer
    ) -> None:
        self._of = generator
        self._turns = turns
        self._beat = beat
        self._on_answer = on_answer
        self._settings = generator.model.settings
        self._until = time.monotonic() + self._settings.answer_seconds
        self._meter = Meter()
        self._findings: list[Finding] = []
        self.answer: Answer | None = None  # the verified answer that is to be worded

    def standalone(self, question: str) -> str:
        """Return a follow-up made standalone, "" where the model did not manage."""
        seconds = min(_STANDALONE_SECONDS, self._settings.answer_seconds * _STANDALONE_SHARE)
        turns = conversation(self._turns)
        request = self._of.standalone.fill(turns=turns, question=fenced("最后一个问题", question))
        try:
            reply = "".join(self._pieces(request, min(self._until, time.monotonic() + seconds)))
        except ModelFailure as failure:
            self._log(failure)
            return ""
        return accepted(reply, question, self._turns)

    @staticmethod
    def can_word(answer: Answer) -> bool:
        """Tell whether an answer has quotes to word: a non-answer has none, a fact of a header is a sentence already."""
        quoted = {number for sentence in answer.draft.quotes for number in sentence.citations}
        claims = answer.status in (Status.ANSWERED, Status.PARTIAL)
        return claims and bool(quoted) and all(citation.number in quoted for citation in answer.citations)

    def word(self, answer: Answer) -> Answer:
        """Return the answer with the model's sentences that passed, or as it was where they do not answer."""
        self.answer = answer
        numbered, prose = _Numbered.of(answer, self._of.store), []
        self._on_answer(self._with(answer, (), Outcome.STOPPED))
        try:
            with closing(self._passing(answer, numbered)) as sentences:
                for sentence in sentences:
                    prose.append(sentence)
                    self._on_answer(self._with(answer, prose, Outcome.STOPPED))
            if not answers(answer, numbered.clauses, prose):
                raise ModelFailure(Outcome.UNVERIFIED if self._findings or prose else Outcome.EMPTY)
        except ModelFailure as failure:
            self._log(failure)
            return self._with(answer, (), failure.outcome)
        return self._with(self._completed(answer, numbered, prose), prose, Outcome.GENERATED)

    def _passing(self, answer: Answer, numbered: _Numbered) -> Iterator[Sentence]:
        """Yield the sentences of the reply that pass, as they come."""
        splitter, seen = Splitter(), []
        with closing(self._pieces(self._request(answer, numbered), self._until)) as pieces:
            for piece in pieces:
                for raw in splitter.feed(piece):
                    seen.append(drafted(raw).text)
                    yield from self._checked(raw, answer, numbered, seen)
                self._refuse_nonsense(splitter, seen)
        if splitter.is_cut:
            raise ModelFailure(Outcome.CUT)
        for raw in splitter.rest():
            seen.append(drafted(raw).text)
            yield from self._checked(raw, answer, numbered, seen)
        self._refuse_nonsense(splitter, seen)

    def _pieces(self, request: Request, until: float) -> Iterator[str]:
        """Yield a reply's pieces, with a beat every `BEAT` seconds, however they come."""
        limit = self._settings.conversation_tokens
        if limit and sum(turn.tokens for turn in self._turns) + self._meter.tokens >= limit:
            raise ModelFailure(Outcome.OVER_CONVERSATION)
        beaten = time.monotonic()
        with closing(self._of.model.reply(request, until, self._meter)) as pieces:
            for piece in pieces:
                if time.monotonic() - beaten >= BEAT:
                    self._beat()
                    beaten = time.monotonic()
                if piece:
                    yield piece

    def _request(self, answer: Answer, numbered: _Numbered) -> Request:
        return self._of.answer.fill(
            clauses=numbered.material,
            question=fenced("问题", answer.query.text if answer.query.carried else answer.question),
            verdict=harmless(answer.draft.lead.text),
            missing="、".join(answer.draft.missing) or "无",
        )

    @staticmethod
    def _refuse_nonsense(splitter: Splitter, seen: Sequence[str]) -> None:
        if splitter.is_foreign:
            raise ModelFailure(Outcome.NOT_CHINESE)
        if splitter.is_endless or len(seen) > _MOST_SENTENCES or (seen and seen.count(seen[-1]) >= _REPEATS):
            raise ModelFailure(Outcome.LOOPING)

    def _checked(self, raw: str, answer: Answer, numbered: _Numbered, seen: Sequence[str]) -> Iterator[Sentence]:
        """Yield the sentence if it passes; keep the findings if not."""
        draft = drafted(raw)
        if not draft.text or draft.text in seen[:-1]:
            return
        known = [number for number in draft.numbers if 1 <= number <= len(numbered.clauses)]
        for number in sorted(set(draft.numbers) - set(known)):
            self._findings.append(Finding("unknown_number", f"没有编号为 [{number}] 的条款", draft.text))
        found = self._of.verifier.sentence(draft.text, [numbered.clauses[number - 1].id for number in known])
        found += [*_beyond(draft.text, answer.draft)] if not found else []
        self._findings += found
        if not found:
            yield Sentence(draft.text, tuple(sorted({c for number in known for c in numbered.citations[number - 1]})))

    def _completed(self, answer: Answer, numbered: _Numbered, prose: list[Sentence]) -> Answer:
        """Append to `prose` what it leaves out of the clauses that it cites, quoted; return the answer that cites it."""
        citations, notes = list(answer.citations), [note.text for note in answer.draft.notes]
        for clause, numbers in zip(numbered.clauses, numbered.citations, strict=True):
            citing = [sentence.text for sentence in prose if set(sentence.citations) & set(numbers)]
            for quote in left_out(clause, citing, notes):
                citation = _cited(citations, clause.id, quote) or self._cite(citations, clause, quote)
                if citation is not None:
                    prose.append(Sentence(f"“{quote}”", (citation.number,)))
        added = tuple(Sentence(f"“{c.quote}”", (c.number,)) for c in citations[len(answer.citations) :])
        draft = replace(answer.draft, citations=tuple(citations), quotes=(*answer.draft.quotes, *added))
        return replace(answer, draft=draft)

    def _cite(self, citations: list[Citation], clause: Clause, quote: str) -> Citation | None:
        """Add a citation of a sentence of a clause; None where it cannot be located."""
        span = locate(self._of.store.policy(clause.policy_id).text, clause, quote)
        if span is None:
            return None
        citations.append(Citation(len(citations) + 1, clause.id, written(clause), quote, span.start, span.end))
        return citations[-1]

    def _with(self, answer: Answer, prose: Sequence[Sentence], outcome: Outcome) -> Answer:
        meter = self._meter
        generation = Generation(
            outcome, self._settings.model, meter.tokens_in, meter.tokens_out, meter.estimated, meter.calls,
            first_milliseconds=meter.first_seconds * 1000,
            milliseconds=meter.seconds * 1000,
            dropped=len({finding.sentence for finding in self._findings if finding.code != "unknown_number"}),
        )  # fmt: skip
        return replace(
            answer,
            draft=replace(answer.draft, prose=tuple(prose)),
            wording="generated" if prose else "extractive",
            findings=(*answer.findings, *self._findings),
            generation=generation,
        )

    def _log(self, failure: ModelFailure) -> None:
        """Say in one line what failed; neither the key nor what was asked is in it."""
        settings, seconds = self._settings, self._meter.seconds
        logger.warning("model %s at %s: %s after %.1f s, answered without it", settings.model, settings.host, failure, seconds)


def answers(answer: Answer, clauses: Sequence[Clause], prose: Sequence[Sentence]) -> bool:
    """Tell whether prose carries what the extractive answer rests on.

    It must cite the clause of the first quote, every policy of a comparison, and state each kind of detail that is asked
    for and that the quotes state.
    """
    said = "".join(sentence.text for sentence in prose)
    numbers = {number for sentence in prose for number in sentence.citations}
    cited = {citation.clause_id for citation in answer.citations if citation.number in numbers}
    core = {answer.citations[0].clause_id}
    if answer.query.compares:
        policies = {clause.policy_id for clause in clauses if clause.id in cited}
        core |= cited if policies == {clause.policy_id for clause in clauses} else {clause.id for clause in clauses}
    quoted, asked = "".join(citation.quote for citation in answer.citations), dict(answer.query.details)
    kinds = [detail for detail in DETAILS if asked.get(detail.name, 0.0) >= _ASKED and detail.stated.search(quoted)]
    return core <= cited and all(detail.stated.search(said) for detail in kinds)


def _beyond(text: str, draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each kind of detail that a sentence states although the answer says that it is missing."""
    quoted = "".join(citation.quote for citation in draft.citations)
    for detail in DETAILS:
        if detail.missing in draft.missing and detail.stated.search(text) and not detail.stated.search(quoted):
            yield Finding("states_missing", f"答案说文件没有写明{detail.missing}，这一句却写了", text)


def _cited(citations: Sequence[Citation], clause_id: str, quote: str) -> Citation | None:
    """Return the citation whose quote holds these words already."""
    return next((c for c in citations if c.clause_id == clause_id and quote in c.quote), None)
