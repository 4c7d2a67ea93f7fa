"""Append what limits a reworded sentence and was left out: the exceptions and conditions of the clause that it cites."""

from collections.abc import Sequence
from dataclasses import replace

from index.align import locate
from index.lexicon import fold
from index.sentences import sentences
from index.store import Store
from index.types import Clause
from rag.address import written
from rag.evidence import LIMITS
from rag.notes import CONDITION
from rag.numbered import Numbered
from rag.overlap import Grams
from rag.types import Answer, Citation, Sentence

# Share of a condition's pairs of characters from which the prose says it: reworded by a clerk it keeps two thirds to
# all of them, a sentence on another matter shares up to a third.
_SAID = 0.55
_BESIDES = "并请注意"  # over what is added to quotes that stand under sides or questions
_REWORDED = 0.3  # the same from which a sentence of the clause is what a sentence of prose rewords


def complete(answer: Answer, numbered: Numbered, prose: list[Sentence], store: Store) -> Answer:
    """Append to `prose` what it leaves out of the clauses that it cites, quoted; return the answer that cites that too."""
    citations, notes = list(answer.citations), [note.text for note in answer.draft.notes]
    for clause, numbers in zip(numbered.clauses, numbered.citations, strict=True):
        citing = [sentence.text for sentence in prose if set(sentence.citations) & set(numbers)]
        for quote in left_out(clause, citing, notes):
            citation = _cited(citations, clause, quote) or _cite(citations, clause, quote, store)
            if citation is not None:
                prose.append(Sentence(f"“{quote}”", (citation.number,)))
    about = _BESIDES if any(sentence.about for sentence in answer.draft.quotes) else ""
    added = tuple(Sentence(f"“{c.quote}”", (c.number,), about) for c in citations[len(answer.citations) :])
    draft = replace(answer.draft, citations=tuple(citations), quotes=(*answer.draft.quotes, *added))
    return replace(answer, draft=draft)


def _cited(citations: Sequence[Citation], clause: Clause, quote: str) -> Citation | None:
    """Return the citation whose quote holds these words already."""
    return next((c for c in citations if c.clause_id == clause.id and quote in c.quote), None)


def _cite(citations: list[Citation], clause: Clause, quote: str, store: Store) -> Citation | None:
    """Add a citation of a sentence of a clause; None where it cannot be located."""
    span = locate(store.policy(clause.policy_id).text, clause, quote)
    if span is None:
        return None
    citations.append(Citation(len(citations) + 1, clause.id, written(clause), quote, span.start, span.end))
    return citations[-1]


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
