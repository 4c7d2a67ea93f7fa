"""Answer questions as a server does, and print what it took: `python -m bench.serving INDEX QUESTIONS.json`."""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rag.pipeline import Pipeline
from rag.settings import load_settings

_TO_RANKED = ("route", "read", "search")  # steps from the question to ranked passages


@dataclass(frozen=True, slots=True)
class Served:
    """What answering took."""

    questions: int
    load_s: float
    load_cpu_s: float
    cold_ranked_p50_ms: float
    cold_ranked_p95_ms: float
    cold_answer_p50_ms: float
    cold_answer_p95_ms: float
    cold_cpu_p95_ms: float
    warm_ranked_p50_ms: float
    warm_ranked_p95_ms: float
    warm_answer_p50_ms: float
    warm_answer_p95_ms: float
    warm_cpu_p95_ms: float
    rss_mb: float  # after the last question
    anonymous_mb: float  # of that, what maps no file

    def flat(self, name: str) -> dict[str, float]:
        """Return rounded figures under names that begin with `name`."""
        return {f"{name}_{key}": round(value, 2) for key, value in asdict(self).items()}


def main() -> None:
    """Load the index, ask every question twice and print the figures as JSON."""
    index, questions = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    started, used = time.perf_counter(), time.process_time()
    settings = load_settings()
    pipeline = Pipeline.load(replace(settings, index=replace(settings.index, index=index)))
    loaded = {"load_s": time.perf_counter() - started, "load_cpu_s": time.process_time() - used}
    cold, warm = asked(pipeline, questions, "cold"), asked(pipeline, questions, "warm")
    memory = {"rss_mb": status("VmRSS"), "anonymous_mb": status("RssAnon")}
    print(json.dumps(asdict(Served(questions=len(questions), **loaded, **cold, **warm, **memory))))


def asked(pipeline: Pipeline, questions: Sequence[str], name: str) -> dict[str, float]:
    """Return the milliseconds that the questions took, under names that begin with `name`."""
    ranked, answer, cpu = [], [], []
    for question in questions:
        started, used = time.perf_counter(), time.process_time()
        steps = pipeline.ask(question).steps
        answer.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - used) * 1000)
        ranked.append(sum(step.milliseconds for step in steps if step.name in _TO_RANKED))
    figures = {}
    for kind, times in (("ranked", ranked), ("answer", answer)):
        figures[f"{name}_{kind}_p50_ms"] = statistics.median(times)
        figures[f"{name}_{kind}_p95_ms"] = statistics.quantiles(times, n=20)[-1]
    return figures | {f"{name}_cpu_p95_ms": statistics.quantiles(cpu, n=20)[-1]}


def status(field: str) -> float:
    """Return a field of this process's memory in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1000


if __name__ == "__main__":
    main()
