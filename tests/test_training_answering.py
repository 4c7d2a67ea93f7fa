"""What answering is fitted by: the cases, and the mean of networks."""

import sys
from pathlib import Path

import numpy as np
import pytest

from index.settings import ROOT
from rag.networks import Network
from rag.text import squeeze
from training.answering.cases import DOCUMENTS, FOLDER, SEEDS, documents
from training.answering.examples import lines
from training.answering.fit import mean

SHARED = ROOT.parent / "shared"
SETS = sorted(path.stem for path in FOLDER.glob("*.jsonl") if not path.stem.startswith(SEEDS))


def _network(generator: np.random.Generator, inputs: int, units: int) -> Network:
    def some(*shape: int) -> np.ndarray:
        return generator.normal(size=shape).astype(np.float32)

    columns = tuple(f"column {number}" for number in range(inputs))
    standard = np.zeros(inputs, np.float32), np.ones(inputs, np.float32)
    return Network(columns, *standard, some(inputs, units), some(units), some(units), some(inputs), some()[()])


def test_the_mean_of_networks_gives_the_mean_of_what_they_give() -> None:
    generator = np.random.default_rng(0)
    networks = [_network(generator, 5, 3) for _ in range(4)]
    rows = generator.normal(size=(7, 5)).astype(np.float32)
    wanted = np.mean([network(rows) for network in networks], axis=0)
    assert mean(networks)(rows) == pytest.approx(wanted, abs=1e-5)
    assert np.ptp(wanted) > 0.1


@pytest.mark.parametrize("name", SETS)
def test_cases_name_clauses_that_hold_their_facts(name: str) -> None:
    if not (DOCUMENTS / name).is_dir() and not SHARED.is_dir():
        message = f"没有找到 {SHARED}，{name} 的题没有核对。"
        print(f"\n*** {message} ***", file=sys.__stderr__)
        pytest.skip(message)
    texts = {clause.id: squeeze(clause.text) for _, clauses in documents(SHARED, name) for clause in clauses}
    rows = list(lines(FOLDER / f"{name}.jsonl"))
    assert len(rows) >= 100
    for row in rows:
        gold = [clause_id for need in row["gold"] for clause_id in need]
        assert set(gold) | set(row["acceptable"]) <= set(texts), row["id"]
        text = "".join(texts[clause_id] for clause_id in gold)
        assert all(any(squeeze(fact) in text for fact in need) for need in row["must_include"]), row["id"]
        assert not any(squeeze(fact) in text for fact in row["must_not_include"]), row["id"]
        assert bool(gold) is (row["type"] != "unanswerable"), row["id"]


def test_no_case_is_a_question_that_measures() -> None:
    measured = [SHARED / "eval" / "dev.jsonl", *Path(ROOT / "tests" / "gold").glob("*.jsonl")]
    asked = {squeeze(row["question"]) for path in measured if path.is_file() for row in lines(path)}
    assert len(asked) > 300
    for path in FOLDER.glob("*.jsonl"):
        assert not asked.intersection(squeeze(row["question"]) for row in lines(path))
