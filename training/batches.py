"""Batches that mix the sources: the law sentences are hard negatives for the questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from index.context import passage_text
from training.laws import Article
from training.questions import Source

_STOPS = "，。；：！？\n"
# Share of an article's parts that become the query of a cloze pair.
_CLOZE_SHARE = (0.15, 0.5)
# Probability that the passage keeps the query's words: teaches that equal words are evidence too.
_KEEP = 0.3
RUN = 16  # pairs of one document that follow each other
MAX_PIECES = 300  # pieces of a passage that are read in training; nine in ten articles are shorter


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries and passages as piece numbers; `keys` and `golds` tell equal passages apart from negatives."""

    queries: tuple[np.ndarray, ...]
    passages: tuple[np.ndarray, ...]
    keys: tuple[str, ...]  # of each passage
    golds: tuple[tuple[str, ...], ...]  # keys that answer each query


class Pairs:
    """Questions with their passages, drawn without end, each once a round."""

    def __init__(self, source: Source, tokenizer: Tokenizer, rng: np.random.Generator) -> None:
        self._golds = [question.passages for question in source.questions]
        self._queries = _encode(tokenizer, [question.text for question in source.questions])
        needed = sorted({key for golds in self._golds for key in golds})
        self._passages = dict(
            zip(needed, _encode(tokenizer, [source.passages[key] for key in needed]), strict=True)
        )
        self._rng = rng
        self._order = _rounds([question.document for question in source.questions], rng)

    def draw(self) -> tuple[np.ndarray, np.ndarray, str, tuple[str, ...]]:
        """Return a query, one of its passages, its key, and all keys."""
        number = next(self._order)
        golds = self._golds[number]
        key = golds[self._rng.integers(len(golds))]
        return self._queries[number], self._passages[key], key, golds


class Cloze:
    """Articles of laws: some of the article asks for the rest of it under its title."""

    def __init__(self, articles: Sequence[Article], tokenizer: Tokenizer, rng: np.random.Generator) -> None:
        heads = [passage_text(article.title, article.chapters, article.number) for article in articles]
        self._heads = _encode(tokenizer, heads)
        parts = [_parts(article.body) for article in articles]
        flat = iter(_encode(tokenizer, [part for one in parts for part in one]))
        self._parts = [[next(flat) for _ in one] for one in parts]
        usable = [number for number, one in enumerate(self._parts) if sum(map(len, one)) >= 8]
        self._keys = [f"{article.title}{article.number}" for article in articles]
        self._usable = usable
        self._rng = rng
        self._order = _rounds([articles[number].title for number in usable], rng)

    def draw(self) -> tuple[np.ndarray, np.ndarray, str, tuple[str, ...]]:
        """Return a span of an article, the article, its key, and its key again."""
        number = self._usable[next(self._order)]
        parts = self._parts[number]
        count = max(1, round(len(parts) * self._rng.uniform(*_CLOZE_SHARE)))
        start = self._rng.integers(len(parts) - count + 1)
        query = np.concatenate(parts[start : start + count])
        rest = parts if self._rng.random() < _KEEP else parts[:start] + parts[start + count :]
        passage = np.concatenate([self._heads[number], *rest])[:MAX_PIECES]
        return query, passage, self._keys[number], (self._keys[number],)


Drawn = Pairs | Cloze


class Mixer:
    """Draw batches with a fixed number of pairs from each source."""

    def __init__(self, sources: Mapping[Drawn, int], dropout: float, rng: np.random.Generator) -> None:
        self._sources = sources
        self._dropout = dropout
        self._rng = rng

    def draw(self) -> Batch:
        """Return one batch, some words of each text left out."""
        pairs = [source.draw() for source, count in self._sources.items() for _ in range(count)]
        queries, passages, keys, golds = zip(*pairs, strict=True)
        return Batch(tuple(map(self._thin, queries)), tuple(map(self._thin, passages)), keys, golds)

    def _thin(self, ids: np.ndarray) -> np.ndarray:
        kept = ids[self._rng.random(len(ids)) >= self._dropout]
        return kept if len(kept) else ids


def _encode(tokenizer: Tokenizer, texts: Sequence[str]) -> list[np.ndarray]:
    encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return [np.array(encoding.ids[:MAX_PIECES], np.int32) for encoding in encodings]


def _parts(text: str) -> list[str]:
    for stop in _STOPS:
        text = text.replace(stop, "\n")
    return [part for part in text.split("\n") if part.strip()]


def _rounds(documents: Sequence[str], rng: np.random.Generator) -> Iterator[int]:
    """Yield each number once a round, in runs from one document: its other passages are the hardest negatives."""
    members: dict[str, list[int]] = {}
    for number, document in enumerate(documents):
        members.setdefault(document, []).append(number)
    while True:
        shuffled = [rng.permutation(numbers).tolist() for numbers in members.values()]
        runs = [numbers[at : at + RUN] for numbers in shuffled for at in range(0, len(numbers), RUN)]
        for run in rng.permutation(len(runs)):
            yield from runs[run]
