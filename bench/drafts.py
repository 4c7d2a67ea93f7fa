"""Measure the verifier on sets of drafts: `python -m bench.drafts` writes docs/verifier.md."""

import argparse
import json
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.answers import GOLD, SHARED
from index.build import build
from index.encoder import load_encoder
from index.settings import ROOT, IndexSettings, environment
from index.store import load
from rag.models import Models
from rag.settings import load_settings
from rag.support import UNSUPPORTED
from rag.verifier import Verifier

DRAFTS = ROOT / "tests" / "drafts"
TARGET = ROOT / "docs" / "verifier.md"
POLICIES = ROOT / "data" / "policies"
BOUNDS = (1.0, 2.0, 3.0, 4.0, 6.0, 9.0)  # of the weight without ground, tried beside the one in use
# Files of the laws collection that the sentences over laws are about, by set.
LAWS = {
    "development-laws": (
        "失业保险条例(1999-01-22)", "保障中小企业款项支付条例(2025-03-17)", "促进个体工商户发展条例(2022-10-01)",
        "上海市科学技术进步条例(2024-05-10)", "城镇土地使用税暂行条例(2019-03-02)", "职工带薪年休假条例(2007-12-14)",
        "上海市养犬管理条例", "浙江省电动自行车管理条例(2020-05-15)",
    ),
}  # fmt: skip
_HEAD = """# 核对草稿

由 `python -m bench.drafts` 生成，请勿手改。每套题一半说的是条款说的（应当通过），一半在某一处说了别的（应当拦下），一行一句，格式同
`python -m rag verify`；每套题怎样写的，见 [tests/drafts/README.md](../tests/drafts/README.md)。为什么用规则，见
[0012](decisions/0012-verifier-by-rules.md)。

`seeds` 是写核对规则之前写好的；`development-*` 是一边改规则一边看的，数字偏乐观；`held-out-*` 由没有看过核对程序的人写，
改规则时看过十几次各类的总数和意见的种类，没有看句子，所以也略偏乐观。"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One draft and what the verifier found."""

    kind: str
    good: bool
    codes: tuple[str, ...]  # of the findings; none where it passed

    @property
    def right(self) -> bool:
        """Whether a good one passed or a bad one was caught."""
        return self.good is not bool(self.codes)


@dataclass(frozen=True, slots=True)
class DraftSet:
    """Drafts and the documents that they are about."""

    name: str
    rows: tuple[dict, ...]
    policies: Path


def draft_sets(folder: Path) -> Iterator[DraftSet]:
    """Yield the sets that can be had here; laws are unpacked to `folder`, each set's to its own."""
    for path in sorted(DRAFTS.glob("*.jsonl"), key=lambda path: (path.stem != "seeds", path.stem)):
        rows = tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        if path.stem.endswith("laws"):
            wanted = LAWS.get(path.stem) or tuple(dict.fromkeys(row["document"] for row in rows))
            policies = unpack(wanted, folder / path.stem)
        else:
            policies = GOLD / "documents" if path.stem.endswith("subsidy") else POLICIES
        if policies is None:
            print(f"*** 没有 ../shared/corpora/laws.tar.gz，跳过 {path.stem} ***")
        else:
            yield DraftSet(path.stem, rows, policies)


def unpack(titles: Sequence[str], folder: Path) -> Path | None:
    """Write laws by file name to `folder`; None where the collection is not here."""
    archive = SHARED / "corpora" / "laws.tar.gz"
    if not archive.is_file():
        return None
    folder.mkdir()
    with tarfile.open(archive) as tar:
        for member in tar:
            if Path(member.name).name.removesuffix(".txt") in titles:
                (folder / Path(member.name).name).write_bytes(tar.extractfile(member).read())
    return folder


def judged(drafts: DraftSet, index: Path, bounds: Sequence[float]) -> dict[float, list[Verdict]]:
    """Return the verdicts on a set, by the bound of what may go unmet."""
    settings = replace(IndexSettings.load(environment()), policies=drafts.policies, index=index)
    build(settings, load_encoder(settings.encoder))
    models = Models.load(replace(load_settings(), index=settings))
    store = load(index, models.encoder)
    return {bound: _judge(drafts, Verifier(store, models.words, bound)) for bound in bounds}


def _judge(drafts: DraftSet, verifier: Verifier) -> list[Verdict]:
    found = []
    for row in drafts.rows:
        findings = verifier.sentence(row["sentence"], row["clause_ids"])
        codes = tuple(dict.fromkeys(finding.code for finding in findings))
        found.append(Verdict(row["kind"], row["expected"] == "pass", codes))
    return found


def share(verdicts: Sequence[Verdict]) -> str:
    """Return how many are right, as a share and a count.

    Example: 3 of 4 -> "75.0 %（3/4）"
    """
    right = sum(verdict.right for verdict in verdicts)
    return f"{100 * right / len(verdicts):.1f} %（{right}/{len(verdicts)}）" if verdicts else "—"


def report(results: dict[str, dict[float, list[Verdict]]], milliseconds: float) -> str:
    """Return the page."""
    now = {name: verdicts[UNSUPPORTED] for name, verdicts in results.items()}
    held = [verdict for name, verdicts in now.items() if name.startswith("held-out") for verdict in verdicts]
    groups = {**now, "held-out 合计": held}
    lines = [_HEAD, "", "| | 好的通过 | 坏的拦下 |", "|---|---|---|"]
    lines += [f"| {name} | {share(_of(v, True))} | {share(_of(v, False))} |" for name, v in groups.items()]
    lines += ["", "## 按种类", "", "`held-out-*` 合计。", "", "| 应当 | 种类 | 对的 |", "|---|---|---|"]
    for good in (True, False):
        for kind in sorted({v.kind for v in _of(held, good)}):
            lines.append(f"| {'通过' if good else '拦下'} | {kind} | {share([v for v in _of(held, good) if v.kind == kind])} |")
    lines += ["", "## 按核对意见", "", "`held-out-*` 里有这种意见的句子：坏的（拦对了）和好的（误报）。一句可以有几种。", ""]
    lines += ["| 意见 | 坏的 | 好的 |", "|---|---|---|"]
    counts = {good: Counter(code for v in _of(held, good) for code in v.codes) for good in (True, False)}
    for code in sorted(counts[False] | counts[True], key=lambda code: -counts[False][code]):
        lines.append(f"| `{code}` | {counts[False][code]} | {counts[True][code]} |")
    return "\n".join([*lines, *_bounds(results), "", f"用时：平均每句 {milliseconds:.1f} 毫秒（同一进程，含第一次读条款；机器忙时量得）。", ""])


def _bounds(results: dict[str, dict[float, list[Verdict]]]) -> list[str]:
    """Return the table of the bounds tried."""
    lines = ["", "## 没有着落的词，多重算没有依据", "", "一个实词重 4 到 12；各格是 `development-*` ｜ `held-out-*`。", ""]
    lines += ["| 上限 | 好的通过 | 坏的拦下 |", "|---|---|---|"]
    for bound in BOUNDS:
        cells = []
        for good in (True, False):
            parts = []
            for start in ("development", "held-out"):
                chosen = [v for name, by in results.items() if name.startswith(start) for v in _of(by[bound], good)]
                parts.append(share(chosen))
            cells.append(" ｜ ".join(parts))
        lines.append(f"| {bound:g}{'（在用）' if bound == UNSUPPORTED else ''} | {cells[0]} | {cells[1]} |")
    return lines


def _of(verdicts: Sequence[Verdict], good: bool) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.good is good]


def main() -> None:
    """Judge every set and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.drafts", description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    results, spent, count = {}, 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for drafts in draft_sets(folder):
            started = time.process_time()
            results[drafts.name] = judged(drafts, folder / f"index-{drafts.name}", BOUNDS)
            spent, count = spent + time.process_time() - started, count + len(drafts.rows) * len(BOUNDS)
    page = report(results, 1000 * spent / max(count, 1))
    options.out.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
