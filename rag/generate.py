"""Word a verified answer by a language model: it chooses the words, never what is true."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from index.store import Store
from rag.adequacy import answers, objections
from rag.budget import Meter
from rag.completeness import complete
from rag.draft import Drafted, Splitter, drafted
from rag.llm import BEAT, LanguageModel
from rag.numbered import Numbered
from rag.outcome import DEAD, ModelFailure, Outcome
from rag.prompt import Prompt, Request, fenced, harmless
from rag.standalone import accepted, conversation
from rag.types import Answer, Finding, Generation, Sentence, Status, Turn
from rag.verifier import Verifier

logger = logging.getLogger(__name__)

# Share of the time for an answer that goes into making a follow-up standalone, and seconds that it takes at most.
_STANDALONE_SHARE, _STANDALONE_SECONDS = 0.25, 3.0
_MOST_SENTENCES = 30  # of a reply: six policies compared in five sentences each
_REPEATS = 3  # times that a sentence is written, by which a reply is known to loop
OnAnswer = Callable[[Answer], None]


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
        self._passed: list[str] = []  # what a condition may stand in instead
        self._dead: ModelFailure | None = None  # what the first call met and the next would meet again
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
            self._dead = failure if failure.outcome in DEAD - {Outcome.TIMEOUT} else None
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
        if self._dead:
            return self._with(answer, (), self._dead.outcome)
        numbered, prose = Numbered.of(answer, self._of.store), []
        self._on_answer(self._with(answer, (), Outcome.STOPPED))
        try:
            with closing(self._passing(answer, numbered)) as sentences:
                for sentence in sentences:
                    prose.append(sentence)
                    self._on_answer(self._with(answer, prose, Outcome.STOPPED))
            if not answers(answer, numbered, prose):
                raise ModelFailure(Outcome.UNVERIFIED if self._findings or prose else Outcome.EMPTY)
        except ModelFailure as failure:
            self._log(failure)
            return self._with(answer, (), failure.outcome)
        return self._with(complete(answer, numbered, prose, self._of.store), prose, Outcome.GENERATED)

    def _passing(self, answer: Answer, numbered: Numbered) -> Iterator[Sentence]:
        """Yield the sentences of the reply that pass, as they come."""
        splitter, seen = Splitter(), []
        with closing(self._pieces(self._request(answer, numbered), self._until)) as pieces:
            for piece in pieces:
                yield from self._checked(splitter.feed(piece), answer, numbered, seen)
                _refuse_nonsense(splitter, seen)
        if splitter.is_cut:
            raise ModelFailure(Outcome.CUT)
        yield from self._checked(splitter.rest(), answer, numbered, seen)
        _refuse_nonsense(splitter, seen)

    def _checked(self, found: list[str], answer: Answer, numbered: Numbered, seen: list[str]) -> Iterator[Sentence]:
        """Yield the sentences that pass; keep the findings against the others."""
        for draft in map(drafted, found):
            seen.append(draft.text)
            known = numbered.known(draft.numbers)
            if draft.text and draft.text not in seen[:-1] and self._holds(draft, known, answer, numbered):
                self._passed.append(draft.text)
                yield Sentence(draft.text, numbered.cited(known))

    def _holds(self, draft: Drafted, known: Sequence[int], answer: Answer, numbered: Numbered) -> bool:
        """Tell whether a sentence passes; keep what is found."""
        unknown = sorted(set(draft.numbers) - set(known))
        self._findings += [Finding("unknown_number", f"没有编号为 [{number}] 的条款", draft.text) for number in unknown]
        clauses = numbered.of_numbers(known)
        found = self._of.verifier.sentence(draft.text, [clause.id for clause in clauses], "".join(self._passed))
        found = found or list(objections(draft.text, answer.draft, clauses))
        self._findings += found
        return not found

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

    def _request(self, answer: Answer, numbered: Numbered) -> Request:
        return self._of.answer.fill(
            clauses=numbered.material,
            question=fenced("问题", answer.query.text if answer.query.carried else answer.question),
            verdict=harmless(answer.draft.lead.text),
            missing="、".join(answer.draft.missing) or "无",
        )

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


def _refuse_nonsense(splitter: Splitter, seen: Sequence[str]) -> None:
    """Give up a reply that is no answer, whatever else may come.

    :raises ModelFailure: if it is one.
    """
    if splitter.is_foreign:
        raise ModelFailure(Outcome.NOT_CHINESE)
    if splitter.is_endless or len(seen) > _MOST_SENTENCES or (seen and seen.count(seen[-1]) >= _REPEATS):
        raise ModelFailure(Outcome.LOOPING)
