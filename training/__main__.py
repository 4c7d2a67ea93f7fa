"""Train the bundled encoder: `python -m training`."""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from index.encoder import load_encoder
from index.settings import BUNDLED_ENCODER, ROOT
from training.data import Holdout, load, split
from training.evaluate import evaluate
from training.questions import Source, title_of
from training.recipe import Recipe, make


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on everything, or on what a hold-out leaves and measure the rest."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    holdout = Holdout(options.fold, options.folds, options.without_policy)
    corpus, held = split(load(options.shared), holdout)
    folder = options.out or (_held_out_folder(holdout) if holdout != Holdout() else ROOT / BUNDLED_ENCODER)
    make(corpus, Recipe(seeds=tuple(options.seeds)), folder)
    if holdout != Holdout():
        _report(folder, held)


def _report(folder: Path, held: Sequence[Source]) -> None:
    """Print the figures on the questions held back, each law's or policy's among its own kind."""
    encoder = load_encoder(str(folder))
    for source in held:
        if not source.questions:
            continue
        if source.name in {"articles", "own"}:
            titles = {question.document for question in source.questions}
            keys = [key for key in source.passages if title_of(key) in titles]
        else:
            keys = list(source.passages)
        print(f"{source.name}: {evaluate(encoder, source, source.questions, keys)}")


def _held_out_folder(holdout: Holdout) -> Path:
    parts = [f"fold-{holdout.fold}-of-{holdout.folds}"] if holdout.folds else []
    parts += [f"without-{holdout.policy}"] if holdout.policy else []
    return ROOT / "build" / "-".join([Path(BUNDLED_ENCODER).name, *parts])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder of train/, corpora/, eval/")
    parser.add_argument("--out", type=Path, help=f"folder of the model (default {BUNDLED_ENCODER}, or build/…)")
    parser.add_argument("--folds", type=int, default=0, help="hold back one in so many questions and laws")
    parser.add_argument("--fold", type=int, default=0, help="which one, from 0")
    parser.add_argument("--without-policy", default="", metavar="文号", help="hold back the questions on one policy")
    parser.add_argument("--seeds", type=int, nargs="+", default=Recipe().seeds, help="one table of the model each")
    return parser


if __name__ == "__main__":
    main()
