"""The way from a question to a verified answer: the steps, one a line."""

import logging
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from index.standing import Standings
from index.store import Store, load
from rag.address import AddressBook
from rag.candidates import CandidateFinder
from rag.compose import Composer
from rag.division import Divider
from rag.drafting import Drafter
from rag.evidence import EvidenceFinder
from rag.features import FeatureMaker
from rag.followup import FollowUp
from rag.gather import Gatherer
from rag.matching import WordMatcher
from rag.merge import merge
from rag.models import Models
from rag.places import PlaceIndex
from rag.ranker import Ranker
from rag.reader import QuestionReader
from rag.replies import Replies
from rag.route import Router
from rag.screening import QUESTION_LIMIT, Screening
from rag.searcher import Searcher
from rag.settings import ModelSettings, Settings
from rag.spelling import Speller
from rag.sufficiency import Sufficiency
from rag.suggest import suggestions
from rag.switching import Switching
from rag.text import normalise
from rag.trace import Trace
from rag.types import Answer, Query, Status, Turn
from rag.validity import ValidityNotes
from rag.verifier import Verifier
from rag.versions import Versions

if TYPE_CHECKING:  # langchain_openai takes 1.4 s and 90 MB: it is imported only where a model is set
    from rag.generate import Attempt, Generator
    from rag.llm import LanguageModel

logger = logging.getLogger(__name__)

RETRIEVED = 20  # passages kept with an answer
OnStep = Callable[[str], None]
OnAnswer = Callable[[Answer], None]


def _silent(news: object) -> None:
    """Ignore a step's label, or an answer so far."""


class Pipeline:
    """Answer questions from one index; holds no conversation, so that all sessions can share it."""

    def __init__(self, store: Store, models: Models, today: date | None = None) -> None:
        words, model, places = WordMatcher(models.words), models.answering, PlaceIndex(store)
        ranker = Ranker(FeatureMaker(store, words), model.passage, model.nothing)
        follow_up = FollowUp(AddressBook(store), places, model.leaning)
        self.store = store
        self._today = today
        standings = Standings(store.policies)
        judges = (model.details, model.header, model.unstated, model.route)
        self.reader = QuestionReader(follow_up, places, Speller(store), *judges)
        finder, versions = CandidateFinder(store, models.encoder), Versions(standings, self._day)
        self.searcher = Searcher(finder, ranker, words, places, versions, models.reranker)
        self._divider = Divider(self.reader, self.searcher)
        self._switching = Switching(self.reader, self.searcher, words)
        self._replies = Replies.load()
        self._composer = Composer(store, self._replies, ValidityNotes(standings, self._replies), self.suggestions(3))
        self._screening = Screening(Router(model.route), self.reader, self._composer, self._replies)
        gatherer = Gatherer(store, self.searcher, words, EvidenceFinder(words, model.sentence))
        sufficiency = Sufficiency(words, model.sufficiency)
        self._drafter = Drafter(store, self.searcher, gatherer, sufficiency, self._composer)
        self.verifier = Verifier(store, models.words)
        self._generator: Generator | None = None

    @classmethod
    def load(cls, settings: Settings) -> "Pipeline":
        """Load index and models.

        :raises PolicyQAError: if one of them is missing, stale or damaged.
        """
        models = Models.load(settings)
        pipeline = cls(load(settings.index.index, models.encoder), models, settings.today)
        return pipeline.with_model(settings.model, settings.index.index.parent) if settings.model else pipeline

    def with_model(self, model: ModelSettings, folder: Path) -> "Pipeline":
        """Return this pipeline with a language model that words its answers.

        :param folder: where the tokens of the day are kept.
        :raises SettingError: if a prompt is wrong or the folder cannot be written.
        """
        from rag.llm import LanguageModel

        return self.with_language_model(LanguageModel.open(model, folder))

    def with_language_model(self, model: "LanguageModel") -> "Pipeline":
        """Return this pipeline with a language model that is open."""
        from rag.generate import Generator

        changed = copy(self)
        changed._generator = Generator(model, self.verifier, self.store)
        return changed

    @property
    def has_model(self) -> bool:
        """Whether a language model words the answers."""
        return self._generator is not None

    def with_searcher(self, searcher: Searcher) -> "Pipeline":
        """Return this pipeline with what is retrieved by another searcher, for ablation; answers rest on the old one."""
        changed = copy(self)
        changed.searcher = searcher
        return changed

    def ask(
        self, question: str, turns: Sequence[Turn] = (), on_step: OnStep = _silent, on_answer: OnAnswer = _silent
    ) -> Answer:
        """Return the verified answer to a question, given the turns before it, oldest first.

        :param on_answer: where a model words the answer, gets the answer so far, with each sentence that passed.
        """
        trace = Trace(on_step)
        attempt = self._attempt(turns, trace, on_answer)
        try:
            answer = self._all(question, turns, trace, attempt)
        except Exception:
            logger.exception("no answer to %r", question[:200])
            draft = self._composer.fixed(Status.NOT_FOUND, self._replies("failed"))
            verified = attempt.answer if attempt else None  # before the model was asked
            answer = verified or Answer(question, draft, Query(question, question))
        return replace(answer, steps=trace.steps)

    def _attempt(self, turns: Sequence[Turn], trace: Trace, on_answer: OnAnswer) -> "Attempt | None":
        if self._generator is None:
            return None
        return self._generator.attempt(turns, trace.beat, lambda answer: on_answer(replace(answer, steps=trace.steps)))

    def _all(self, question: str, turns: Sequence[Turn], trace: Trace, attempt: "Attempt | None") -> Answer:
        """Answer the questions of a message one by one, each with those before it as turns."""
        asked = self._divider.divide(question, turns) if len(question) <= QUESTION_LIMIT else (question,)
        if len(asked) == 1:
            return self._worded(self._ask(question, turns, trace, attempt), trace, attempt)
        answers: list[Answer] = []
        for one in asked:
            before = [Turn("user", answer.question) for answer in answers]
            answers.append(self._ask(one, (*turns, *before), trace, None))
        return self._worded(merge(question, self._replies("several"), answers), trace, attempt)

    def _worded(self, answer: Answer, trace: Trace, attempt: "Attempt | None") -> Answer:
        """Return the verified answer in a model's words, where there is one and they hold."""
        if attempt is None or not attempt.can_word(answer):
            return answer
        with trace.step("word", "请模型组织语言，逐句核对"):
            return attempt.word(answer)

    def _ask(self, question: str, turns: Sequence[Turn], trace: Trace, attempt: "Attempt | None") -> Answer:
        with trace.step("route", "看是什么问题"):
            fixed = self._screening.reply(question, turns)
        if fixed is not None:
            return Answer(question, fixed, Query(question, normalise(question[:QUESTION_LIMIT])))
        with trace.step("read", "读懂问题"):
            query = self._read(question, turns, attempt)
        with trace.step("search", "查找条款"):
            ranking = self.searcher.search(query)
            if alone := self._switching.switched(query, ranking):
                query, ranking = alone, self.searcher.search(alone)
        with trace.step("evidence", "挑出能回答的原句"):
            evidence = self._drafter.gather(query, ranking)
        with trace.step("compose", "组织答案"):
            draft = self._drafter.draft(query, ranking, evidence, self._day())
        with trace.step("verify", "逐句核对原文"):
            verified, findings = self.verifier.verify(draft, self._day())
            if verified.status is Status.NOT_FOUND and draft.status is not Status.NOT_FOUND:
                verified = self._composer.not_found(query, None)
        return Answer(
            question, verified, query, ranking.passages[:RETRIEVED], findings, probability=ranking.probability
        )

    def _read(self, question: str, turns: Sequence[Turn], attempt: "Attempt | None") -> Query:
        """Return the query; a follow-up is made standalone by the model, where there is one and it manages."""
        query = self.reader.read(question, turns)
        standalone = attempt.standalone(question) if attempt and query.carried else ""
        if not standalone:
            return query
        return replace(self.reader.read(standalone), original=question, carried=query.carried, previous=query.previous)

    def suggestions(self, count: int) -> tuple[str, ...]:
        """Return up to `count` questions worth asking."""
        return suggestions(self.store, count)

    def _day(self) -> date:
        return self._today or date.today()
