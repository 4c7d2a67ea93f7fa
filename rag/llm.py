"""The door to a language model: any endpoint that speaks the OpenAI protocol, through LangChain's chat-model interface."""

import asyncio
import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from functools import cache
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

from rag.breaker import Breaker
from rag.budget import DayBudget, Meter
from rag.outcome import DEAD, ModelFailure, Outcome
from rag.prompt import Request
from rag.settings import ModelSettings

BEAT = 0.25  # seconds between two signs of life while waiting, so that a stop button is noticed
# Seconds between two pieces of a reply after which the endpoint counts as gone: whoever waits gets the extractive
# answer in under two. A model that writes slower than this would not end within any time budget.
STALL = 1.5
MOST_TOKENS = 2048  # of one reply: an answer takes 300, a reasoning model thinks with the rest
# What an endpoint that took a request may charge for; one that refused it, or was not there, charges nothing.
_FREE = {Outcome.UNREACHABLE, Outcome.UNAUTHORISED, Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.REJECTED}
_STATUS = {401: Outcome.UNAUTHORISED, 403: Outcome.UNAUTHORISED, 408: Outcome.TIMEOUT, 429: Outcome.RATE_LIMITED}


class LanguageModel:
    """Ask a model, within limits: time, calls at once, tokens a day, and a rest for an endpoint that is dead."""

    def __init__(self, chat: BaseChatModel, settings: ModelSettings, budget: DayBudget, breaker: Breaker) -> None:
        self.settings = settings
        self._chat = chat
        self._budget = budget
        self._breaker = breaker
        self._slots = threading.Semaphore(settings.concurrency)

    @classmethod
    def open(cls, settings: ModelSettings, folder: Path) -> "LanguageModel":
        """Prepare the endpoint of the settings; nothing is sent yet.

        :param folder: where the tokens of the day are kept.
        :raises SettingError: if they cannot be kept there.
        """
        chat = ChatOpenAI(
            model=settings.model,
            base_url=settings.base_url,
            api_key=settings.key.reveal() or "none",  # the client insists on one; local servers take any
            temperature=settings.temperature,
            timeout=settings.timeout,
            max_retries=0,  # a late answer is worth less than the extractive one now
            max_tokens=MOST_TOKENS,
            stream_usage=True,
            use_responses_api=False,  # chat completions are what everybody speaks
        )
        return cls(chat, settings, DayBudget(folder, settings.day_tokens), Breaker())

    def reply(self, request: Request, until: float, meter: Meter) -> Iterator[str]:
        """Yield a reply piece by piece as it comes, and "" every `BEAT` seconds while nothing does.

        :param until: time.monotonic() at which it must be complete.
        :raises ModelFailure: if it cannot be had, wholly or any further.
        """
        started = time.monotonic()
        self._admit()
        try:
            yield from self._queue(until)
            try:
                yield from self._received(request, until, meter)
            finally:
                self._slots.release()
        finally:
            meter.seconds += time.monotonic() - started

    def _admit(self) -> None:
        if self._budget.spent:
            raise ModelFailure(Outcome.OVER_DAY)
        if not self._breaker.admits():
            raise ModelFailure(Outcome.RESTING)

    def _queue(self, until: float) -> Iterator[str]:
        """Wait for a place among the calls at once."""
        while not self._slots.acquire(timeout=max(0.0, min(BEAT, until - time.monotonic()))):
            if time.monotonic() >= until:
                raise ModelFailure(Outcome.BUSY)
            yield ""

    def _received(self, request: Request, until: float, meter: Meter) -> Iterator[str]:
        """Yield the pieces, and tell meter, budget and breaker how it went."""
        call = _Call(self._chat, request, until, self.settings.timeout)
        began, charged = time.monotonic(), True
        try:
            for piece in call:
                if piece and not call.text:
                    meter.first_seconds = time.monotonic() - began
                call.text += piece
                yield piece
            self._breaker.succeeded()
        except ModelFailure as failure:
            charged = failure.outcome not in _FREE
            if failure.outcome in DEAD:
                self._breaker.failed(surely=failure.outcome is Outcome.UNAUTHORISED)
            raise
        finally:
            call.cancel()
            meter.calls += 1
            if charged:
                self._budget.add(call.count(meter))


class _Call:
    """One call: iterate over the pieces of its reply."""

    def __init__(self, chat: BaseChatModel, request: Request, until: float, patience: float) -> None:
        self.text = ""
        self._request = request
        self._until = until
        self._patience = patience
        self._usage: dict[str, int] = {}
        self._came: queue.SimpleQueue[AIMessageChunk | None] = queue.SimpleQueue()
        self._future: Future[None] = asyncio.run_coroutine_threadsafe(self._pump(chat), _loop())
        self._future.add_done_callback(lambda _: self._came.put(None))

    async def _pump(self, chat: BaseChatModel) -> None:
        messages = [SystemMessage(self._request.system), HumanMessage(self._request.user)]
        async for chunk in chat.astream(messages):
            self._came.put(chunk)

    def __iter__(self) -> Iterator[str]:
        heard = time.monotonic()
        while True:
            try:
                chunk = self._came.get(timeout=BEAT)
            except queue.Empty:
                self._check(heard)
                yield ""
                continue
            if chunk is None:
                break
            if time.monotonic() >= self._until:  # a slow drip never leaves the queue empty for long
                raise ModelFailure(Outcome.TIMEOUT)
            heard = time.monotonic()
            self._usage |= {k: v for k, v in (chunk.usage_metadata or {}).items() if isinstance(v, int)}
            yield str(chunk.text)
        if error := self._future.exception():
            raise _failure(error, begun=bool(self.text)) from None  # its message may hold the key: it is not kept

    def _check(self, heard: float) -> None:
        now = time.monotonic()
        if now >= self._until or now - heard >= self._patience:
            raise ModelFailure(Outcome.TIMEOUT)
        if self.text and now - heard >= STALL:
            raise ModelFailure(Outcome.CUT)

    def cancel(self) -> None:
        """Close the connection, so that the server stops writing."""
        self._future.cancel()

    def count(self, meter: Meter) -> int:
        """Add what the call used to `meter` and return it; without a count a character stands for a token."""
        tokens_in = self._usage.get("input_tokens", len(self._request.system + self._request.user))
        tokens_out = self._usage.get("output_tokens", len(self.text))
        meter.estimated |= not self._usage
        meter.tokens_in += tokens_in
        meter.tokens_out += tokens_out
        return tokens_in + tokens_out


def _failure(error: BaseException, *, begun: bool) -> ModelFailure:
    """Return what an error of the endpoint or of its client means; `begun`: whether part of a reply had come."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        outcome = _STATUS.get(status, Outcome.SERVER_ERROR if status >= 500 else Outcome.REJECTED)
        return ModelFailure(outcome, str(status))
    if names & {"APITimeoutError", "TimeoutError", "TimeoutException"}:
        outcome = Outcome.TIMEOUT
    elif names & {"APIConnectionError", "ConnectionError", "TransportError", "OSError"}:
        outcome = Outcome.CUT if begun else Outcome.UNREACHABLE
    else:
        outcome = Outcome.BAD_REPLY
    return ModelFailure(outcome, type(error).__name__)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of all calls, which runs in a thread of its own: in it a call can be cancelled at any time."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="llm", daemon=True).start()
    return loop
