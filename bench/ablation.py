"""Measure each leg and each step of retrieval, alone and together: `python -m bench.ablation` writes docs/retrieval.md."""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.answers import GoldSet, gold_sets
from bench.typos import mistyped
from index.build import build
from index.encoder import load_encoder
from index.settings import ROOT, IndexSettings, environment
from rag import evaluate, reader
from rag.features import PASSAGE
from rag.networks import Network
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.spelling import Speller
from rag.types import Turn

TARGET = ROOT / "docs" / "retrieval.md"
RRF = 60  # the constant of reciprocal rank fusion (Cormack et al. 2009), ranks from 1
_SEED = 20251120  # of the mistyped questions
_HEAD = """# 检索：各路单独与合用

由 `python -m bench.ablation` 生成，请勿手改。每格是 recall@1 / recall@5 / MRR；只算有答案的题。
`dev` 是开发时看的题，其余三套没有用来训练（`docs/evaluation.md` 说明了看过它们总分的地方）。`laws` 和 `subsidy` 没有已知问题可用。
"""
# Columns of the ranker that belong together, by what is taken away when they are held at their mean.
_GROUPS = {
    "不用已知问题": ("question", "question_gap"),
    "不用 BM25": ("sparse", "sparse_gap"),
    "不用向量": ("dense", "dense_gap"),
    "不用逐词匹配": ("cover", "cover_least", "sentence_cover", "sentence_cosine", "heading_cover", "title_cover"),
    "不用点名的政策与地名": ("named", "named_other", "foreign"),
    "不用上文引用的条款": ("previous_clause", "previous_policy"),
    "不用条款种类": ("header", "preamble", "closing", "asks_header"),
}
Order = Callable[[Pipeline, str, tuple[Turn, ...]], list[str]]


@dataclass(frozen=True, slots=True)
class Without:
    """A ranker's network that sees some of its inputs at their mean only."""

    network: Network
    columns: tuple[int, ...]

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return the values of rows with the columns held."""
        held = rows.copy()
        held[:, self.columns] = self.network.mean[list(self.columns)]
        return self.network(held)


def leg(name: str) -> Order:
    """Return the order that one leg gives to the candidates."""

    def order(pipeline: Pipeline, question: str, turns: tuple[Turn, ...]) -> list[str]:
        candidates = pipeline.searcher.candidates(pipeline.reader.read(question, turns))
        return [candidates.clauses[row].id for row in np.argsort(-getattr(candidates.legs, name), kind="stable")]

    return order


def fused(pipeline: Pipeline, question: str, turns: tuple[Turn, ...]) -> list[str]:
    """Return the order of BM25 and dense by reciprocal rank fusion."""
    points: dict[str, float] = {}
    for name in ("sparse", "dense"):
        for rank, clause_id in enumerate(leg(name)(pipeline, question, turns), start=1):
            points[clause_id] = points.get(clause_id, 0.0) + 1 / (RRF + rank)
    return sorted(points, key=points.__getitem__, reverse=True)


def learned(pipeline: Pipeline, question: str, turns: tuple[Turn, ...]) -> list[str]:
    """Return the order of the fitted ranker."""
    ranking = pipeline.searcher.search(pipeline.reader.read(question, turns))
    return [passage.clause.id for passage in ranking.passages]


def variants(pipeline: Pipeline) -> Iterator[tuple[str, Pipeline, Order]]:
    """Yield the name, the pipeline and the order of each row of the table."""
    yield "BM25", pipeline, leg("sparse")
    yield "向量", pipeline, leg("dense")
    yield "已知问题", pipeline, leg("question")
    yield "BM25 + 向量（RRF）", pipeline, fused
    yield "全部（学得的融合）", pipeline, learned
    for name, columns in _GROUPS.items():
        without = pipeline.searcher.with_passage_network(
            lambda network, columns=columns: Without(network, tuple(PASSAGE.index(c) for c in columns))
        )
        yield name, pipeline.with_searcher(without), learned
    yield "不看上文", pipeline, lambda p, question, turns: learned(p, question, ())


def figures(pipeline: Pipeline, order: Order, rows: Sequence[dict]) -> str:
    """Return recall@1, recall@5 and MRR of an order."""
    judged = []
    for row in rows:
        turns = tuple(Turn(turn["role"], turn["content"]) for turn in row["history"])
        answer = {"citations": [], "answer": "", "latency_ms": 0, "status": "answered"}
        judged.append(evaluate.judge(row, answer | {"retrieved": order(pipeline, row["question"], turns)}, {}))
    names = ("recall@1", "recall@5", "reciprocal_rank")
    return " / ".join(f"{np.mean([row[name] for row in judged]):.3f}" for name in names)


def table(gold: GoldSet, index: Path) -> dict[str, str]:
    """Return the figures of every variant on one set."""
    settings = replace(IndexSettings.load(environment()), policies=gold.policies, index=index)
    build(settings, load_encoder(settings.encoder))
    pipeline = Pipeline.load(replace(load_settings(), index=settings))
    rows = [row for row in evaluate.read_lines(gold.questions) if row["type"] != "unanswerable"]
    found = {name: figures(changed, order, rows) for name, changed, order in variants(pipeline)}
    translate, reader.translate = reader.translate, lambda question: ""
    found["不译英文词"] = figures(pipeline, learned, rows)
    reader.translate = translate
    rng = random.Random(_SEED)
    rows = [row | {"question": mistyped(row["question"], rng)} for row in rows]
    found["每题错一个同音字"] = figures(pipeline, learned, rows)
    spelt, Speller.spelt = Speller.spelt, lambda speller, question: question
    found["每题错一个同音字，不纠正"] = figures(pipeline, learned, rows)
    Speller.spelt = spelt
    return found


def main() -> None:
    """Measure every set, print the table and write it."""
    parser = argparse.ArgumentParser(prog="python -m bench.ablation", description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "laws").mkdir()
        tables = {gold.name: table(gold, folder / f"index-{gold.name}") for gold in gold_sets(folder / "laws")}
    lines = ["| | " + " | ".join(tables) + " |", "|---" * (len(tables) + 1) + "|"]
    for row in next(iter(tables.values())):
        lines.append(f"| {row} | " + " | ".join(found[row] for found in tables.values()) + " |")
    print("\n".join(lines))
    options.out.write_text(f"{_HEAD}\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
