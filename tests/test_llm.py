"""A model behind a real connection: every way that one fails, and what it may cost. The server is tests/model_server.py."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag import llm
from rag.breaker import FAILURES, Breaker
from rag.budget import DayBudget
from rag.llm import STALL, LanguageModel
from rag.outcome import Outcome
from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.types import Answer, Turn
from tests import scripted_model
from tests.libraries import REPO
from tests.model_server import FOREVER, USAGE, ModelServer, serving

QUESTION = "浦东的金融科技企业贷款有没有贴息"
KEY = "sk-geheim-0123456789"
GOOD = "对符合条件的金融科技企业，浦东按照规定给予贷款贴息和担保费补贴[1]。"
LONG = GOOD + "浦东对符合条件的金融科技企业给予担保费补贴[1]。"
Open = Callable[..., Pipeline]


@pytest.fixture(scope="module")
def running() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bear with a busy machine: a pause is no failure but where a test means it."""
    monkeypatch.setattr(llm, "STALL", 30.0)


@pytest.fixture
def impatient(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "STALL", STALL)


@pytest.fixture
def server(running: ModelServer) -> ModelServer:
    return running.reset(LONG)


@pytest.fixture
def opened(pipeline: Pipeline, server: ModelServer, tmp_path: Path) -> Open:
    """Return an answerer whose model is the server."""

    def opened(**fields: str) -> Pipeline:
        wanted = {"BASE_URL": server.url, "KEY": KEY, "TIMEOUT": "30", "ANSWER_SECONDS": "60"} | fields
        return pipeline.with_model(scripted_model.settings(**wanted), tmp_path)

    return opened


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the program warned of; the server of the tests, left in mid-reply, complains too."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING and r.name.startswith("rag")]


# --- it works


def test_the_protocol_is_spoken(opened: Open, server: ModelServer) -> None:
    answer = opened(TEMPERATURE="0.3").ask(QUESTION)
    assert (answer.wording, answer.generation.outcome) == ("generated", Outcome.GENERATED)
    assert (answer.generation.tokens_in, answer.generation.tokens_out) == (USAGE["prompt_tokens"], USAGE["completion_tokens"])
    assert not answer.generation.estimated
    assert 0 < answer.generation.first_milliseconds <= answer.generation.milliseconds
    sent = server.requests[0]
    assert (sent["model"], sent["stream"], sent["temperature"]) == ("scripted", True, 0.3)
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_without_a_key_one_still_can_ask(opened: Open, server: ModelServer) -> None:
    assert opened(KEY="").ask(QUESTION).wording == "generated"


# --- it fails

FAILURES_AND_OUTCOMES = [
    ("401", {}, Outcome.UNAUTHORISED),
    ("403", {}, Outcome.UNAUTHORISED),
    ("404", {}, Outcome.REJECTED),
    ("429", {}, Outcome.RATE_LIMITED),
    ("500", {}, Outcome.SERVER_ERROR),
    ("503", {}, Outcome.SERVER_ERROR),
    ("html", {}, Outcome.BAD_REPLY),
    ("json", {}, Outcome.BAD_REPLY),
    ("cut", {}, Outcome.CUT),
    ("ended", {}, Outcome.CUT),
    ("silent", {"TIMEOUT": "0.5"}, Outcome.TIMEOUT),
]
REPLIES_AND_OUTCOMES = [
    ("", Outcome.EMPTY),
    (" \n\n ", Outcome.EMPTY),
    (GOOD * 40, Outcome.LOOPING),
    ("补贴，" * 400, Outcome.LOOPING),
    ("The district grants interest subsidies to eligible fintech companies [1].", Outcome.NOT_CHINESE),
    ("地区は適格なフィンテック企業にローンの利子補給を与えることができますのでご確認ください[1]。", Outcome.NOT_CHINESE),
    ('{"answer": "给予贷款贴息", "citations": [1]}', Outcome.CUT),
]


def extractive(pipeline: Pipeline, answer: Answer) -> bool:
    plain = pipeline.ask(QUESTION)
    return (answer.draft, answer.status, answer.wording) == (plain.draft, plain.status, "extractive")


@pytest.mark.parametrize(("mode", "fields", "outcome"), FAILURES_AND_OUTCOMES)
def test_an_endpoint_that_fails_leaves_the_extractive_answer(
    opened: Open, pipeline: Pipeline, server: ModelServer, caplog, mode: str, fields: dict, outcome: Outcome
) -> None:
    caplog.set_level(logging.DEBUG)
    server.reset(LONG, mode)
    answer = opened(**fields).ask(QUESTION)
    assert answer.generation.outcome is outcome
    assert extractive(pipeline, answer)
    assert len(logged(caplog)) == 1
    assert KEY not in caplog.text and KEY not in repr(answer)


@pytest.mark.parametrize(("reply", "outcome"), REPLIES_AND_OUTCOMES)
def test_a_reply_that_is_none_leaves_the_extractive_answer(
    opened: Open, pipeline: Pipeline, server: ModelServer, caplog, reply: str, outcome: Outcome
) -> None:
    server.reset(reply)
    answer = opened().ask(QUESTION)
    assert answer.generation.outcome is outcome
    assert extractive(pipeline, answer)
    assert len(logged(caplog)) == 1


def test_an_endpoint_that_is_not_there(opened: Open, pipeline: Pipeline, caplog) -> None:
    answer = opened(BASE_URL="http://127.0.0.1:9/v1").ask(QUESTION)
    assert answer.generation.outcome is Outcome.UNREACHABLE
    assert extractive(pipeline, answer)
    assert answer.generation.tokens == 0


def test_a_slow_drip_ends_with_the_time_for_an_answer(opened: Open, pipeline: Pipeline, server: ModelServer) -> None:
    server.reset(LONG, pause=0.3)  # 6 s and more in all, no piece late
    started = time.monotonic()
    answer = opened(ANSWER_SECONDS="1").ask(QUESTION)
    assert answer.generation.outcome is Outcome.TIMEOUT
    assert extractive(pipeline, answer)
    assert time.monotonic() - started < FOREVER / 2


def test_a_server_that_goes_silent_in_mid_answer(
    opened: Open, pipeline: Pipeline, server: ModelServer, impatient: None, caplog
) -> None:
    """The promise is under two seconds until the extractive answer is there."""
    assert STALL < 2
    server.reset(LONG, "hang")
    answer = opened().ask(QUESTION)
    assert answer.generation.outcome is Outcome.CUT
    assert extractive(pipeline, answer)
    assert len(logged(caplog)) == 1
    for _ in range(500):  # the call is given up, not left open
        if server.disconnected:
            break
        time.sleep(0.02)
    assert server.disconnected


def test_a_killed_server_is_noticed_in_mid_answer(opened: Open, pipeline: Pipeline) -> None:
    script = (
        "import sys; from tests import model_server as m\n"
        f"with m.serving() as s:\n s.reset({LONG!r}, pause=0.15); print(s.url, flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=REPO, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        answering, came = opened(BASE_URL=process.stdout.readline().strip()), []

        def kill_after_the_first_sentence(answer: Answer) -> None:
            came.append(answer)
            if answer.draft.prose:
                process.kill()

        answer = answering.ask(QUESTION, on_answer=kill_after_the_first_sentence)
    finally:
        process.kill()
        process.communicate()
    assert len(came) == 2
    assert answer.generation.outcome is Outcome.CUT
    assert extractive(pipeline, answer)
    assert answer.citations


# --- one that is dead is left alone


def test_a_dead_endpoint_is_not_asked_again_for_a_while(opened: Open, server: ModelServer) -> None:
    answering = opened()
    server.reset(LONG, "503")
    outcomes = [answering.ask(QUESTION).generation.outcome for _ in range(FAILURES + 2)]
    assert outcomes == [Outcome.SERVER_ERROR] * FAILURES + [Outcome.RESTING] * 2
    assert len(server.requests) == FAILURES


def test_a_refused_key_is_not_tried_again_at_once(opened: Open, server: ModelServer) -> None:
    answering = opened()
    server.reset(LONG, "401")
    assert [answering.ask(QUESTION).generation.outcome for _ in range(2)] == [Outcome.UNAUTHORISED, Outcome.RESTING]
    assert len(server.requests) == 1


def test_after_the_rest_one_call_tries_and_closes_the_breaker() -> None:
    breaker = Breaker(failures=2, rest=0.05)
    for admitted in (True, True, False, False):
        assert breaker.admits() is admitted
        if admitted:
            breaker.failed()
    time.sleep(0.06)
    assert [breaker.admits() for _ in range(3)] == [True, False, False]  # half open: one trial
    breaker.failed()
    assert not breaker.admits()
    time.sleep(0.06)
    assert breaker.admits()
    breaker.succeeded()
    assert all(breaker.admits() for _ in range(3))


def test_an_endpoint_that_failed_on_the_follow_up_is_not_asked_for_the_answer(opened: Open, server: ModelServer, caplog) -> None:
    server.reset(LONG, "503")
    turns = (Turn("user", QUESTION), Turn("assistant", "可以，给予贷款贴息。"))
    answer = opened().ask("那最高多少万元呢", turns)
    assert (answer.generation.outcome, len(server.requests), len(logged(caplog))) == (Outcome.SERVER_ERROR, 1, 1)


def test_words_that_do_not_pass_are_no_failure_of_the_endpoint(opened: Open, server: ModelServer) -> None:
    answering = opened()
    server.reset("最高给予200万元[1]。")
    assert {answering.ask(QUESTION).generation.outcome for _ in range(FAILURES + 1)} == {Outcome.UNVERIFIED}


# --- many at once


def test_calls_beyond_the_limit_queue(opened: Open, server: ModelServer) -> None:
    server.reset(GOOD, pause=0.01)
    answering = opened(CONCURRENCY="1")
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(answering.ask, [QUESTION] * 4))
    assert {answer.wording for answer in answers} == {"generated"}


def test_whoever_waits_too_long_in_the_queue_gets_the_extractive_answer(opened: Open, pipeline: Pipeline, server: ModelServer) -> None:
    server.reset(LONG, "silent")
    answering, held = opened(CONCURRENCY="1", ANSWER_SECONDS="1"), threading.Event()

    def hold() -> Answer:
        return answering.ask(QUESTION, on_answer=lambda _: held.set())

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(hold)
        held.wait()
        while not server.requests:
            time.sleep(0.01)
        second = answering.ask(QUESTION)
    assert {second.generation.outcome, first.result().generation.outcome} <= {Outcome.BUSY, Outcome.TIMEOUT}
    assert extractive(pipeline, second)
    assert len(server.requests) <= 2


def test_many_threads_count_every_token(tmp_path: Path) -> None:
    budgets = [DayBudget(tmp_path, 10**9) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: budgets[number % 4].add(1), range(400)))
    assert budgets[0]._change(0) == 400


# --- nothing changes without one


def test_without_a_model_its_libraries_are_not_imported(index_dir: Path) -> None:
    script = (
        "import sys; from rag.pipeline import Pipeline; from rag.settings import load_settings\n"
        f"print(Pipeline.load(load_settings()).ask({QUESTION!r}).wording)\n"
        "print(*sorted({'langchain_openai', 'langchain_core', 'openai', 'httpx', 'rag.llm', 'rag.generate'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPO, env={"RAG_INDEX": str(index_dir), "PATH": ""},
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.split() == ["extractive"]


def test_a_model_in_the_settings_words_the_answers(index_dir: Path, server: ModelServer, tmp_path: Path) -> None:
    env = {"RAG_INDEX": str(index_dir), "RAG_LLM_BASE_URL": server.url, "RAG_LLM_MODEL": "stub", "RAG_LLM_KEY": KEY}
    answering = Pipeline.load(Settings.load(env))
    assert answering.has_model
    assert answering.ask(QUESTION).wording == "generated"
    assert KEY not in "".join(repr(value) for value in (Settings.load(env), answering._generator.model._chat, vars(answering)))


def test_the_file_of_the_day_is_beside_the_index_and_holds_no_key(opened: Open, tmp_path: Path) -> None:
    opened(DAY_TOKENS="100000").ask(QUESTION)
    written = (tmp_path / "llm-tokens.json").read_text()
    assert '"tokens": 760' in written
    assert KEY not in written
    assert LanguageModel.open(scripted_model.settings(DAY_TOKENS="760"), tmp_path)._budget.spent
