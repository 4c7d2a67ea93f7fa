"""Choose the sentences of a clause that answer, with what completes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.sentences import sentences
from index.types import Clause
from rag.details import NAMES, stated
from rag.matching import MET, WELL, View, WordMatcher
from rag.networks import Network, sigmoid

# Inputs of the network that scores a sentence.
SENTENCE = (
    *("cover", "cosine", "cover_gap", "cosine_gap", "asked_stated", "asked_gap"),
    *("number", "position", "first", "length", "count", "context"),
    *("met_well", "met", "asked"),
)
_NUMBER = re.compile(r"\d|[一二三四五六七八九十百]+[家个年月日项%]")
# A sentence that begins so cannot be read without the one before it.
_LEANS_BACK = re.compile(r"^(?:但|但是|其中|上述|前述|前款|该|此类|同时，?对|并|否则|逾期)")
# A sentence that begins so limits the one before it.
LIMITS = re.compile(r"^(?:但|但是|前款|上述.{0,12}(?:除外|不)|同一.{0,20}不|不再|不得重复|已.{0,12}的，?不|.{0,20}除外)")
_ITEM = re.compile(r"^(?:[一二三四五六七八九十]是|[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳]|\d{1,2}[.．、])")
_ROW = re.compile(r"^[^。；;：:！？]*\S[ \t　]+\S[^。；;：:！？]*$")  # a line of cells: 第二档 2000以上 80
LISTS = 0.4  # probability of asking for a list from which an enumeration is quoted whole
_MOST = 8  # sentences quoted of one clause, before what completes them
# Log-odds below the best sentence at which a sentence is left out, and the same where one fact is asked for.
_MARGIN, _MARGIN_FACT = 6.0, 5.0
_FACTS = ("amount", "rate", "number", "date", "deadline", "duration", "contact", "who", "where")  # kinds of one fact
_ASKS_FACT = 0.6  # probability of those kinds together
# Characters quoted of a clause: half of the answers stay under 300 characters, and on the four gold sets one to six points
# more of the needed facts are quoted than with 220.
BUDGET = 320
BUDGET_LIST = 480  # the same for a list, and for everything that there is; 640 finds no more
# Characters between two runs of sentences up to which they are quoted as one: broken quotes read badly, and a clerk
# reads one out. On dev and the gold sets (by their totals) 40 and 120 come out alike, 0 a point or two worse.
_GAP = 80
_HEADING = 3.0  # log-odds taken from a bare heading: it names the matter and says nothing about it
_FULL_LENGTH = 120  # characters of a long sentence, so that `length` runs from 0 to about 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run of sentences of one clause."""

    clause: Clause
    start: int  # characters of Clause.text, half-open
    end: int
    best: str  # its best sentence
    probability: float  # of the best sentence, that it belongs to the answer

    @property
    def text(self) -> str:
        """The sentences as they stand in the clause."""
        return self.clause.text[self.start : self.end]


class EvidenceFinder:
    """Score the sentences of a clause against a question."""

    def __init__(self, matcher: WordMatcher, network: Network) -> None:
        self._matcher = matcher
        self._network = network

    def find(
        self, questions: Sequence[View], details: dict[str, float], clause: Clause, budget: int = BUDGET
    ) -> list[Evidence]:
        """Return the sentences that answer, in the clause's order, neighbours joined.

        :param questions: a question, then those of its parts that the clause answers.
        :param details: probability of each kind of detail that is asked for.
        :param budget: characters quoted at most, before what completes a sentence.
        """
        spans = list(sentences(clause.text))
        if not spans:
            return []
        texts = [clause.text[start:end].strip() for start, end in spans]
        bare = np.array([clause.heading.startswith(text.rstrip("。：")) for text in texts])
        whole = details.get("list", 0.0) >= LISTS
        fact = sum(details.get(name, 0.0) for name in _FACTS) >= _ASKS_FACT
        rows = [self._network(self.features(question, details, clause, spans)) - _HEADING * bare for question in questions]
        found: set[int] = set()
        for number, values in enumerate(rows):  # of the parts only the sentence that answers best
            chosen = self._choose(texts, values, 0 if number else budget, _MARGIN_FACT if fact else _MARGIN)
            found.update(_complete(texts, chosen, int(values.argmax()), whole))
        chosen = [i for i in sorted(found) if i + 1 in found or len(found) == 1 or not bare[i]]
        return _runs(clause, spans, np.max(rows, axis=0), chosen)

    def features(
        self, question: View, details: dict[str, float], clause: Clause, spans: list[tuple[int, int]]
    ) -> np.ndarray:
        """Return float32 [sentences, len(SENTENCE)]."""
        texts = [clause.text[start:end] for start, end in spans]
        match = self._matcher.compare(question, self._matcher.views(texts))
        covers, cosines = match.covers, match.cosines
        asked = np.array([details.get(name, 0.0) for name in NAMES])
        has = np.array([stated(text) for text in texts]) @ asked
        count = len(texts)
        position = np.arange(count) / max(count - 1, 1)
        context = np.array([max(cosines[max(i - 1, 0) : i + 2]) for i in range(count)])
        return np.column_stack(
            [
                covers,
                cosines,
                covers - covers.max(),
                cosines - cosines.max(),
                has,
                has - has.max(),
                [float(_NUMBER.search(text) is not None) for text in texts],
                position,
                (np.arange(count) == 0).astype(float),
                [min(len(text) / _FULL_LENGTH, 2.0) for text in texts],
                np.full(count, min(count / 10, 2.0)),
                context,
                match.met(WELL),
                match.met(MET),
                match.asked,
            ]
        ).astype(np.float32)

    @staticmethod
    def _choose(texts: list[str], values: np.ndarray, budget: int, margin: float) -> list[int]:
        """Return the numbers of the sentences that answer best, in order."""
        best = int(values.argmax())
        chosen, used = {best}, len(texts[best])
        for i in np.argsort(-values)[1:_MOST].tolist():
            if values[i] >= values[best] - margin and used + len(texts[i]) <= budget:
                chosen.add(i)
                used += len(texts[i])
        return sorted(chosen)


def _complete(texts: list[str], found: list[int], best: int, whole: bool) -> list[int]:
    """Return the sentences with those that they cannot do without, in order."""
    chosen = {*found, *_enumeration(texts, best, whole), *_table(texts, best)}
    for i in sorted(chosen):
        while i > 0 and _LEANS_BACK.match(texts[i]):
            i -= 1
            chosen.add(i)
    for i in sorted(chosen):
        while i + 1 < len(texts) and LIMITS.match(texts[i + 1]):
            i += 1
            chosen.add(i)
    return sorted(chosen)


def _enumeration(texts: list[str], best: int, whole: bool) -> set[int]:
    """Return what the best sentence needs of an enumeration that it belongs to.

    An item needs the words that lead to the items; a list that is asked for, all of them.
    """
    items = [i for i, text in enumerate(texts) if _ITEM.match(text)]
    leads = [i for i, text in enumerate(texts) if text.endswith(("：", ":"))]
    inside = best in items or best in leads
    if not inside or not items:
        return set()
    lead = max((i for i in leads if i <= best), default=None)
    found = {lead} if lead is not None else set()
    if whole or best in leads:
        following = range((best if lead is None else lead) + 1, len(texts))
        stop = next((i for i in following if i not in items), len(texts))
        found |= {i for i in items if (lead is None or i > lead) and i < stop}
    return found


def _table(texts: list[str], best: int) -> set[int]:
    """Return the rows of a table in plain text, with the line before them, where the best sentence is one of these.

    A row means nothing without the row that names its cells.
    """
    rows = [_ROW.match(text) is not None for text in texts]
    start = best if rows[best] else best + 1
    while start > 0 and rows[start - 1]:
        start -= 1
    end = start
    while end < len(texts) and rows[end]:
        end += 1
    return set(range(max(start - 1, 0), end)) if end - start > 1 else set()


def _runs(clause: Clause, spans: list[tuple[int, int]], values: np.ndarray, chosen: list[int]) -> list[Evidence]:
    """Join neighbours, so that each run is one quote."""
    runs: list[list[int]] = []
    for i in chosen:
        near = bool(runs) and spans[i][0] - spans[runs[-1][-1]][1] <= _GAP
        if near and len(clause.spans) == 1:  # a quote never runs from one span to the next
            runs[-1].append(i)
        else:
            runs.append([i])
    return [_evidence(clause, spans, values, run) for run in runs]


def _evidence(clause: Clause, spans: list[tuple[int, int]], values: np.ndarray, run: list[int]) -> Evidence:
    best = max(run, key=values.__getitem__)
    start, end = spans[best]
    return Evidence(clause, spans[run[0]][0], spans[run[-1]][1], clause.text[start:end], sigmoid(float(values[best])))
