"""Questions with what is known of their answers, over stores that hold nothing that gives them away."""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.assemble import store_of
from index.clauses import split_clauses
from index.encoder import Encoder
from index.policy import parse_policy
from index.reader import policy_files, read_text
from index.store import Store
from index.types import Clause, ClauseKind, KnownQuestion, Policy
from rag.route import Route
from rag.types import Turn
from training.data import OWN_QUESTIONS
from training.laws import Article, by_name, read_laws
from training.questions import KNOWN_QUESTIONS, find, title_of

# Questions on laws of `training/questions` that no clause answers in full.
UNANSWERED = Path(__file__).parent / "questions" / "unanswered.jsonl"
ROUTED = UNANSWERED.with_name("route.jsonl")  # messages by where they go
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
        documents.append((policy, split_clauses(policy)))
    train = shared / "train"
    rows = [row for path in sorted(KNOWN_QUESTIONS.glob("*.jsonl")) for row in lines(path)]
    known = [KnownQuestion(row["q"], tuple(row["ids"]), "") for row in rows if not held(row["q"], fold, folds)]
    asked = [Example(row["q"], ANSWERS, tuple(row["ids"])) for row in rows if held(row["q"], fold, folds)]
    asked += [example for example in sufficiency(train / "sufficiency_seeds.jsonl") if held(example.text, fold, folds)]
    asked += [_follow_up(row) for row in lines(train / "followups.jsonl") if held(row["standalone"], fold, folds)]
    for row in lines(train / "unanswerable.jsonl"):
        if row["subtype"] in _OFF:
            asked.append(Example(row["q"], NOTHING, near=next(iter(row.get("near") or ()), "")))
    return World("seeds", store_of(documents, known, encoder), tuple(asked))


# Kinds of unanswerable questions that reach the search; small talk and the like are the router's.
_PER_WORLD = 9  # laws in a store, as many as a small library has
_SHARE = 2  # of our own questions on laws every second, so that fitting takes minutes; with all was not compared
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


def article_worlds(shared: Path, encoder: Encoder, fold: int, folds: int) -> list[World]:
    """Return stores of a few laws each, whose questions the encoder has not seen.

    One question in `_STRANGERS` to one store is put to the next one too, where nothing answers it (now and then
    another law does, which the calibration bears).
    """
    train = shared / "train"
    articles: dict[str, dict[str, str]] = {}
    for row in json.loads((train / "articles.json").read_text(encoding="utf-8")):
        articles.setdefault(row["title"], {})[row["id"]] = row["text"]
    questions = _article_questions(train, {clause_id for law in articles.values() for clause_id in law})
    laws, own = _own_laws(shared)
    articles.update(laws)
    questions.update(own)
    chat = _small_talk(train)
    titles = [title for title in articles if questions.get(title) and _held_law(title, fold, folds)]
    groups = [titles[start : start + _PER_WORLD] for start in range(0, len(titles), _PER_WORLD)]
    worlds = []
    for number, group in enumerate(groups):
        asked = [example for title in group for example in questions[title]]
        other = [e for title in groups[number - 1] for e in questions[title] if e.label == ANSWERS]
        asked += [Example(e.text, NOTHING) for e in other[::_STRANGERS]] if len(groups) > 1 else []
        asked += [Example(text, NOTHING) for text in chat[number :: len(groups)]]
        documents = [_law(title, articles[title]) for title in group]
        worlds.append(World(f"laws {number}", store_of(documents, (), encoder), tuple(asked)))
    return worlds


def _small_talk(train: Path) -> list[str]:
    """Return messages that want no document: some reach the search, since the router is careful."""
    rows = [row for row in lines(train / "unanswerable.jsonl") if row["subtype"] == Route.CHITCHAT]
    rows += [row for row in lines(ROUTED) if row["label"] == Route.CHITCHAT]
    return [row["q"] for row in rows]


def _held_law(title: str, fold: int, folds: int) -> bool:
    """Tell whether a law's questions were kept from the encoder, as `training.data.Holdout` decides it."""
    return zlib.crc32(title_of(title).encode()) % folds == fold


def _own_laws(shared: Path) -> tuple[dict[str, dict[str, str]], dict[str, list[Example]]]:
    """Return the laws of `training/questions` as title -> article id -> text, and the questions by title."""
    known = by_name(read_laws(shared / "corpora" / "laws.tar.gz"))
    answers: dict[tuple[str, str], list[str]] = {}  # (title, question) -> all articles that answer it
    wanted: dict[str, list[Example]] = {}
    for path in sorted(OWN_QUESTIONS.glob("*.jsonl")):
        for row in lines(path):
            if (article := find(known, row["title"], row["article"])) is not None:
                answers.setdefault((article.title, row["q"]), []).append(_article_id(article))
    for (title, text), ids in list(answers.items())[::_SHARE]:
        wanted.setdefault(title, []).append(Example(text, ANSWERS, tuple(ids)))
    for row in lines(UNANSWERED):
        if (article := find(known, row["title"], row["article"])) is not None:
            wanted.setdefault(article.title, []).append(_unanswered(row, _article_id(article)))
    laws: dict[str, dict[str, str]] = {title: {} for title in wanted}
    for article in known.values():
        if article.title in laws:
            laws[article.title][_article_id(article)] = article.text.removeprefix(article.number).strip()
    return laws, wanted


def _article_id(article: Article) -> str:
    return f"{article.title}{article.number}"


def _unanswered(row: Mapping[str, str], clause_id: str) -> Example:
    """Return a question that a law leaves open: its clause does not state the detail, or only comes nearest."""
    if row["label"] == NOT_STATED:
        return Example(row["q"], NOT_STATED, (clause_id,), detail=row["detail"])
    return Example(row["q"], NOTHING, detail=row["detail"], near=clause_id)


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


def _law(title: str, articles: Mapping[str, str]) -> tuple[Policy, tuple[Clause, ...]]:
    policy = Policy(id=title, title=title, text="\n".join(articles.values()), source=title, sha256=title)
    clauses = []
    for clause_id, text in articles.items():
        number = clause_id.removeprefix(title)
        clauses.append(Clause(clause_id, title, (number,), ClauseKind.CLAUSE, number, (), f"{number} {text}", ()))
    return policy, tuple(clauses)
