"""Fit the n-gram classifiers: route, details, header, unstated, leaning."""

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from index.tokenizer import DICTIONARY, Tokenizer
from index.topics import TOPICS
from rag.followup import ALONE, LEANING
from rag.ngrams import BUCKETS, NgramClassifier, features
from rag.reader import BODY, HEADER, STATED, UNSTATED
from rag.route import Route
from rag.text import normalise
from training.answering.cases import case_rows
from training.answering.examples import UNANSWERED, lines
from training.data import OWN_QUESTIONS, tested_titles
from training.laws import read_laws
from training.questions import KNOWN_QUESTIONS

_STRENGTH = 30.0  # inverse of the L2 penalty
_HEAVIEST = 30.0  # how much rarer a label is counted at most; its examples weigh the root of that
_FOLDS = 4
_OWN = Path(__file__).parent / "questions"
_OTHER = ("other_topic", "other_region")  # messages that stand alone though nothing answers them
_SOME = 3  # of the 13,600 article questions every third is enough to show what a question looks like
_WORD = re.compile("[一-鿿]{2,}")
_LABELLED = tuple[list[str], list[str]]


def labelled(shared: Path, without: Container[str] = ()) -> dict[str, _LABELLED]:
    """Return texts and labels for each classifier: what is shared, and what was written here.

    :param without: sets of cases to leave out.
    """
    train = shared / "train"
    seeds = [row for name in ("seeds_a", "seeds_b") for row in lines(train / f"{name}.jsonl")]
    articles = [row for path in sorted(train.glob("articles_*.jsonl")) for row in lines(path)]
    enough = [row for name in ("seeds", "articles") for row in lines(train / f"sufficiency_{name}.jsonl")]
    follow = list(lines(train / "followups.jsonl"))
    routes = {"chitchat": Route.CHITCHAT, "injection": Route.INJECTION, "harmful": Route.HARMFUL}
    heads = [any(i.endswith(("/题", "/附则")) for i in row["ids"]) for row in seeds]
    return {
        "route": _pairs(
            [(row["q"], routes.get(row["subtype"], Route.QUESTION)) for row in lines(train / "unanswerable.jsonl")]
            + [(row["q"], Route.QUESTION) for row in [*seeds, *articles[::_SOME], *follow, *lines(_OWN / "followups.jsonl")]]
            + _own("route")
            + [(word, Route.QUESTION) for word in _key_words(shared)]
            + [(row["question"], Route.QUESTION) for row in case_rows(without) if row["type"] != "unanswerable"]
        ),
        "details": _pairs([(row["q"], row["detail"]) for row in enough] + _own("details", "detail")),
        "header": _pairs(
            [(row["q"], HEADER if head else BODY) for row, head in zip(seeds, heads, strict=True)]
            + [(row["q"], BODY) for row in articles[::_SOME]]
            + _own("header")
        ),
        UNSTATED: _pairs(
            [(row["q"], STATED if row["label"] == "answers" else UNSTATED) for row in enough]
            + [(row["q"], UNSTATED) for row in lines(train / "unanswerable.jsonl") if row["subtype"] == "near_miss"]
            + [(row["q"], UNSTATED) for row in lines(UNANSWERED)]
            + [(row["q"], STATED) for row in (*seeds, *_own_questions())]
            + [(row["question"], label) for row in case_rows(without) if (label := _unstated(row))]
        ),
        "leaning": _pairs(
            [(row["q"], ALONE if row["kind"] == "topic_switch" else LEANING) for row in follow]
            + [(row["q"], ALONE) for row in seeds]
            + [(row["q"], ALONE) for row in lines(train / "unanswerable.jsonl") if row["subtype"] in _OTHER]
            + _own("followups")
        ),
    }


def _key_words(shared: Path) -> list[str]:
    """Return words that somebody may type alone and mean as a question: 房租, 供热; those of dictionaries and of titles of laws.

    Without them the shortest messages that the classifier sees are greetings.
    """
    rows = [line.split("\t") for path in (DICTIONARY, TOPICS) for line in path.read_text("utf-8").splitlines()]
    words = {word for row in rows if not row[0].startswith("#") for word in row[-1].split()}
    tested, cut = tested_titles(), Tokenizer().cut
    titles = {law.title for law in read_laws(shared / "corpora" / "laws.tar.gz")} - tested
    words |= {word for title in titles for word in cut(title) if _WORD.fullmatch(word)}
    return sorted(words)


def _own_questions() -> list[dict]:
    """Return of the questions that ship, and of those on laws, enough to show what documents do state."""
    rows = [row for path in sorted(OWN_QUESTIONS.glob("*.jsonl")) for row in lines(path)]
    return [row for path in sorted(KNOWN_QUESTIONS.glob("*.jsonl")) for row in lines(path)] + rows[::_SOME]


def _unstated(row: Mapping[str, str]) -> str:
    """Return the label of a case, "" where its words say nothing: what it asks for may be stated elsewhere."""
    if row["type"] == "unanswerable":
        return UNSTATED if row["subtype"] == "near_miss" else ""
    return UNSTATED if row["type"] == "not_stated" else STATED


def _own(name: str, label: str = "label") -> list[tuple[str, str]]:
    return [(row["q"], row[label]) for row in lines(_OWN / f"{name}.jsonl")]


def fit(texts: Sequence[str], labels: Sequence[str]) -> NgramClassifier:
    """Fit one classifier: a logistic regression of each label against the rest, rare labels weighing more."""
    matrix, names, counts = _matrix(texts), sorted(set(labels)), Counter(labels)
    weights, bias = np.zeros((BUCKETS, len(names)), np.float16), np.zeros(len(names), np.float32)
    for column, name in enumerate(names):
        truth = np.array([label == name for label in labels])
        heavier = min((len(labels) - counts[name]) / counts[name], _HEAVIEST) ** 0.5
        model = LogisticRegression(C=_STRENGTH, class_weight={True: heavier, False: 1.0}, solver="liblinear")
        model.fit(matrix, truth)
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return NgramClassifier(tuple(names), weights, bias)


def out_of_fold(texts: Sequence[str], labels: Sequence[str], label: str) -> dict[str, float]:
    """Return the probability of a label by text, each judged by a classifier that has not seen it."""
    fold = np.random.default_rng(0).permutation(len(texts)) % _FOLDS
    found = {}
    for number in range(_FOLDS):
        inside = [i for i in range(len(texts)) if fold[i] != number]
        classifier = fit([texts[i] for i in inside], [labels[i] for i in inside])
        for i in np.flatnonzero(fold == number).tolist():
            found[texts[i]] = classifier.probabilities(normalise(texts[i]))[label]
    return found


def _matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return the features as `NgramClassifier` weighs them: each 1 over the root of their number."""
    rows = [features(normalise(text)) for text in texts]
    lengths = np.array([len(row) for row in rows])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = np.repeat(1 / np.sqrt(lengths), lengths)
    return sparse.csr_matrix((values, np.concatenate(rows), starts), shape=(len(texts), BUCKETS))


def cross_validated(texts: Sequence[str], labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return precision and recall by label, each text judged by a classifier that has not seen it."""
    fold = np.random.default_rng(0).permutation(len(texts)) % _FOLDS
    found = [""] * len(texts)
    for number in range(_FOLDS):
        inside = [i for i in range(len(texts)) if fold[i] != number]
        classifier = fit([texts[i] for i in inside], [labels[i] for i in inside])
        for i in np.flatnonzero(fold == number).tolist():
            probabilities = classifier.probabilities(normalise(texts[i]))
            found[i] = max(probabilities, key=probabilities.__getitem__)
    table = {}
    for label in sorted(set(labels)):
        hit = sum(a == b == label for a, b in zip(found, labels, strict=True))
        table[label] = {
            "precision": hit / max(sum(a == label for a in found), 1),
            "recall": hit / max(sum(b == label for b in labels), 1),
        }
    return table


def _pairs(rows: Sequence[tuple[str, str]]) -> _LABELLED:
    unique = dict(rows)
    return list(unique), [str(label) for label in unique.values()]
