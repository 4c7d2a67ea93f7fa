"""Articles of the laws collection, with the chapters they stand under."""

import re
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_NUMERAL = "[一二三四五六七八九十百千零〇]+"
_ARTICLE = re.compile(rf"(第{_NUMERAL}条(?:之{_NUMERAL})?)[\s　]*")
_CHAPTER = re.compile(rf"第{_NUMERAL}([编章节])[\s　]+\S")
_DATE = re.compile(r"\((\d{4}-\d{2}-\d{2})\)$")
_LEVELS = "编章节"
# Characters; a line of a text without articles that is shorter is a heading, a date or a signature.
_MIN_PARAGRAPH = 30


@dataclass(frozen=True, slots=True)
class Article:
    """One article; a paragraph where the document has no articles."""

    title: str
    number: str  # 第九条; "" for a paragraph
    chapters: tuple[str, ...]  # outermost first
    text: str  # as published, number in front

    @property
    def body(self) -> str:
        """The text without the article's number."""
        return _ARTICLE.sub("", self.text, count=1) if self.number else self.text


@dataclass(frozen=True, slots=True)
class Law:
    """One version of one law."""

    title: str
    date: str  # ISO 8601, "" where the file name has none; newest sorts last
    articles: tuple[Article, ...]


def read_laws(path: Path) -> list[Law]:
    """Read every law of the archive, in order of title and date."""
    laws = []
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".txt"):
                name = PurePosixPath(member.name).stem
                text = archive.extractfile(member).read().decode("utf-8")
                date = _DATE.search(name)
                title = _DATE.sub("", name)
                laws.append(Law(title, date.group(1) if date else "", tuple(articles(title, text))))
    return sorted(laws, key=lambda law: (law.title, law.date))


def articles(title: str, text: str) -> Iterator[Article]:
    """Split a law into articles; a text without any into its paragraphs."""
    chapters: list[str] = []
    number, lines = "", []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        chapter, article = _CHAPTER.match(line), _ARTICLE.match(line)
        if number and (chapter or article):
            yield Article(title, number, tuple(chapters), "\n".join(lines))
            number, lines = "", []
        if chapter:
            chapters = _enter(chapters, line, chapter.group(1))
        elif article:
            number, lines = article.group(1), [line]
        elif number or len(line) >= _MIN_PARAGRAPH:
            lines.append(line)
    if number:
        yield Article(title, number, tuple(chapters), "\n".join(lines))
    elif not chapters:
        yield from (Article(title, "", (), line) for line in lines)


def unique(laws: Sequence[Law]) -> list[Article]:
    """Return the articles of all laws, each text of a title once."""
    return list({(article.title, article.body): article for law in laws for article in law.articles}.values())


def by_name(laws: Sequence[Law]) -> dict[tuple[str, str], Article]:
    """Map (title, number) to the article of the newest version that has it."""
    return {(article.title, article.number): article for law in laws for article in law.articles if article.number}


def _enter(chapters: list[str], line: str, level: str) -> list[str]:
    """Return the headings above what follows `line`."""
    depth = _LEVELS.index(level)
    above = [heading for heading in chapters if _LEVELS.index(_CHAPTER.match(heading).group(1)) < depth]
    return [*above, line]
