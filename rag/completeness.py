"""Find what limits a reworded sentence and was left out: the exceptions and conditions of the clause that it cites."""

from collections.abc import Sequence

from index.lexicon import fold
from index.sentences import sentences
from index.types import Clause
from rag.compose import CONDITION
from rag.evidence import LIMITS
from rag.overlap import Grams

# Share of a condition's pairs of characters from which the prose says it: reworded by a clerk it keeps two thirds to
# all of them, a sentence on another matter shares up to a third.
_SAID = 0.55
_REWORDED = 0.3  # the same from which a sentence of the clause is what a sentence of prose rewords


def left_out(clause: Clause, prose: Sequence[str], notes: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the sentences of a clause, in its order, that limit what `prose` rewords and that nothing shown says.

    An exception behind the reworded sentence is one, and so is the reworded sentence itself where its condition is gone.

    :param prose: the sentences that cite the clause.
    :param notes: what the answer says besides.
    """
    texts = [clause.text[start:end].strip() for start, end in sentences(clause.text)]
    told = fold("".join((*prose, *notes)))
    needed: set[int] = set()
    for number in {_source(texts, fold(sentence)) for sentence in prose} - {None}:
        if any(not _said(match.group(1), told) for match in CONDITION.finditer(texts[number])):
            needed.add(number)
        needed |= {behind for behind in _behind(texts, number) if not _said(texts[behind], told)}
    return tuple(texts[number] for number in sorted(needed))


def _said(words: str, told: str) -> bool:
    return Grams.of(fold(words)).overlap(told)[0] >= _SAID


def _source(texts: Sequence[str], sentence: str) -> int | None:
    """Return the number of the clause's sentence that a sentence of prose rewords."""
    grams = Grams.of(sentence)
    shares = [grams.overlap(fold(text))[0] for text in texts]
    best = max(range(len(texts)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= _REWORDED else None


def _behind(texts: Sequence[str], number: int) -> set[int]:
    """Return the numbers of the sentences behind sentence `number` that limit it."""
    found: set[int] = set()
    while number + 1 < len(texts) and LIMITS.match(texts[number + 1]):
        number += 1
        found.add(number)
    return found
