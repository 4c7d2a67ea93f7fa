"""All that is trained on, and what a hold-out keeps back."""

import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from index.settings import ROOT
from training.laws import Article, by_name, read_laws, unique
from training.questions import (
    Question,
    Source,
    read_articles,
    read_glossary,
    read_own,
    read_seeds,
    read_statutes,
)

OWN_QUESTIONS = Path(__file__).resolve().parent / "questions"
GLOSSARY = Path(__file__).resolve().parent / "glossary"
# Laws that tests/gold asks about, one a line as its file is named; no version of them is trained on.
_TESTED_LAWS = ROOT / "tests" / "gold" / "laws_titles.txt"
# Laws replaced by one of those, whose wording is close.
_PREDECESSORS = frozenset({"北京市实施《种子法》办法", "上海市实施《气象法》办法"})


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles for the cloze pairs, and the questions by source."""

    articles: tuple[Article, ...]
    sources: tuple[Source, ...]

    def texts(self) -> list[str]:
        """Return every text whose words should be known, each once: articles, policies, questions."""
        seeds = [text for source in self.sources if source.name == "seeds" for text in source.passages.values()]
        questions = [question.text for source in self.sources for question in source.questions]
        return [article.text for article in self.articles] + seeds + questions


@dataclass(frozen=True, slots=True)
class Holdout:
    """What a model must not have been asked: one question in `folds`, laws by title, a policy by 文号.

    The texts of held-out laws stay in the cloze pairs: only their questions are unseen.
    """

    fold: int = 0
    folds: int = 0  # 0 holds nothing
    policy: str = ""

    def holds(self, source: Source, question: Question) -> bool:
        """Tell whether the question is kept back: by law where it is on a law, else by its own text."""
        if self.policy and question.document == self.policy:
            return True
        if not self.folds or source.name == "glossary":
            return False
        by_law = source.name in {"articles", "own"}
        number = zlib.crc32(question.document.encode()) if by_law else question.bucket
        return number % self.folds == self.fold


def load(shared: Path) -> Corpus:
    """Read everything under `shared`, and the questions written here."""
    tested = tested_titles()
    laws = [law for law in read_laws(shared / "corpora" / "laws.tar.gz") if law.title not in tested]
    known = by_name(laws)
    sources = (
        read_seeds(shared),
        read_articles(shared, known),
        read_own(OWN_QUESTIONS, known),
        read_statutes(shared),
        read_glossary(GLOSSARY),
    )
    return Corpus(tuple(unique(laws)), sources)


def tested_titles() -> frozenset[str]:
    """Return the titles, without date, of the laws that nothing may be learned from."""
    lines = _TESTED_LAWS.read_text("utf-8").split()
    return _PREDECESSORS | {line.split("(", 1)[0] for line in lines}


def split(corpus: Corpus, holdout: Holdout) -> tuple[Corpus, tuple[Source, ...]]:
    """Return what is left to train on, and the sources with the questions held back."""
    kept, held = [], []
    for source in corpus.sources:
        back = {question for question in source.questions if holdout.holds(source, question)}
        kept.append(replace(source, questions=tuple(q for q in source.questions if q not in back)))
        held.append(replace(source, questions=tuple(q for q in source.questions if q in back)))
    return replace(corpus, sources=tuple(kept)), tuple(held)
