"""The verifier over whole sets of drafts: what share of the bad it catches and of the good it passes."""

import json
from pathlib import Path

import pytest

from rag.pipeline import Pipeline

DRAFTS = Path(__file__).parent / "drafts" / "seeds.jsonl"
LEAST = 0.95  # share of the bad caught and of the good passed, as the project asks for its own set


@pytest.fixture(scope="module")
def judged(pipeline: Pipeline) -> list[tuple[dict, bool]]:
    """Each draft with whether it passed."""
    rows = [json.loads(line) for line in DRAFTS.read_text(encoding="utf-8").splitlines()]
    return [(row, not pipeline.verifier.sentence(row["sentence"], row["clause_ids"])) for row in rows]


@pytest.mark.parametrize("expected", ["pass", "bad"])
def test_drafts_are_told_apart(judged: list[tuple[dict, bool]], expected: str) -> None:
    rows = [(row, passed) for row, passed in judged if row["expected"] == expected]
    wrong = [row["sentence"] for row, passed in rows if passed is not (expected == "pass")]
    assert len(rows) >= 80
    assert len(wrong) <= (1 - LEAST) * len(rows), wrong


def test_the_set_is_in_order() -> None:
    rows = [json.loads(line) for line in DRAFTS.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len({row["sentence"] + row["clause_ids"][0] for row in rows}) == len(rows)
    assert all(row["expected"] in {"pass", "bad"} and row["kind"] and row["clause_ids"] for row in rows)
