"""Word answers by models that copy and models that lie, and write docs/worded.md: `python -m bench.worded [--every N]`.

The models are stand-ins: each makes its reply from the clauses that it is given. How well a real model words is not
measured here; what is, is how much of a faithful reply is shown, and how much of a false one.
"""

import argparse
import logging
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.answers import SHARED
from index.settings import ROOT
from rag import evaluate
from rag.__main__ import answered
from rag.draft import drafted
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.types import Answer, Turn
from tests.scripted_model import worded

TARGET = ROOT / "docs" / "worded.md"
_CLAUSE = re.compile(r"\[(\d+)\]（[^\n]*\n<条款>\n(.*?)\n</条款>", re.DOTALL)
_SENTENCES = 8  # of each clause, its heading aside
_HEADING = re.compile(r"\d{1,2}[．.、]|[（(]?[一二三四五六七八九十]+[）)、]")
_FIGURE = re.compile(r"\d+")
_TURNED = (("给予", "不给予"), ("可以", "不得"), ("支持", "不支持"), ("鼓励", "禁止"), ("不得", "可以"), ("应当", "不必"))
Sentence = tuple[str, int]  # words without their stop, number of the clause
_HEAD = """# 模型措辞的答案

由 `python -m bench.worded` 生成，请勿手改。没有用真的大模型：下面的“模型”是替身，照着交给它的条款写，每条写前八句，标题不写。
照抄的替身说明核对会误删多少对的句子；说谎的替身把每一句改错一处，说明错的句子有多少漏过核对显示出来。
改错的句子里，恰好仍与条款相符的也算漏过。核对对转述的句子判得怎样，见 [verifier.md](verifier.md)。
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What one stand-in told over all questions, and what was shown of it."""

    told: int
    shown: int
    asked: int
    generated: int


def material(prompt: str) -> list[list[Sentence]]:
    """Return the first sentences of each clause of a prompt."""
    found = []
    for number, text in _CLAUSE.findall(prompt):
        parts = (one.strip() for one in re.split(r"(?<=。)|\n", text))
        body = [one.rstrip("。") for one in parts if one.endswith("。") and not _HEADING.match(one)]
        found.append([(one, int(number)) for one in body[:_SENTENCES]])
    return found


def copies(clauses: list[list[Sentence]]) -> list[Sentence]:
    """Say what the clauses say."""
    return [sentence for clause in clauses for sentence in clause]


def other_numbers(clauses: list[list[Sentence]]) -> list[Sentence]:
    """Change each figure of the sentences that have one."""
    changed = ((_FIGURE.sub(lambda match: str(int(match.group()) * 2 + 3), text), n) for text, n in copies(clauses))
    return [(text, n) for (text, n), (before, _) in zip(changed, copies(clauses), strict=True) if text != before]


def turned_round(clauses: list[list[Sentence]]) -> list[Sentence]:
    """Say the opposite, where a sentence grants, forbids or demands."""
    found = []
    for text, number in copies(clauses):
        pair = next((pair for pair in _TURNED if pair[0] in text), None)
        if pair:
            found.append((text.replace(*pair, 1), number))
    return found


def other_clauses(clauses: list[list[Sentence]]) -> list[Sentence]:
    """Cite another clause for each sentence."""
    return [(text, n % len(clauses) + 1) for text, n in copies(clauses)] if len(clauses) > 1 else []


STAND_INS: dict[str, Callable[[list[list[Sentence]]], list[Sentence]]] = {
    "照抄": copies,
    "改数字": other_numbers,
    "说反": turned_round,
    "张冠李戴": other_clauses,
}


def measure(pipeline: Pipeline, rows: Sequence[dict[str, Any]], make: Callable, folder: Path) -> Told:
    """Ask every question with a stand-in and count."""
    told: list[list[str]] = []

    def reply(prompt: str) -> str:
        if "<最后一个问题>" in prompt:
            return ""
        sentences = make(material(prompt))
        told.append([drafted(f"{text}[{number}]。").text for text, number in sentences])
        return "".join(f"{text}[{number}]。" for text, number in sentences)

    answering, _ = worded(pipeline, folder, [reply])
    shown = generated = 0
    for row in rows:
        count, answer = len(told), _asked(answering, row)
        if len(told) > count:
            generated += answer.wording == "generated"
            prose = {sentence.text for sentence in answer.draft.prose}
            shown += sum(text in prose for text in told[-1])
    return Told(sum(map(len, told)), shown, len(told), generated)


def _asked(pipeline: Pipeline, row: dict[str, Any]) -> Answer:
    turns = tuple(Turn(turn["role"], turn["content"]) for turn in row.get("history") or ())
    return pipeline.ask(row["question"], turns)


def main() -> None:
    """Write the document."""
    parser = argparse.ArgumentParser(description="替身模型措辞的答案：照抄的显示多少，说谎的漏过多少。")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="每 N 题取一题（默认全部）")
    every = parser.parse_args().every
    logging.disable(logging.WARNING)  # one line for each answer that falls back
    pipeline, lines = Pipeline.load(load_settings()), [_HEAD]
    sets = {"seeds": ROOT / "tests" / "gold" / "seeds.jsonl", "dev": SHARED / "eval" / "dev.jsonl"}
    texts = {clause.id: clause.text for clause in pipeline.store.clauses}
    with tempfile.TemporaryDirectory() as folder:
        for name, path in sets.items():
            if not path.is_file():
                continue
            rows = evaluate.read_lines(path)[::every]
            lines += [f"## {name}，{len(rows)} 题{f'（每 {every} 题取一题）' if every > 1 else ''}\n", "| 替身 | 问了模型 | 用上模型的话 | 写的句子 | 显示的句子 |", "|---|---|---|---|---|"]
            for stand_in, make in STAND_INS.items():
                found = measure(pipeline, rows, make, Path(folder))
                share = f"{found.shown}（{found.shown / max(found.told, 1):.1%}）"
                lines.append(f"| {stand_in} | {found.asked} | {found.generated} | {found.told} | {share} |")
            lines += ["", *_same(pipeline, rows, texts, Path(folder))]
    TARGET.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


def _same(pipeline: Pipeline, rows: Sequence[dict[str, Any]], texts: dict[str, str], folder: Path) -> list[str]:
    """Return the figures that the wording of the copier changes."""

    def table(answering: Pipeline) -> dict[str, Any]:
        return evaluate.summary([evaluate.judge(row, answered(answering, row), texts) for row in rows])

    copier, _ = worded(pipeline, folder, [lambda p: "".join(f"{text}[{n}]。" for text, n in copies(material(p)))])
    before, after = table(pipeline), table(copier)
    lines = ["| 指标 | 原文摘录 | 照抄的替身措辞 |", "|---|---|---|"]
    for name in ("right", "facts", "forbidden_said", "citation_recall", "quotes_verbatim", "answer_chars_median"):
        lines.append(f"| {name} | {before[name]:.3f} | {after[name]:.3f} |")
    return [*lines, ""]


if __name__ == "__main__":
    main()
