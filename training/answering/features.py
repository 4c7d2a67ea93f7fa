"""Examples turned into the numbers that the networks see, by the very code that answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from index.sentences import sentences
from index.standing import Standings
from rag.address import AddressBook
from rag.candidates import CandidateFinder
from rag.evidence import EvidenceFinder
from rag.features import FeatureMaker
from rag.followup import FollowUp
from rag.matching import WordMatcher
from rag.ngrams import NgramClassifier
from rag.places import PlaceIndex
from rag.reader import UNSTATED, QuestionReader
from rag.searcher import Searcher
from rag.spelling import Speller
from rag.text import squeeze
from rag.types import Query
from rag.versions import Versions
from training.answering.examples import NOTHING, Example, World


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question's candidates."""

    passages: np.ndarray  # float32 [candidates, PASSAGE]
    question: np.ndarray  # float32 [QUESTION]
    gold: np.ndarray  # bool [candidates]; none true where nothing answers
    weight: float


class Bench:
    """The parts of the pipeline that do not depend on what is fitted here."""

    def __init__(
        self, world: World, encoder, classifiers: dict[str, NgramClassifier], unseen: Mapping[str, Mapping[str, float]]
    ) -> None:
        self.world = world
        self._unseen = unseen  # query field -> text -> value, where its classifier saw the text: by one that did not
        self.words = WordMatcher(encoder)
        places = PlaceIndex(world.store)
        follow_up = FollowUp(AddressBook(world.store), places, classifiers["leaning"])
        judges = (classifiers[name] for name in ("details", "header", UNSTATED, "route"))
        self._reader = QuestionReader(follow_up, places, Speller(world.store), *judges)
        self.finder = CandidateFinder(world.store, encoder)
        self.maker = FeatureMaker(world.store, self.words)
        self.searcher = Searcher(self.finder, None, self.words, places, Versions(Standings(())))

    def query(self, example: Example) -> Query:
        """Return the query of an example."""
        query = self._reader.read(example.text, example.turns)
        known = {field: values[example.text] for field, values in self._unseen.items() if example.text in values}
        return replace(query, **known)

    def ranked(self, example: Example) -> Ranked | None:
        """Return the candidates' features; None where the gold clause is no candidate, so that nothing is learned."""
        query = self.query(example)
        candidates = self.finder.find(query.text)
        asked = self.searcher.asked(query)
        passages = self.maker.passages(asked, candidates)
        gold = np.array([clause.id in example.ids for clause in candidates.clauses], bool)
        if example.label != NOTHING and not gold.any():
            return None
        return Ranked(passages, self.maker.question(asked, passages), gold, example.weight)

    def sentences(self, example: Example, finder: EvidenceFinder) -> tuple[np.ndarray, np.ndarray] | None:
        """Return the features of the gold clause's sentences and whether each is evidence; None without a clause."""
        clause = self.world.store.clause(example.ids[0]) if example.ids and example.evidence else None
        if clause is None:
            return None
        spans = list(sentences(clause.text))
        query = self.query(example)
        rows = finder.features(self.searcher.asked(query).view, dict(query.details), clause, spans)
        evidence = [squeeze(text) for text in example.evidence]
        texts = [squeeze(clause.text[start:end]) for start, end in spans]
        chosen = np.array([any(text in piece or piece in text for piece in evidence) for text in texts], bool)
        return (rows, chosen) if chosen.any() else None
