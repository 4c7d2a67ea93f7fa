"""Judge whether a model's sentences, each of which holds, together answer what the extractive answer does."""

from collections.abc import Iterator, Sequence

from index.lexicon import fold
from index.types import Clause
from rag.compose import heading_words
from rag.details import DETAILS
from rag.numbered import Numbered
from rag.overlap import Grams
from rag.types import Answer, Draft, Finding, Sentence

_ASKED = 0.4  # probability of a kind of detail from which prose must state it where the quotes do; as in rag/sufficiency.py
# Share of the question's pairs of characters, of those that the quotes have, that prose must have too: with less it
# speaks of another matter of the same clause. A copied sentence that answers has all, one beside it up to 0.6.
_ON_TOPIC = 0.65


def answers(answer: Answer, numbered: Numbered, prose: Sequence[Sentence]) -> bool:
    """Tell whether prose carries what the extractive answer rests on.

    It must cite the clause of the first quote, one of each side or question, each policy of a comparison, and the clause
    of each of two situations; speak of what is asked, as far as the quotes do; and state each kind of detail that is asked
    for and that the quotes state.
    """
    numbers = {number for sentence in prose for number in sentence.citations}
    cited = {citation.clause_id for citation in answer.citations if citation.number in numbers}
    if not all(group & cited for group in _groups(answer, numbered)):
        return False
    said, quoted = "".join(s.text for s in prose), "".join(c.quote for c in answer.citations)
    if not _on_topic(answer.query.focus or answer.query.text, said, quoted):
        return False
    asked = dict(answer.query.details)
    kinds = (detail for detail in DETAILS if asked.get(detail.name, 0.0) >= _ASKED)
    return all(detail.stated.search(said) for detail in kinds if detail.stated.search(quoted))


def _groups(answer: Answer, numbered: Numbered) -> Iterator[set[str]]:
    """Yield sets of clauses, of each of which one must be cited."""
    ids = {citation.number: citation.clause_id for citation in answer.citations}
    yield {answer.citations[0].clause_id}
    quotes = [quote for quote in answer.draft.quotes if quote.citations]
    for about in {quote.about for quote in quotes}:
        yield {ids[number] for quote in quotes if quote.about == about for number in quote.citations}
    yield from ({clause_id} for clause_id in ids.values() if answer.query.contrasts)
    for policy in {clause.policy_id for clause in numbered.clauses} if answer.query.compares else ():
        yield {clause.id for clause in numbered.clauses if clause.policy_id == policy}


def _on_topic(question: str, said: str, quoted: str) -> bool:
    pairs = [pair for pair in Grams.of(fold(question)).by_length[0] if pair in fold(quoted)]
    return sum(pair in fold(said) for pair in pairs) >= len(pairs) * _ON_TOPIC


def objections(text: str, draft: Draft, clauses: Sequence[Clause]) -> Iterator[Finding]:
    """Yield what stands against a sentence although `clauses`, which it cites, support it.

    It may not state a detail that the answer says is missing, and a heading alone says nothing.
    """
    quoted = "".join(citation.quote for citation in draft.citations)
    for detail in DETAILS:
        if detail.missing in draft.missing and detail.stated.search(text) and not detail.stated.search(quoted):
            yield Finding("states_missing", f"答案说文件没有写明{detail.missing}，这一句却写了", text)
    bare = fold(heading_words(text))
    if any(bare == fold(heading_words(heading)) for clause in clauses for heading in (clause.heading, *clause.ancestors)):
        yield Finding("heading_only", "只是标题，没有内容", text)
