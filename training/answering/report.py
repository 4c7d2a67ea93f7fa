"""Cross-validate the ranker and print what it achieves."""

from collections.abc import Sequence

import numpy as np

from rag.features import PASSAGE, QUESTION
from rag.networks import Network
from training.answering.features import Ranked
from training.answering.fit import fit_ranker

_FOLDS = 2


def report(items: Sequence[tuple[str, Ranked]], seed: int) -> None:
    """Print recall, MRR and the separation of answered from unanswered by world, each question judged unseen."""
    order = np.random.default_rng(seed).permutation(len(items))
    judged: dict[str, list[tuple[Ranked, np.ndarray, float]]] = {}
    for fold in range(_FOLDS):
        rest = [items[i][1] for i in order if i % _FOLDS != fold]
        passage, nothing = fit_ranker(rest, (PASSAGE, QUESTION), seed)
        for i in order[order % _FOLDS == fold]:
            name, item = items[i]
            judged.setdefault(name, []).append((item, *judge(item, passage, nothing)))
    for name, rows in judged.items():
        print(name, {key: round(value, 3) for key, value in figures(rows).items()})


def judge(item: Ranked, passage: Network, nothing: Network) -> tuple[np.ndarray, float]:
    """Return the values of the candidates and the probability that one of them answers."""
    values = passage(item.passages)
    everything = np.concatenate([values, nothing(item.question[None, :])])
    exponents = np.exp(everything - everything.max())
    return values, 1.0 - float(exponents[-1] / exponents.sum())


def figures(rows: Sequence[tuple[Ranked, np.ndarray, float]]) -> dict[str, float]:
    """Return recall@1, recall@5, MRR, the AUC of the probability and the accuracy of deciding at one half."""
    ranks = [int((values > values[item.gold].max()).sum()) + 1 for item, values, _ in rows if item.gold.any()]
    yes = np.array([p for item, _, p in rows if item.gold.any()])
    no = np.array([p for item, _, p in rows if not item.gold.any()])
    wins = (yes[:, None] > no[None, :]).mean() if len(yes) and len(no) else float("nan")
    return {
        "questions": len(rows),
        "recall@1": float(np.mean(np.array(ranks) <= 1)),
        "recall@5": float(np.mean(np.array(ranks) <= 5)),
        "mrr": float(np.mean(1 / np.array(ranks))),
        "auc": float(wins),
        "answered_kept": float((yes >= 0.5).mean()) if len(yes) else float("nan"),
        "nothing_kept": float((no < 0.5).mean()) if len(no) else float("nan"),
    }
