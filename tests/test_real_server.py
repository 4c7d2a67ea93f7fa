"""The protocol as a real server speaks it: transformers serve, with a tiny model that knows nothing."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.reader import policy_files
from rag import llm
from rag.budget import Meter
from rag.check_model import check, lines
from rag.llm import LanguageModel
from rag.outcome import DEAD, ModelFailure, Outcome
from rag.pipeline import Pipeline
from rag.prompt import Request
from tests import scripted_model, tiny_model
from tests.libraries import POLICIES

QUESTION = "浦东的金融科技企业贷款有没有贴息"
TOKENS = 24  # of a reply: a model that knows nothing never ends by itself
PATIENT = {"TIMEOUT": "60", "ANSWER_SECONDS": "60"}


@pytest.fixture(scope="module")
def name(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [path.read_text(encoding="utf-8") for path in policy_files(POLICIES)]
    return tiny_model.make(tmp_path_factory.mktemp("tiny") / "model", texts)


@pytest.fixture(scope="module")
def address(name: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tiny_model.serving(name, tmp_path_factory.mktemp("home") / "hf") as url:
        yield url


@pytest.fixture
def fields(address: str, name: Path, monkeypatch) -> dict[str, str]:
    monkeypatch.setattr(llm, "MOST_TOKENS", TOKENS)
    monkeypatch.setattr(llm, "STALL", 30.0)  # the machine of the tests is slower than a server may be
    return {"BASE_URL": address, "MODEL": str(name), **PATIENT}


def test_a_reply_comes_piece_by_piece_and_its_tokens_are_counted(fields: dict[str, str], tmp_path: Path) -> None:
    model, meter = LanguageModel.open(scripted_model.settings(**fields), tmp_path), Meter()
    pieces = list(model.reply(Request("说明", "贴息多少"), time.monotonic() + 60, meter))
    assert len([piece for piece in pieces if piece]) > TOKENS / 2
    assert "".join(pieces)
    assert (meter.tokens_out, meter.estimated, meter.calls) == (TOKENS, False, 1)
    assert 5 < meter.tokens_in < 100
    assert 0 < meter.first_seconds <= meter.seconds


def test_a_model_that_knows_nothing_changes_nothing(fields: dict[str, str], pipeline: Pipeline, tmp_path: Path) -> None:
    answer = pipeline.with_model(scripted_model.settings(**fields), tmp_path).ask(QUESTION)
    assert answer.draft == pipeline.ask(QUESTION).draft
    assert answer.wording == "extractive"
    assert answer.generation.outcome not in DEAD - {Outcome.CUT}  # 24 tokens end in mid-sentence
    assert answer.generation.tokens > TOKENS


def test_check_model_sees_that_it_works_and_is_of_no_use(fields: dict[str, str], tmp_path: Path) -> None:
    model = LanguageModel.open(scripted_model.settings(**fields), tmp_path)
    report = check(model)
    assert report.failure is None
    assert not report.works
    assert f"{TOKENS} token" in "\n".join(lines(report, model.settings))


def test_a_model_that_is_not_there_is_rejected(fields: dict[str, str], tmp_path: Path) -> None:
    model = LanguageModel.open(scripted_model.settings(**fields | {"MODEL": "no/such-model"}), tmp_path)
    with pytest.raises(ModelFailure) as failed:
        list(model.reply(Request("说明", "贴息多少"), time.monotonic() + 60, Meter()))
    assert failed.value.outcome in {Outcome.REJECTED, Outcome.SERVER_ERROR}
