"""Measure a library of thousands of laws, from files to answers, and write docs/scale.md: `python -m bench.scale`.

Every command and the serving process run in processes of their own, so that time and memory are theirs. Prints, last,
one line of JSON.
"""

import argparse
import json
import os
import random
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.serving import Served
from index.settings import ROOT

SHARED = ROOT.parent / "shared"
LAWS = SHARED / "corpora" / "laws.tar.gz"
TARGET = ROOT / "docs" / "scale.md"
ADDED = ROOT / "data" / "policies" / "pudong-fintech-2025.txt"
ADDED_ID = "浦府办〔2025〕29号"
QUESTIONS = 500  # asked of the laws, and as many of the shipped policies
_HEAD = """# 大库的用时和内存

由 `python -m bench.scale` 生成，请勿手改。{files} 份法规，{clauses} 个条款节点；{questions} 个问题取自 `../shared/train`，次序打乱，
先问一遍（冷：条款没有读过），再问一遍（热）。机器：{cores} 个核，测量时的平均负载 {load:.1f}；有别的程序同时运行时，用时偏大，
所以同时列出处理器时间。
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took."""

    seconds: float
    cpu: float  # seconds, user and system
    peak_mb: float  # resident memory at its most; Linux counts that of the process that started it, which has 100 MB
    output: str

    def flat(self, name: str) -> dict[str, float]:
        """Return rounded figures under names that begin with `name`."""
        return {f"{name}_s": round(self.seconds, 2), f"{name}_cpu_s": round(self.cpu, 2), f"{name}_mb": round(self.peak_mb)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything, write the table and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.add_argument("--laws", type=Path, default=LAWS, help="folder or .tar.gz of policy files")
    parser.add_argument("--questions", type=int, default=QUESTIONS, metavar="N")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        figures = measure(unpacked(options.laws, Path(name) / "laws"), Path(name), options.questions)
    options.out.write_text(page(figures), encoding="utf-8")
    print(json.dumps(figures, ensure_ascii=False))


def measure(laws: Path, work: Path, count: int) -> dict[str, float]:
    """Return all figures; indexes are made under `work`."""
    index = work / "index"
    figures: dict[str, float] = {"load_average": os.getloadavg()[0]}
    figures |= (built := run("index", "build", "--policies", laws, "--out", index)).flat("build")
    figures["policies"], figures["clauses"] = counts(built.output)
    figures |= run("index", "build", "--policies", laws, "--out", index).flat("again")
    figures |= run("index", "add", "--out", index, ADDED).flat("add")
    figures |= run("index", "remove", "--out", index, ADDED_ID).flat("remove")
    figures["index_mb"] = round(sum(path.stat().st_size for path in unique(index)) / 1e6)
    figures |= served(index, work, questions("articles_*.jsonl", count), "laws")
    seeds = work / "seeds"
    run("index", "build", "--policies", ADDED.parent, "--out", seeds)
    figures |= served(seeds, work, questions("seeds_*.jsonl", count), "seeds")
    figures |= run("rag", "ask", "--index", seeds, "孵化器能拿到资金支持吗").flat("ask")
    figures["load_average"] = round(max(figures["load_average"], os.getloadavg()[0]), 1)
    return figures


def served(index: Path, work: Path, asked: list[str], name: str) -> dict[str, float]:
    """Return the figures of a process that answers every question twice."""
    (work / "questions.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    cost = run("bench.serving", index, work / "questions.json")
    return Served(**json.loads(cost.output.splitlines()[-1])).flat(name) | {f"{name}_peak_mb": round(cost.peak_mb)}


def run(module: str, *arguments: object) -> Cost:
    """Run a module in a process of its own, without known questions but those that are shipped."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        actions = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
        command = [sys.executable, "-m", module, *map(str, arguments)]
        process = os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - started
        output.seek(0)
        text = output.read().decode()
    if os.waitstatus_to_exitcode(status) not in {0, 3}:  # 3: some files were left out
        raise RuntimeError(f"{command} ended with {status}: {text}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, text)


def questions(files: str, count: int) -> list[str]:
    """Return training questions in an order of no meaning, always the same."""
    lines = (line for path in sorted((SHARED / "train").glob(files)) for line in path.open(encoding="utf-8"))
    found = sorted({json.loads(line)["q"] for line in lines})
    return random.Random(7).sample(found, min(count, len(found)))


def unpacked(laws: Path, folder: Path) -> Path:
    """Return a folder of policy files, unpacked if need be."""
    if laws.is_dir():
        return laws
    with tarfile.open(laws) as tar:
        tar.extractall(folder, filter="data")
    return folder


def counts(output: str) -> tuple[int, int]:
    """Return policies and clauses from what a build prints.

    Example: "3404 份政策，169347 个条款节点，…" -> (3404, 169347)
    """
    policies, clauses = output.splitlines()[-1].split("，")[:2]
    return int(policies.split()[0]), int(clauses.split()[0])


def unique(root: Path) -> Iterable[Path]:
    """Yield the files under a folder, one that has several names once."""
    return {path.stat().st_ino: path for path in root.rglob("*") if path.is_file()}.values()


# What is measured, its key, its unit, and what it should be at most; "" for no aim.
ROWS = (
    ("建索引，用时", "build_s", "秒", 240),
    ("建索引，处理器时间", "build_cpu_s", "秒", ""),
    ("建索引，内存峰值", "build_mb", "MB", 2000),
    ("没有变化时再建一次", "again_s", "秒", 15),
    ("加入一份", "add_s", "秒", 3),
    ("加入一份，处理器时间", "add_cpu_s", "秒", ""),
    ("移出一份", "remove_s", "秒", ""),
    ("索引大小（两代）", "index_mb", "MB", ""),
    ("载入", "laws_load_s", "秒", 6),
    ("载入，处理器时间", "laws_load_cpu_s", "秒", ""),
    ("问题到排好的条款，冷，中位数", "laws_cold_ranked_p50_ms", "毫秒", ""),
    ("问题到排好的条款，冷，第 95 百分位", "laws_cold_ranked_p95_ms", "毫秒", 15),
    ("问题到排好的条款，热，第 95 百分位", "laws_warm_ranked_p95_ms", "毫秒", 15),
    ("问题到答案，冷，中位数", "laws_cold_answer_p50_ms", "毫秒", ""),
    ("问题到答案，冷，第 95 百分位", "laws_cold_answer_p95_ms", "毫秒", 60),
    ("问题到答案，热，第 95 百分位", "laws_warm_answer_p95_ms", "毫秒", 60),
    ("问题到答案，冷，处理器时间第 95 百分位", "laws_cold_cpu_p95_ms", "毫秒", ""),
    ("问题到答案，热，处理器时间第 95 百分位", "laws_warm_cpu_p95_ms", "毫秒", ""),
    ("服务进程的内存，问过两遍之后", "laws_rss_mb", "MB", 1000),
    ("其中不是文件映射的", "laws_anonymous_mb", "MB", ""),
    ("五份自带政策：载入", "seeds_load_s", "秒", ""),
    ("五份自带政策：问题到答案，冷，中位数", "seeds_cold_answer_p50_ms", "毫秒", ""),
    ("五份自带政策：问题到答案，冷，第 95 百分位", "seeds_cold_answer_p95_ms", "毫秒", ""),
    ("五份自带政策：问题到答案，冷，处理器时间第 95 百分位", "seeds_cold_cpu_p95_ms", "毫秒", ""),
    ("五份自带政策：`rag ask` 一次", "ask_s", "秒", ""),
    ("五份自带政策：`rag ask` 内存峰值", "ask_mb", "MB", 400),
)


def page(figures: dict[str, float]) -> str:
    """Return the page in Markdown."""
    head = _HEAD.format(
        files=figures["policies"], clauses=figures["clauses"], questions=figures["laws_questions"],
        cores=len(os.sched_getaffinity(0)), load=figures["load_average"],
    )  # fmt: skip
    lines = [f"| {name} | {figures[key]:g} {unit} | {f'{most} {unit}' if most else ''} |" for name, key, unit, most in ROWS]
    return "\n".join([head, "| | 测得 | 目标不超过 |", "|---|---|---|", *lines, ""])


if __name__ == "__main__":
    main()
