"""Cross-validate the ranker: print what it achieves, and write docs/calibration.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rag.drafting import ANSWERABLE, RELEVANT
from rag.features import PASSAGE, QUESTION
from rag.networks import Network
from training.answering.features import Ranked
from training.answering.fit import fit_ranker

_FOLDS = 2
_BINS = 10
# A question, the values of its candidates, the probability of an answer, and that of being on the matter at all.
Judged = tuple[Ranked, np.ndarray, float, float]
_UNSTATED = QUESTION.index("unstated")
_HEAD = """# “能不能回答”的概率准不准

由 `python -m training.answering` 生成，请勿手改。程序给每个问题一个概率：查到的条款里有没有能回答它的。下表用训练时没有见过的
问题检查（两折交叉验证，向量模型也没有见过这些问题）：把问题按概率分档，看每一档里真有答案的占多少。越接近档位的中间值越准。
"""
_THRESHOLDS = f"""文件讲不讲这件事的概率（relevance，见 [0013](decisions/0013-relevance-and-answer.md)）不到 {RELEVANT}，就说“没有找到”；
够了，但能回答的概率不到 {ANSWERABLE}，引文只作为最接近的原文给出。下表里，answered 和 quoted 是有答案的题里过了这两道门槛的，
not_found 和 not_answered 是没有答案的题里没有过的；没有答案的题里有一部分是相关而没有写明的，引最接近的原文并不算错。"""


def cross_validated(items: Sequence[tuple[str, Ranked]], seed: int) -> dict[str, list[Judged]]:
    """Return the questions of each world, each judged by networks that have not seen it."""
    order = np.random.default_rng(seed).permutation(len(items))
    judged: dict[str, list[Judged]] = {}
    for fold in range(_FOLDS):
        rest = [items[i][1] for i in order[order % _FOLDS != fold]]
        passage, nothing = fit_ranker(rest, (PASSAGE, QUESTION), seed)
        for i in order[order % _FOLDS == fold]:
            name, item = items[i]
            judged.setdefault(name, []).append((item, *judge(item, passage, nothing)))
    return judged


def judge(item: Ranked, passage: Network, nothing: Network) -> tuple[np.ndarray, float, float]:
    """Return the values of the candidates, the probability that one of them answers, and that they are on the matter."""
    values = passage(item.passages)
    stated = item.question.copy()
    stated[_UNSTATED] = 0.0
    answers, relevance = (_something(values, odds) for odds in nothing(np.stack([item.question, stated])))
    return values, answers, relevance


def _something(values: np.ndarray, nothing: float) -> float:
    everything = np.append(values, nothing)
    exponents = np.exp(everything - everything.max())
    return 1.0 - float(exponents[-1] / exponents.sum())


def figures(rows: Sequence[Judged]) -> dict[str, float]:
    """Return recall@1, recall@5, MRR, the AUC of the probability and the accuracy of deciding at the threshold."""
    ranks = np.array([int((values > values[item.gold].max()).sum()) + 1 for item, values, _, _ in rows if item.gold.any()])
    yes = np.array([p for item, _, p, _ in rows if item.gold.any()])
    no = np.array([p for item, _, p, _ in rows if not item.gold.any()])
    on = np.array([relevance for item, _, _, relevance in rows if item.gold.any()])
    off = np.array([relevance for item, _, _, relevance in rows if not item.gold.any()])
    return {
        "questions": len(rows),
        "recall@1": float((ranks <= 1).mean()),
        "recall@5": float((ranks <= 5).mean()),
        "mrr": float((1 / ranks).mean()),
        "auc": float((yes[:, None] > no[None, :]).mean()) if len(no) else float("nan"),
        "answered": float((yes >= ANSWERABLE).mean()),
        "quoted": float((on >= RELEVANT).mean()),
        "not_found": float((off < RELEVANT).mean()) if len(off) else float("nan"),
        "not_answered": float((no < ANSWERABLE).mean()) if len(no) else float("nan"),
    }


def write_calibration(judged: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """Write the curve for the seed policies and for the laws, and the figures by world."""
    worlds = {"五份方案": [name for name in judged if name == "seeds"], "其他法规": [n for n in judged if n != "seeds"]}
    curves = {title: _curve([row for name in names for row in judged[name]]) for title, names in worlds.items()}
    lines = ["| 概率 | " + " | ".join(f"{title}：问题数 | 真有答案" for title in curves) + " |"]
    lines.append("|---" * (1 + 2 * len(curves)) + "|")
    for number in range(_BINS):
        cells = " | ".join(curve[number] for curve in curves.values())
        lines.append(f"| {number / _BINS:.1f}–{(number + 1) / _BINS:.1f} | {cells} |")
    lines += ["", _THRESHOLDS, ""]
    tables = {name: figures(rows) for name, rows in judged.items()}
    columns = list(next(iter(tables.values())))
    lines += ["| 文件组 | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, table in sorted(tables.items()):
        lines.append(f"| {name} | " + " | ".join(f"{table[c]:.3f}" if c != "questions" else str(table[c]) for c in columns) + " |")
    path.write_text(f"{_HEAD}\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _curve(rows: Sequence[Judged]) -> list[str]:
    bins: list[list[bool]] = [[] for _ in range(_BINS)]
    for item, _, probability, _ in rows:
        bins[min(int(probability * _BINS), _BINS - 1)].append(bool(item.gold.any()))
    return [f"{len(inside)} | {np.mean(inside):.2f}" if inside else "0 | –" for inside in bins]
