"""Questions that people wrote, each with the passages that answer it."""

import gzip
import json
import logging
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.context import passage_text
from index.settings import ROOT
from training.laws import Article

KNOWN_QUESTIONS = ROOT / "data" / "questions"

logger = logging.getLogger(__name__)

NATIONAL = "中华人民共和国"  # in front of a law's title in articles.json, not in the file names of the collection
_ARTICLE_ID = re.compile(r"(.+?)(第[一二三四五六七八九十百千零〇]+条(?:之[一二三四五六七八九十]+)?)$")
# Characters of a heading node's text that stand for the heading where heading and text are run together.
_HEADING_LENGTH = 30
ANSWERED = frozenset({"answers", "not_stated"})  # labels of a question that its clause is about


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the keys of the passages that answer it."""

    text: str
    passages: tuple[str, ...]
    document: str  # title or 文号 of the first passage: what a hold-out by document goes by

    @property
    def bucket(self) -> int:
        """A stable number to split questions by."""
        return zlib.crc32(self.text.encode())


@dataclass(frozen=True, slots=True)
class Source:
    """Questions of one origin."""

    name: str
    questions: tuple[Question, ...]
    passages: Mapping[str, str]  # passage text by key


def read_seeds(shared: Path) -> Source:
    """Read the questions on the five seed policies, those that ship as known questions first."""
    texts = {row["id"]: row["text"] for row in json.loads((shared / "eval" / "clauses.json").read_text("utf-8"))}
    titles = {
        policy_of(key): re.sub(r"\s", "", re.search("《([^》]+)》", text).group(1))
        for key, text in texts.items()
        if key.endswith("/题")
    }
    passages = {key: passage_text(titles[policy_of(key)], _above(key, texts), text) for key, text in texts.items()}
    train = shared / "train"
    pairs = [(row["q"], row["ids"]) for path in sorted(KNOWN_QUESTIONS.glob("*.jsonl")) for row in _lines(path)]
    pairs += _sufficiency(train / "sufficiency_seeds.jsonl")
    pairs += [(row["standalone"], row["ids"]) for row in _lines(train / "followups.jsonl")]
    return Source("seeds", _questions(pairs, passages, policy_of), passages)


def read_articles(shared: Path, known: Mapping[tuple[str, str], Article]) -> Source:
    """Read the questions on articles of laws."""
    train = shared / "train"
    passages = {}
    for row in json.loads((train / "articles.json").read_text("utf-8")):
        number = row["id"].removeprefix(row["title"])
        article = find(known, row["title"], number)
        chapters = article.chapters if article else ()
        passages[row["id"]] = passage_text(row["title"], chapters, f"{number} {row['text']}")
    files = sorted(train.glob("articles_*.jsonl"), key=lambda path: path.name)
    pairs = [(row["q"], row["ids"]) for path in files for row in _lines(path)]
    pairs += _sufficiency(train / "sufficiency_articles.jsonl")
    return Source("articles", _questions(pairs, passages, title_of), passages)


def read_own(folder: Path, known: Mapping[tuple[str, str], Article]) -> Source:
    """Read the questions written here: `{"title", "article", "q"}` a line."""
    passages, pairs, missing = {}, [], 0
    for path in sorted(folder.glob("*.jsonl")):
        for row in _lines(path):
            article = find(known, row["title"], row["article"])
            if article is None:
                missing += 1
                continue
            key = f"{article.title}{article.number}"
            passages[key] = passage_text(article.title, article.chapters, article.text)
            pairs.append((row["q"], [key]))
    if missing:
        logger.warning("%d questions of %s name an article that the laws do not have", missing, folder)
    return Source("own", _questions(pairs, passages, title_of), passages)


def read_glossary(folder: Path) -> Source:
    """Read words that mean the same: the spoken or English one, a tab, the official ones."""
    lines = [line for path in sorted(folder.glob("*.tsv")) for line in path.read_text("utf-8").splitlines()]
    pairs = [line.split("\t") for line in lines]
    passages = {official: official for _, official in pairs}
    return Source("glossary", _questions([(word, [official]) for word, official in pairs], passages, str), passages)


def read_statutes(shared: Path) -> Source:
    """Read STARD's training questions; the passages are the whole corpus."""
    with gzip.open(shared / "corpora" / "statutes" / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    passages = {row["id"]: statute_text(row["id"], row["text"]) for row in rows}
    pairs = [(row["question"], row["gold"]) for row in _lines(shared / "corpora" / "statutes" / "train.jsonl")]
    return Source("statutes", _questions(pairs, passages, lambda key: ""), passages)


def statute_text(key: str, text: str) -> str:
    """Return the passage of an article that is known by `title + number`."""
    match = _ARTICLE_ID.match(key)
    return passage_text(match.group(1), (), f"{match.group(2)} {text}") if match else passage_text(key, (), text)


def find(known: Mapping[tuple[str, str], Article], title: str, number: str) -> Article | None:
    """Find an article by title, with or without the words 中华人民共和国 in front."""
    return known.get((title, number)) or known.get((title.removeprefix(NATIONAL), number))


def policy_of(key: str) -> str:
    """Return the 文号 of a clause id."""
    return key.split("/", 1)[0]


def title_of(key: str) -> str:
    """Return the law's title of an article id, without 中华人民共和国, so that a law has one name."""
    match = _ARTICLE_ID.match(key)
    return (match.group(1) if match else key).removeprefix(NATIONAL)


def _above(key: str, texts: Mapping[str, str]) -> list[str]:
    parts = key.split("/")
    keys = ["/".join(parts[:depth]) for depth in range(2, len(parts))]
    return [texts[above][:_HEADING_LENGTH] for above in keys if above in texts]


def _sufficiency(path: Path) -> list[tuple[str, list[str]]]:
    return [(row["q"], [row["id"]]) for row in _lines(path) if row["label"] in ANSWERED]


def _questions(pairs, passages, document) -> tuple[Question, ...]:
    """Merge the passages of equal questions, dropping those that are not known."""
    merged: dict[str, list[str]] = {}
    for text, keys in pairs:
        merged.setdefault(text, []).extend(key for key in keys if key in passages)
    return tuple(
        Question(text, tuple(dict.fromkeys(keys)), document(keys[0])) for text, keys in merged.items() if keys
    )


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())
