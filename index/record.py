"""What an index keeps of one document: its lines, its vectors, and its words, made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index import codec
from index.context import passage_text
from index.dense import STORED
from index.encoder import Encoder
from index.parts import Parts
from index.rows import key
from index.sparse import Vocabulary
from index.tokenizer import Tokenizer
from index.types import Clause, ClauseKind, Entry, Policy


@dataclass(frozen=True, slots=True)
class Record:
    """A document made fit to be written."""

    entry: Entry
    policy: bytes  # its line
    clauses: list[bytes]  # their lines, in order
    searched: list[bool]  # which of them are passages
    clause_keys: list[int]
    text_keys: list[int]
    vectors: np.ndarray  # float16 [passages, dimension]
    words: list[np.ndarray]  # numbers of the words of each passage
    parts: Parts | None  # None where the encoder has no words


Known = Callable[[Sequence[int]], tuple[np.ndarray, np.ndarray]]  # keys of texts -> known or not, vectors of the known


class Recorder:
    """Make records.

    :param known: gives the vectors of texts that were encoded before.
    :param words: numbers of words; grows.
    """

    def __init__(self, encoder: Encoder, known: Known, words: Vocabulary) -> None:
        self._encoder = encoder
        self._known = known
        self._words = words
        self._plain = Tokenizer()

    def record(self, policy: Policy, own: str, clauses: Sequence[Clause]) -> Record:
        """Cut a policy's clauses into words, and encode what was not encoded before.

        :param own: the id that its own text gives.
        """
        passages = [clause for clause in clauses if is_searched(clause)]
        texts = [passage_text(policy.title, clause.ancestors, clause.text) for clause in passages]
        names = self._plain.names_of(policy.text)
        cutter, keys = Tokenizer(names), [key(text) for text in texts]
        return Record(
            entry=Entry(
                policy.id, own, policy.source, policy.sha256, policy.edition, corrections(policy), tuple(sorted(names))
            ),
            policy=codec.line(policy),
            clauses=[codec.line(clause) for clause in clauses],
            searched=[is_searched(clause) for clause in clauses],
            clause_keys=[key(clause.id) for clause in clauses],
            text_keys=keys,
            vectors=self._vectors(texts, keys),
            words=[self._words.numbers(cutter.words(text)) for text in texts],
            parts=Parts.of(self._encoder, policy.title, passages) if has_words(self._encoder) else None,
        )

    def _vectors(self, texts: Sequence[str], keys: Sequence[int]) -> np.ndarray:
        """Return the vectors of texts, float16 [texts, dimension], those encoded before as they were stored."""
        known, stored = self._known(keys)
        vectors = np.empty((len(texts), self._encoder.dimension), STORED)
        vectors[known] = stored
        fresh = np.flatnonzero(~known)
        if len(fresh):
            vectors[fresh] = self._encoder.encode([texts[row] for row in fresh], kind="passage")
        return vectors


def corrections(policy: Policy) -> tuple[str, ...]:
    """Return what a person put right in a policy's register."""
    return tuple(f"{field}={getattr(policy, field)}" for field in policy.corrected)


def is_searched(clause: Clause) -> bool:
    """Tell whether a clause is a passage: all are but bare headings."""
    return clause.kind is not ClauseKind.HEADING


def has_words(encoder: Encoder) -> bool:
    """Tell whether an encoder has a vector for each word."""
    return hasattr(encoder, "pieces_of")
