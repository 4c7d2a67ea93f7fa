"""Fit answering: `python -m training.answering`."""

import argparse
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from index.encoder import load_encoder
from index.settings import ROOT
from rag import networks
from rag.evidence import SENTENCE, EvidenceFinder
from rag.features import PASSAGE, QUESTION
from rag.networks import Network
from rag.reader import UNSTATED
from rag.route import Route
from rag.settings import ANSWERING
from rag.sufficiency import INPUTS, Sufficiency
from training.answering import classifiers
from training.answering.cases import case_worlds, seed_cases
from training.answering.examples import ANSWERS, article_worlds, seed_world
from training.answering.features import Bench, Ranked
from training.answering.fit import fit_binary, fit_ranker
from training.answering.report import cross_validated, figures, write_calibration

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit everything with an encoder that has not seen the questions, and write the weights."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)  # the networks are too small to share out
    started = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)
    labelled = classifiers.labelled(options.shared, options.without)
    found = {name: classifiers.fit(*pairs) for name, pairs in labelled.items()}
    judged = {"unstated": (UNSTATED, UNSTATED), "chat": ("route", Route.CHITCHAT)}
    unseen = {field: classifiers.out_of_fold(*labelled[name], label) for field, (name, label) in judged.items()}
    for name, classifier in found.items():
        classifier.save(options.out / f"{name}.npz")
    logger.info("classifiers after %.0f s", time.monotonic() - started)
    encoder = load_encoder(str(options.encoder))
    seeds = seed_world(options.shared, encoder, options.fold, options.folds)
    worlds = [replace(seeds, examples=(*seeds.examples, *seed_cases(seeds.store, options.without)))]
    worlds += article_worlds(options.shared, encoder, options.fold, options.folds)
    worlds += case_worlds(options.shared, encoder, options.without)
    benches = [Bench(world, encoder, found, unseen) for world in worlds]
    ranked = [(bench.world.name, item) for bench in benches for item in _ranked(bench)]
    logger.info("%d ranked questions after %.0f s", len(ranked), time.monotonic() - started)
    fitted = _fit(benches, [item for _, item in ranked], options.seed)
    networks.save(options.out / "networks.npz", fitted)
    figured = cross_validated(ranked, options.seed)
    for name, rows in figured.items():
        print(name, {key: round(value, 3) for key, value in figures(rows).items()})
    write_calibration(figured, options.calibration)
    logger.info("%s written after %.0f s", options.out, time.monotonic() - started)


_PLAIN = 3  # of the plain questions every third: with them three in four are answered, as on the telephone


def _ranked(bench: Bench) -> list[Ranked]:
    return [item for example in bench.world.examples if (item := bench.ranked(example)) is not None]


def _fit(benches: Sequence[Bench], ranked: Sequence[Ranked], seed: int) -> dict[str, Network]:
    passage, nothing = fit_ranker(ranked, (PASSAGE, QUESTION), seed)
    sentence = _fit_sentences(benches, seed)
    return {
        "passage": passage,
        "nothing": nothing,
        "sentence": sentence,
        "sufficiency": _fit_sufficiency(benches, sentence, seed),
    }


def _fit_sentences(benches: Sequence[Bench], seed: int) -> Network:
    pairs = [
        pair
        for bench in benches
        for example in bench.world.examples
        if (pair := bench.sentences(example, EvidenceFinder(bench.words, None))) is not None
        for _ in range(round(example.weight))
    ]
    return fit_binary(np.concatenate([rows for rows, _ in pairs]), np.concatenate([y for _, y in pairs]), SENTENCE, seed)


def _fit_sufficiency(benches: Sequence[Bench], sentence: Network, seed: int) -> Network:
    """Fit on all that is known not to be stated, and on enough of the plain questions, most of which are answered."""
    rows, truth = [], []
    for bench in benches:
        finder, judge = EvidenceFinder(bench.words, sentence), Sufficiency(bench.words, None)
        for number, example in enumerate(bench.world.examples):
            plain = not example.near and not example.detail
            clause = bench.world.store.clause(example.near or next(iter(example.ids), ""))
            if clause is None or plain and (example.turns or number % _PLAIN):
                continue
            query = bench.query(example)
            view, details = bench.searcher.asked(query).view, dict(query.details)
            count = round(example.weight)
            rows += [judge.features(query, view, finder.find([view], details, clause))] * count
            truth += [example.label == ANSWERS] * count
    return fit_binary(np.stack(rows), np.array(truth), INPUTS, seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.answering", description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True, help="made by python -m training --folds N --fold K")
    parser.add_argument("--folds", type=int, default=3, help="the N of that encoder")
    parser.add_argument("--fold", type=int, default=0, help="the K of that encoder")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder of train/ and policies/")
    parser.add_argument("--without", nargs="*", default=(), metavar="SET", help="sets of cases to leave out, to be tested on")
    parser.add_argument("--out", type=Path, default=ANSWERING)
    parser.add_argument("--calibration", type=Path, default=ROOT / "docs" / "calibration.md", help="report to write")
    parser.add_argument("--seed", type=int, default=20251120)
    return parser


if __name__ == "__main__":
    main()
