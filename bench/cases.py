"""Answer the cases by weights that have not seen them, and write docs/cases.md: `python -m bench.cases --encoder …`."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.answers import GoldSet, Judged, judged, table, unpack_laws
from index.settings import ROOT
from rag import evaluate
from training.answering.cases import DOCUMENTS, case_files, over_seeds

TARGET = ROOT / "docs" / "cases.md"
_FOLDS = 2  # each fits everything anew, 4 minutes on one core
_HEAD = """# 没有见过的题

由 `python -m bench.cases` 生成，请勿手改。`training/answering/cases` 的题分成两半，各用只见过另一半的权重来答；`laws`、`plans`、
`subsidies` 各套题的文件，向量模型也没有见过；`seeds` 的文件见过，题没有。门槛是在这些题上选的，所以仍略偏乐观。
题的写法见 `training/answering/cases/README.md`。
"""


def folds() -> list[list[Path]]:
    """Return the files of cases, dealt out in turn, so that each fold has some of each kind."""
    files = case_files()
    return [files[number::_FOLDS] for number in range(_FOLDS)]


def fit(encoder: Path, without: Sequence[Path], out: Path) -> Path:
    """Fit the weights for answering without some sets, and return their folder."""
    names = [path.stem for path in without]
    command = [sys.executable, "-m", "training.answering", "--encoder", str(encoder), "--out", str(out)]
    command += ["--calibration", str(out / "calibration.md"), "--without", *names]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return out


def answers(path: Path, weights: Path, folder: Path) -> list[Judged]:
    """Answer a set of cases over its own documents; `folder` is for the index and for laws unpacked."""
    return judged(GoldSet(path.stem, path, _documents(path, folder / path.stem)), folder / f"index-{path.stem}", weights)


def _documents(path: Path, folder: Path) -> Path:
    if over_seeds(path):
        return ROOT / "data" / "policies"
    if (DOCUMENTS / path.stem).is_dir():
        return DOCUMENTS / path.stem
    folder.mkdir()
    return unpack_laws(path.with_name(f"{path.stem}.titles.txt"), folder)


def report(found: dict[str, list[Judged]]) -> str:
    """Return the figures by kind of documents, and of the questions that nothing answers by subtype."""
    kinds: dict[str, list[Judged]] = {}
    for name, rows in found.items():
        kinds.setdefault(name.partition("_")[0], []).extend(rows)
    figures = table({kind: evaluate.summary([row for _, _, row in rows]) for kind, rows in kinds.items()})
    asked = [(kind, question["subtype"], row["right"]) for kind, rows in kinds.items() for question, _, row in rows if "subtype" in question]
    lines = ["| 答不了的题 | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 1) + "|"]
    for subtype in sorted({one for _, one, _ in asked}):
        cells = (_share([right for k, one, right in asked if (k, one) == (kind, subtype)]) for kind in kinds)
        lines.append(f"| {subtype} | " + " | ".join(cells) + " |")
    return f"{figures}\n\n" + "\n".join(lines)


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right) / len(right):.3f} ({len(right)})" if right else "–"


def main() -> None:
    """Fit, answer, print the tables and write them."""
    parser = argparse.ArgumentParser(prog="python -m bench.cases", description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True, help="made by python -m training --folds 3 --fold 0")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(_FOLDS) as pool:
        folder, parts = Path(name), folds()
        fits = [pool.submit(fit, options.encoder.resolve(), part, folder / f"weights-{number}") for number, part in enumerate(parts)]
        weights = [one.result() for one in fits]
        found = {path.stem: answers(path, at, folder) for part, at in zip(parts, weights, strict=True) for path in part}
    text = report(found)
    print(text)
    options.out.write_text(f"{_HEAD}\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
