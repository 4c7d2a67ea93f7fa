"""Fit the small networks."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from rag.networks import Network
from training.answering.features import Ranked

_UNITS = 12  # hidden units; 24 do no better on held-out laws
_EPOCHS = 60
_RATE, _DECAY = 0.01, 1e-3  # Adam's step and weight decay
_BATCH = 64  # questions


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


def fit_ranker(items: Sequence[Ranked], columns: tuple[Sequence[str], Sequence[str]], seed: int) -> tuple[Network, Network]:
    """Fit the network of passages and that of “nothing answers” by one softmax over all of them.

    The loss of a question is minus the log of the probability of its gold passages, or of nothing.
    """
    torch.manual_seed(seed)
    passage = _Net(columns[0], np.concatenate([item.passages for item in items]))
    nothing = _Net(columns[1], np.stack([item.question for item in items]))
    optimizer = torch.optim.Adam([*passage.parameters(), *nothing.parameters()], lr=_RATE, weight_decay=_DECAY)
    steps = _EPOCHS * (len(items) // _BATCH + 1)
    decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, steps)
    order = torch.Generator().manual_seed(seed)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(items), generator=order).split(_BATCH):
            optimizer.zero_grad()
            loss = _listwise([items[i] for i in batch.tolist()], passage, nothing)
            loss.backward()
            optimizer.step()
            decay.step()
    return passage.export(), nothing.export()


def _listwise(items: Sequence[Ranked], passage: _Net, nothing: _Net) -> torch.Tensor:
    widest = max(len(item.gold) for item in items)
    sizes = torch.tensor([len(item.gold) for item in items])
    values = passage(torch.tensor(np.concatenate([item.passages for item in items])))
    grid = torch.full((len(items), widest + 1), -torch.inf)
    inside = torch.arange(widest)[None, :] < sizes[:, None]
    grid[:, :widest][inside] = values
    grid[:, widest] = nothing(torch.tensor(np.stack([item.question for item in items])))
    gold = torch.zeros_like(grid, dtype=torch.bool)
    gold[:, :widest][inside] = torch.tensor(np.concatenate([item.gold for item in items]))
    gold[:, widest] = ~gold.any(dim=1)
    weights = torch.tensor([item.weight for item in items])
    logs = torch.log_softmax(grid, dim=1).masked_fill(~gold, -torch.inf)
    return -(torch.logsumexp(logs, dim=1) * weights).sum() / weights.sum()


def fit_binary(rows: np.ndarray, truth: np.ndarray, columns: Sequence[str], seed: int) -> Network:
    """Fit a network to yes and no, float32 [rows, inputs] and bool [rows]."""
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
