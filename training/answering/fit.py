"""Fit the small networks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from rag.networks import Network
from training.answering.features import Ranked

_UNITS = 24  # hidden units; 12 do a little worse on cases left out
# Networks fitted from different seeds, whose mean counts: with one, refits moved the right answers of a gold set of 120 by up
# to four points.
_MEMBERS = 4
_EPOCHS = 25
_RATE, _DECAY = 0.01, 1e-3  # Adam's step and weight decay
_BATCH = 128  # questions


class _Net(nn.Module):
    """What `rag.networks.Network` computes, in torch."""

    def __init__(self, columns: Sequence[str], rows: np.ndarray) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.mean = torch.tensor(rows.mean(axis=0))
        self.scale = torch.tensor(np.where(rows.std(axis=0) > 1e-6, rows.std(axis=0), 1.0))
        self.hidden = nn.Linear(len(columns), _UNITS)
        self.out = nn.Linear(_UNITS, 1, bias=False)
        self.bypass = nn.Linear(len(columns), 1)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        inputs = ((rows - self.mean) / self.scale).clip(-4, 4)
        return (self.out(torch.tanh(self.hidden(inputs))) + self.bypass(inputs)).squeeze(-1)

    def export(self) -> Network:
        """Return the weights as the program runs them."""
        return Network(
            columns=self.columns,
            mean=self.mean.numpy(),
            scale=self.scale.numpy(),
            hidden=self.hidden.weight.detach().numpy().T.copy(),
            hidden_bias=self.hidden.bias.detach().numpy(),
            output=self.out.weight.detach().numpy()[0],
            bypass=self.bypass.weight.detach().numpy()[0],
            bias=self.bypass.bias.detach().numpy()[0],
        )


def mean(networks: Sequence[Network]) -> Network:
    """Return one network that gives the mean of what `networks` give; they were fitted to the same rows.

    Its hidden units are theirs side by side.
    """
    first, count = networks[0], np.float32(len(networks))
    return replace(
        first,
        hidden=np.concatenate([network.hidden for network in networks], axis=1),
        hidden_bias=np.concatenate([network.hidden_bias for network in networks]),
        output=np.concatenate([network.output for network in networks]) / count,
        bypass=np.mean([network.bypass for network in networks], axis=0),
        bias=np.mean([network.bias for network in networks], axis=0),
    )


def fit_ranker(items: Sequence[Ranked], columns: tuple[Sequence[str], Sequence[str]], seed: int) -> tuple[Network, Network]:
    """Fit the network of passages and that of “nothing answers” by one softmax over all of them.

    The loss of a question is minus the log of the probability of its gold passages, or of nothing.
    """
    grid = _Grid.of(items)
    pairs = [_fit_ranker(items, grid, columns, seed + number) for number in range(_MEMBERS)]
    return mean([passage for passage, _ in pairs]), mean([nothing for _, nothing in pairs])


def _fit_ranker(
    items: Sequence[Ranked], grid: "_Grid", columns: tuple[Sequence[str], Sequence[str]], seed: int
) -> tuple[Network, Network]:
    torch.manual_seed(seed)
    passage = _Net(columns[0], np.concatenate([item.passages for item in items]))
    nothing = _Net(columns[1], grid.questions.numpy())
    optimizer = torch.optim.Adam([*passage.parameters(), *nothing.parameters()], lr=_RATE, weight_decay=_DECAY)
    decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, _EPOCHS * (len(items) // _BATCH + 1))
    order = torch.Generator().manual_seed(seed)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(items), generator=order).split(_BATCH):
            optimizer.zero_grad()
            values = passage(grid.passages[batch]).masked_fill(~grid.inside[batch], -torch.inf)
            everything = torch.cat([values, nothing(grid.questions[batch])[:, None]], dim=1)
            logs = torch.log_softmax(everything, dim=1).masked_fill(~grid.gold[batch], -torch.inf)
            weights = grid.weights[batch]
            (-(torch.logsumexp(logs, dim=1) * weights).sum() / weights.sum()).backward()
            optimizer.step()
            decay.step()
    return passage.export(), nothing.export()


@dataclass(frozen=True, slots=True)
class _Grid:
    """Questions as tensors, candidates padded to the widest."""

    passages: torch.Tensor  # float32 [questions, widest, inputs]
    questions: torch.Tensor  # float32 [questions, inputs]
    inside: torch.Tensor  # bool [questions, widest]: a candidate, not padding
    gold: torch.Tensor  # bool [questions, widest + 1]; the last is “nothing answers”
    weights: torch.Tensor  # float32 [questions]

    @classmethod
    def of(cls, items: Sequence[Ranked]) -> "_Grid":
        widest, inputs = max(len(item.gold) for item in items), items[0].passages.shape[1]
        passages = torch.zeros(len(items), widest, inputs)
        inside = torch.zeros(len(items), widest, dtype=torch.bool)
        gold = torch.zeros(len(items), widest + 1, dtype=torch.bool)
        for row, item in enumerate(items):
            count = len(item.gold)
            passages[row, :count] = torch.from_numpy(item.passages)
            inside[row, :count] = True
            gold[row, :count] = torch.from_numpy(item.gold)
            gold[row, widest] = not item.gold.any()
        questions = torch.from_numpy(np.stack([item.question for item in items]))
        return cls(passages, questions, inside, gold, torch.tensor([item.weight for item in items]))


def fit_binary(rows: np.ndarray, truth: np.ndarray, columns: Sequence[str], seed: int) -> Network:
    """Fit a network to yes and no, float32 [rows, inputs] and bool [rows]."""
    return mean([_fit_binary(rows, truth, columns, seed + number) for number in range(_MEMBERS)])


def _fit_binary(rows: np.ndarray, truth: np.ndarray, columns: Sequence[str], seed: int) -> Network:
    torch.manual_seed(seed)
    net = _Net(columns, rows)
    optimizer = torch.optim.Adam(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    inputs, wanted = torch.tensor(rows), torch.tensor(truth.astype(np.float32))
    order = torch.Generator().manual_seed(seed)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(rows), generator=order).split(4 * _BATCH):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(net(inputs[batch]), wanted[batch]).backward()
            optimizer.step()
    return net.export()
