"""Find the articles that answer lay questions: `python -m bench.statutes QUESTIONS.jsonl`.

Questions are lines `{"id", "question", "gold": [article ids]}`, the corpus lines `{"id", "text"}`. Prints a table,
and last one line of JSON keyed by leg. Each leg runs in a process of its own, so that its memory is its own.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bench.legs import LEGS
from index.settings import ROOT

CORPUS = ROOT.parent / "shared" / "corpora" / "statutes" / "corpus.jsonl.gz"
CUTS = (5, 10, 100)


@dataclass(frozen=True, slots=True)
class Result:
    """Means over the questions, and what they cost."""

    recalls: dict[str, float]  # share of a question's articles among the first 5, 10, 100
    mrr: float
    index_s: float  # from texts to a searchable index, model loading included
    query_p50_ms: float
    query_p95_ms: float
    rss_mb: float  # resident memory of the process after the last question

    def flat(self) -> dict[str, float]:
        """Return one level of rounded figures."""
        figures = asdict(self)
        return {name: round(value, 4) for name, value in (figures.pop("recalls") | figures).items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every leg and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.statutes", description=__doc__)
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="JSON lines, .gz or plain")
    parser.add_argument("--encoder", default="", help="folder of another model")
    options = parser.parse_args(arguments)
    context = multiprocessing.get_context("spawn")
    results = {}
    for name in LEGS:
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            result = pool.submit(measure, name, options.questions, options.corpus, options.encoder).result()
        results[name] = result.flat()
        print(name, *(f"{key} {value:g}" for key, value in results[name].items()), sep="  ", flush=True)
    print(json.dumps(results, ensure_ascii=False))


def measure(leg: str, questions: Path, corpus: Path, encoder: str) -> Result:
    """Index the corpus for one leg and ask every question."""
    rows = read_lines(corpus)
    ids, texts = [row["id"] for row in rows], [row["text"] for row in rows]
    started = time.perf_counter()
    search: Callable[[str], np.ndarray] = LEGS[leg](ids, texts, encoder)
    index_s = time.perf_counter() - started
    numbers = {key: number for number, key in enumerate(ids)}
    measures, times = [], []
    for row in read_lines(questions):
        gold = {numbers[key] for key in row["gold"] if key in numbers}
        if not gold:
            continue
        started = time.perf_counter()
        ranked = search(row["question"])
        times.append((time.perf_counter() - started) * 1000)
        measures.append(ranking(ranked.tolist(), gold))
    *recalls, mrr = np.mean(measures, axis=0).tolist()
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    names = [f"recall@{cut}" for cut in CUTS]
    return Result(dict(zip(names, recalls, strict=True)), mrr, index_s, statistics.median(times), p95, _rss_mb())


def read_lines(path: Path) -> list[dict]:
    """Read JSON lines, packed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def ranking(ranked: Sequence[int], gold: set[int]) -> tuple[float, ...]:
    """Return recall at each cut and the reciprocal rank.

    Example: ranked [7, 3], gold {3} -> (1.0, 1.0, 1.0, 0.5)
    """
    recalls = [len(gold & set(ranked[:cut])) / len(gold) for cut in CUTS]
    return *recalls, next((1 / rank for rank, number in enumerate(ranked, 1) if number in gold), 0.0)


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
