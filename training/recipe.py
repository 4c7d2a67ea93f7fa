"""Data in, model folder out: the recipe and its numbers."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from training.batches import Cloze, Mixer, Pairs
from training.data import Corpus
from training.export import export
from training.table import Table
from training.tokenizer import build_tokenizer, count_words
from training.train import Schedule, train

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a training run; the figures behind them are in docs/retrieval-training.md."""

    pieces: int = 60_000  # at most; what the corpora hold of frequent words is about half
    dimension: int = 512
    schedule: Schedule = field(default_factory=lambda: Schedule(steps=1000, rate=0.01))
    dropout: float = 0.1  # share of a text's pieces left out
    cloze: int = 768  # pairs of a batch
    pairs: Mapping[str, int] = field(  # pairs of a batch by source
        default_factory=lambda: {"statutes": 64, "articles": 160, "own": 32, "seeds": 64}
    )
    seed: int = 20251120
    threads: int = 2


def make(corpus: Corpus, recipe: Recipe, folder: Path) -> None:
    """Train a model and write it to `folder`."""
    started = time.monotonic()
    torch.set_num_threads(recipe.threads)
    rng = np.random.default_rng(recipe.seed)
    tokenizer = build_tokenizer(count_words(corpus.texts(), recipe.threads), recipe.pieces)
    logger.info("%d pieces after %.0f s", tokenizer.get_vocab_size(), time.monotonic() - started)
    sources = {Cloze(corpus.articles, tokenizer, rng): recipe.cloze}
    for source in corpus.sources:
        if source.questions and recipe.pairs[source.name]:
            sources[Pairs(source, tokenizer, rng)] = recipe.pairs[source.name]
    table = Table(tokenizer, recipe.dimension, recipe.seed)
    train(table, Mixer(sources, recipe.dropout, rng), recipe.schedule)
    export(folder, tokenizer, table.folded())
    logger.info("%s written after %.0f s", folder, time.monotonic() - started)
