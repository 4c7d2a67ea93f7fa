"""Cases: questions of every type over documents that the encoder has seen no question on, in the form of gold questions."""

import tarfile
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from index.assemble import store_of
from index.clauses import split_clauses
from index.encoder import Encoder
from index.policy import parse_policy
from index.reader import policy_files, read_text
from index.sentences import sentences
from index.store import Store
from index.types import Clause, Policy
from rag.text import squeeze
from rag.types import Turn
from training.answering.examples import ANSWERS, NOT_STATED, NOTHING, Example, World, lines

FOLDER = Path(__file__).parent / "cases"
DOCUMENTS = FOLDER / "documents"  # invented ones, a folder a set
SEEDS = "seeds"  # how the sets over the seed policies are named
# How much one of them counts beside a question on one clause: 2,800 against 18,000, and they are what people ask. On sets
# left out, without any recall@1 is 0.5 to 2.5 points lower; 1, 3 and 8 rank alike, and more weight calibrates better.
_WEIGHT = 4.0
_SPOKEN = frozenset({"chitchat", "injection"})  # the router's


def case_files(without: Container[str] = ()) -> list[Path]:
    """Return the files of all sets but those named."""
    return [path for path in sorted(FOLDER.glob("*.jsonl")) if path.stem not in without]


def over_seeds(path: Path) -> bool:
    """Tell whether a set is over the seed policies."""
    return path.stem.startswith(f"{SEEDS}_")


def case_rows(without: Container[str] = ()) -> Iterator[dict]:
    """Yield the cases as written."""
    for path in case_files(without):
        yield from lines(path)


def seed_cases(store: Store, without: Container[str] = ()) -> tuple[Example, ...]:
    """Return the cases over the seed policies."""
    return tuple(example for path in case_files(without) if over_seeds(path) for example in examples(path, store))


def case_worlds(shared: Path, encoder: Encoder, without: Container[str] = ()) -> Iterator[World]:
    """Yield a store a set, of laws of the collection or of invented documents, with its cases."""
    for path in case_files(without):
        if not over_seeds(path):
            store = store_of(list(documents(shared, path.stem)), (), encoder)
            yield World(path.stem, store, tuple(examples(path, store)))


def documents(shared: Path, name: str) -> Iterator[tuple[Policy, tuple[Clause, ...]]]:
    """Yield the documents of a set with their clauses."""
    folder = DOCUMENTS / name
    texts = _invented(folder) if folder.is_dir() else _laws(shared, name)
    for file, text in sorted(texts.items()):
        policy = parse_policy(text, file, file)
        yield policy, split_clauses(policy)


def _invented(folder: Path) -> dict[str, str]:
    return {path.name: read_text(path) for path in policy_files(folder)}


def _laws(shared: Path, name: str) -> dict[str, str]:
    wanted = set((FOLDER / f"{name}.titles.txt").read_text("utf-8").split())
    found = {}
    with tarfile.open(shared / "corpora" / "laws.tar.gz") as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            if member.isfile() and path.stem in wanted:
                found[path.name] = archive.extractfile(member).read().decode("utf-8")
    return found


def examples(path: Path, store: Store) -> Iterator[Example]:
    """Yield the cases of a file; those whose clauses the store does not have are left out."""
    for row in lines(path):
        if row.get("subtype") in _SPOKEN:
            continue
        ids = tuple(dict.fromkeys(clause_id for need in row["gold"] for clause_id in need))
        if any(store.clause(clause_id) is None for clause_id in ids):
            continue
        turns = tuple(Turn(turn["role"], turn["content"]) for turn in row["history"])
        label = NOTHING if not ids else NOT_STATED if row["type"] == "not_stated" else ANSWERS
        evidence = tuple(_evidence(store.clause(ids[0]), row)) if ids else ()
        yield Example(row["question"], label, ids, evidence, row.get("detail", ""), turns=turns, weight=_WEIGHT)


def _evidence(clause: Clause, row: Mapping[str, Sequence]) -> Iterator[str]:
    """Yield the sentences of a clause that hold one of the facts which an answer must have."""
    facts = [squeeze(fact) for need in row["must_include"] for fact in need]
    for start, end in sentences(clause.text):
        if any(fact in squeeze(clause.text[start:end]) for fact in facts):
            yield clause.text[start:end]
