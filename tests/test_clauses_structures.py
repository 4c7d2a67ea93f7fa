"""Every structure that policies come in: a document of our own each, its clause tree checked by hand."""

import json
from pathlib import Path

import pytest

from index.clauses import split_clauses
from index.policy import parse_policy
from index.reader import read_text

DOCUMENTS = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_gives_the_tree_checked_by_hand(name: str) -> None:
    path = DOCUMENTS / f"{name}.txt"
    policy = parse_policy(read_text(path), path.name, "")
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    read = [
        {"id": c.id, "kind": c.kind.value, "ancestors": list(c.ancestors), "text": c.text}
        for c in split_clauses(policy)
    ]
    assert read == expected


def test_every_document_has_a_tree_and_every_tree_a_document() -> None:
    assert NAMES == sorted(path.stem for path in DOCUMENTS.glob("*.json"))
    assert len(NAMES) >= 12
