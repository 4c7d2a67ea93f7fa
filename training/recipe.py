"""Data in, model folder out: the recipe and its numbers."""

import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from training.batches import Cloze, Drawn, Mixer, Pairs
from training.data import Corpus
from training.export import export, principal
from training.table import Table
from training.tokenizer import build_tokenizer, count_words
from training.train import Schedule, train

logger = logging.getLogger(__name__)

CLOZE = "cloze"  # the source of pairs that no one wrote


@dataclass(frozen=True, slots=True)
class Stage:
    """Some steps, and how many pairs of each source a batch has in them."""

    schedule: Schedule
    pairs: Mapping[str, int]


# Sentences of the laws first: words get their places from all of the collection, and the questions, of which there
# are few, then need not be seen so often that they are learned by heart. Figures: docs/retrieval-training.md.
STAGES = (
    Stage(Schedule(steps=400, rate=0.01), {CLOZE: 1024}),
    Stage(
        Schedule(steps=400, rate=0.01),
        {CLOZE: 512, "statutes": 80, "articles": 224, "own": 512, "seeds": 96, "glossary": 48},
    ),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a training run; the figures behind them are in docs/retrieval-training.md."""

    pieces: int = 60_000  # at most; what the corpora hold of frequent words is about half
    dimension: int = 512  # of each table
    exported: int = 1024  # of the model: what the tables side by side have most of; 33 MB
    stages: tuple[Stage, ...] = STAGES
    dropout: float = 0.25  # share of a text's pieces left out
    # Tables that differ by chance alone err at different places: two are worth 0.01 MRR more than one, four 0.007 more
    # than two. Left at 1,024 dimensions of 2,048 they lose nothing of it.
    seeds: tuple[int, ...] = (20251120, 7, 11, 2)
    threads: int = 2  # tables trained at once, each on one thread, and workers of the word count


def make(corpus: Corpus, recipe: Recipe, folder: Path) -> None:
    """Train a model and write it to `folder`."""
    started = time.monotonic()
    torch.set_num_threads(1)  # two threads of one loop wait for each other wherever a core is busy elsewhere
    tokenizer = build_tokenizer(count_words(corpus.texts(), recipe.threads), recipe.pieces)
    logger.info("%d pieces after %.0f s", tokenizer.get_vocab_size(), time.monotonic() - started)
    with ThreadPoolExecutor(recipe.threads) as pool:
        tables = list(pool.map(partial(_vectors, corpus, tokenizer, recipe), recipe.seeds))
    export(folder, tokenizer, principal(np.concatenate(tables, axis=1), recipe.exported))
    logger.info("%s written after %.0f s", folder, time.monotonic() - started)


def _vectors(corpus: Corpus, tokenizer: Tokenizer, recipe: Recipe, seed: int) -> np.ndarray:
    """Train one table, float32 [pieces, dimension]."""
    rng = np.random.default_rng(seed)
    sources: dict[str, Drawn] = {CLOZE: Cloze(corpus.articles, tokenizer, rng)}
    sources |= {source.name: Pairs(source, tokenizer, rng) for source in corpus.sources if source.questions}
    table = Table(tokenizer, recipe.dimension, seed)
    for stage in recipe.stages:
        counts = {sources[name]: count for name, count in stage.pairs.items() if name in sources}
        train(table, Mixer(counts, recipe.dropout, rng), stage.schedule)
    return table.folded()
