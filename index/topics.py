"""Name the topics of a policy, from the words of its title and headings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from index.align import locate, squeeze
from index.settings import ROOT
from index.types import Clause, HeaderFact, Policy, Span

TOPICS = ROOT / "data" / "dictionary" / "topics.tsv"
_MOST = 3  # topics of a policy: more would tell nothing apart
_TITLE = 3.0  # weight of a word in the title; of one in a heading 1
_ENOUGH = 3.0  # weight from which a topic is the policy's: a word in the title, or headings of three clauses
_SHARE = 0.34  # of the weight of the first topic: a topic of two headings says little beside one of ten


def topics() -> tuple[str, ...]:
    """Return the topics there are."""
    return tuple(_words())


def with_topics(policy: Policy, clauses: Sequence[Clause]) -> Policy:
    """Return the policy with its topics and where each was read; `clauses` are its own."""
    weights: dict[str, float] = {}
    places: dict[str, Span] = {}
    for text, span, weight in (*_title(policy), *_headings(policy, clauses)):
        for topic, word in _found(text):
            weights[topic] = weights.get(topic, 0.0) + weight
            places.setdefault(topic, _place(policy.text, span, word))
    ranked = sorted((topic for topic in weights if weights[topic] >= _ENOUGH), key=lambda t: (-weights[t], t))
    kept = [topic for topic in ranked[:_MOST] if weights[topic] >= weights[ranked[0]] * _SHARE]
    facts = tuple(HeaderFact("topics", topic, places[topic]) for topic in kept)
    return replace(policy, topics=tuple(kept), facts=tuple(sorted((*policy.facts, *facts), key=lambda fact: fact.span)))


def _title(policy: Policy) -> Iterator[tuple[str, Span, float]]:
    span = next((fact.span for fact in policy.facts if fact.field == "title"), Span(0, 0))
    yield policy.title, span, _TITLE


def _headings(policy: Policy, clauses: Sequence[Clause]) -> Iterator[tuple[str, Span, float]]:
    for clause in clauses:
        span = locate(policy.text, clause, clause.heading) if clause.heading else None
        if span:
            yield clause.heading, span, 1.0


def _found(text: str) -> Iterator[tuple[str, str]]:
    """Yield each topic that a title or heading speaks of, once, with the word that says so."""
    for topic, words in _words().items():
        word = next((word for word in words if word in text), None)
        if word:
            yield topic, word


def _place(text: str, span: Span, word: str) -> Span:
    """Return where a word stands within a span, the whole span where it does not stand there in one piece."""
    signs, places = squeeze(text, (span,))
    at = signs.find(word)
    return Span(places[at], places[at + len(word) - 1] + 1) if at >= 0 else span


@lru_cache(maxsize=1)
def _words(path: Path = TOPICS) -> dict[str, tuple[str, ...]]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#"))
    return {topic: tuple(words.split()) for topic, _, words in (line.partition("\t") for line in lines)}
