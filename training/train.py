"""The contrastive loop: each query finds its passage among the batch's, each passage its query."""

import logging
import time
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from training.batches import Batch, Mixer
from training.table import Table

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to train."""

    steps: int
    rate: float  # Adam's learning rate at the start; falls to 0 in a straight line
    temperature: float = 0.065  # of the softmax over cosines; 0.05 to 0.07 differ by 0.01 at most, 0.03 is worse


def train(table: Table, mixer: Mixer, schedule: Schedule) -> None:
    """Fit the table in place."""
    optimizer = torch.optim.Adam([table.rows], lr=schedule.rate, fused=True)
    decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, schedule.steps)
    started, total = time.monotonic(), 0.0
    for step in range(1, schedule.steps + 1):
        table.rows.grad.zero_()
        total += _step(table, mixer.draw(), schedule.temperature)
        optimizer.step()
        decay.step()
        if step % 100 == 0:
            logger.info("step %d of %d: loss %.3f, %.0f s", step, schedule.steps, total / 100, time.monotonic() - started)
            total = 0.0


def _step(table: Table, batch: Batch, temperature: float) -> float:
    """Add one batch's gradient to the table; return the loss."""
    query_bags, passage_bags = table.bags(batch.queries), table.bags(batch.passages)
    queries, passages = table.forward(query_bags), table.forward(passage_bags)
    scores = functional.normalize(queries) @ functional.normalize(passages).T / temperature
    scores = scores.masked_fill(positives_elsewhere(batch), -torch.inf)
    target = torch.arange(len(scores))
    loss = (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2
    loss.backward()
    table.backward(query_bags, queries)
    table.backward(passage_bags, passages)
    return loss.item()


def positives_elsewhere(batch: Batch) -> torch.Tensor:
    """Return where a passage answers a query whose pair it is not, bool [n, n]."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(batch.keys))}
    keys = np.array([numbers[key] for key in batch.keys])
    others = keys[None, :] == keys[:, None]
    for row, golds in enumerate(batch.golds):
        for gold in golds if len(golds) > 1 else ():
            others[row] |= keys == numbers.get(gold, -1)
    np.fill_diagonal(others, False)
    return torch.from_numpy(others)
