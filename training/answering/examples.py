"""Questions with what is known of their answers, over stores that hold nothing that gives them away."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.assemble import Document, assemble
from index.build import distinct
from index.clauses import split_clauses
from index.encoder import Encoder
from index.policy import parse_policy
from index.reader import policy_files, read_text
from index.store import Store
from index.types import Clause, ClauseKind, KnownQuestion, Policy
from rag.types import Turn
from training.questions import title_of

ANSWERS, NOT_STATED, NOTHING = "answers", "not_stated", "nothing"  # what the documents say of a question


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and what the documents of its store say of it."""

    text: str
    label: str  # ANSWERS, NOT_STATED (the clause is there, the detail is not) or NOTHING
    ids: tuple[str, ...] = ()  # clauses that are on the matter; empty for NOTHING
    evidence: tuple[str, ...] = ()  # sentences that an answer must quote, where known
    detail: str = ""  # kind of detail asked for, where known
    near: str = ""  # for NOTHING: the clause that comes nearest, where known
    turns: tuple[Turn, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class World:
    """A store and questions to it."""

    name: str
    store: Store
    examples: tuple[Example, ...]


def held(text: str, fold: int, folds: int) -> bool:
    """Tell whether a question was kept from the encoder, as `training.data.Holdout` decides it."""
    return zlib.crc32(text.encode()) % folds == fold


def lines(path: Path) -> Iterator[dict]:
    """Yield the objects of a JSON lines file."""
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def seed_world(shared: Path, encoder: Encoder, fold: int, folds: int) -> World:
    """Return the seed policies, with the questions that the encoder knows as known questions, the rest to be asked."""
    documents = []
    for path in policy_files(shared / "policies"):
        policy = parse_policy(read_text(path), path.name, path.name)
        documents.append(Document(policy, split_clauses(policy)))
    train = shared / "train"
    rows = [row for name in ("seeds_a", "seeds_b") for row in lines(train / f"{name}.jsonl")]
    known = [KnownQuestion(row["q"], tuple(row["ids"]), "") for row in rows if not held(row["q"], fold, folds)]
    asked = [Example(row["q"], ANSWERS, tuple(row["ids"])) for row in rows if held(row["q"], fold, folds)]
    asked += [example for example in sufficiency(train / "sufficiency_seeds.jsonl") if held(example.text, fold, folds)]
    asked += [_follow_up(row) for row in lines(train / "followups.jsonl") if held(row["standalone"], fold, folds)]
    for row in lines(train / "unanswerable.jsonl"):
        if row["subtype"] in _OFF:
            asked.append(Example(row["q"], NOTHING, near=next(iter(row.get("near") or ()), "")))
    return World("seeds", assemble(distinct(documents), known, encoder), tuple(asked))


# Kinds of unanswerable questions that reach the search; small talk and the like are the router's.
_STRANGERS = 2  # so that about a third of a store's questions have no answer, as among the seed policies'
_OFF = frozenset({"near_miss", "other_topic", "other_region"})


def sufficiency(path: Path) -> list[Example]:
    """Read questions with evidence; a near miss is answered by nothing."""
    labels = {"answers": ANSWERS, "not_stated": NOT_STATED, "near_miss": NOTHING}
    found = []
    for row in lines(path):
        label = labels[row["label"]]
        ids = () if label == NOTHING else (row["id"],)
        near = row["id"] if label == NOTHING else ""
        found.append(Example(row["q"], label, ids, tuple(row["evidence"]), row["detail"], near))
    return found


def _follow_up(row: dict) -> Example:
    turns = tuple(Turn(turn["role"], turn["content"]) for turn in row["history"])
    return Example(row["q"], ANSWERS if row["ids"] else NOTHING, tuple(row["ids"]), turns=turns)


def article_worlds(shared: Path, encoder: Encoder, fold: int, folds: int, per_world: int = 9) -> list[World]:
    """Return stores of a few laws each, whose questions the encoder has not seen.

    One question in `_STRANGERS` to one store is put to the next one too, where nothing answers it (now and then
    another law does, which the calibration bears).
    """
    train = shared / "train"
    articles = json.loads((train / "articles.json").read_text(encoding="utf-8"))
    by_title: dict[str, list[dict]] = {}
    for row in articles:
        by_title.setdefault(row["title"], []).append(row)
    titles = [t for t in by_title if zlib.crc32(title_of(t).encode()) % folds == fold]
    groups = [titles[start : start + per_world] for start in range(0, len(titles), per_world)]
    questions = _article_questions(train, {row["id"] for row in articles})
    worlds = []
    for number, group in enumerate(groups):
        own = [example for title in group for example in questions.get(title, ())]
        other = [example for title in groups[number - 1] for example in questions.get(title, ())] if len(groups) > 1 else []
        strangers = [Example(e.text, NOTHING) for e in other if e.label == ANSWERS][::_STRANGERS]
        documents = [_law(title, by_title[title]) for title in group]
        worlds.append(World(f"laws {number}", assemble(documents, (), encoder), tuple(own + strangers)))
    return worlds


def _article_questions(train: Path, known: set[str]) -> dict[str, list[Example]]:
    by_title: dict[str, list[Example]] = {}
    rows = [row for path in sorted(train.glob("articles_*.jsonl")) for row in lines(path)]
    examples = [Example(row["q"], ANSWERS, tuple(row["ids"])) for row in rows]
    for example, row in zip(examples, rows, strict=True):
        if known.issuperset(row["ids"]):
            by_title.setdefault(_title(row["ids"][0]), []).append(example)
    for row, example in zip(lines(train / "sufficiency_articles.jsonl"), sufficiency(train / "sufficiency_articles.jsonl"), strict=True):
        by_title.setdefault(_title(row["id"]), []).append(example)
    return by_title


def _title(article_id: str) -> str:
    """Return the title of an article id such as 北京市促进中小企业发展条例第一条."""
    return article_id[: article_id.rindex("第")]


def _law(title: str, rows: Sequence[dict]) -> Document:
    policy = Policy(id=title, title=title, text="\n".join(row["text"] for row in rows), source=title, sha256=title)
    clauses = []
    for row in rows:
        number = row["id"].removeprefix(title)
        clauses.append(Clause(row["id"], title, (number,), ClauseKind.CLAUSE, number, (), f"{number} {row['text']}", ()))
    return Document(policy, tuple(clauses))


def everything(worlds: Iterable[World]) -> list[tuple[World, Example]]:
    """Return all examples with their worlds."""
    return [(world, example) for world in worlds for example in world.examples]
