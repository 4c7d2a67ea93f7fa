"""Put the answers to several questions of one message together, in the order asked."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from rag.types import Answer, Citation, Draft, Passage, Sentence, Status

_FOUND = (Status.ANSWERED, Status.PARTIAL)


def merge(question: str, lead: str, answers: Sequence[Answer]) -> Answer:
    """Return one answer to a message of several questions, each sentence under the question that it answers.

    It is partial where one of them is, or where one has no answer, which is then named as missing.
    """
    citations: list[Citation] = []
    lines: list[Sentence] = []
    notes: list[Sentence] = []
    missing: list[str] = []
    for answer in answers:
        draft, about = answer.draft, answer.question
        moved = {citation.number: number for number, citation in enumerate(draft.citations, start=len(citations) + 1)}
        citations += [replace(citation, number=moved[citation.number]) for citation in draft.citations]
        lead_in = replace(draft.lead, citations=()) if draft.quotes else draft.lead  # a fact is cited where it stands
        lines += [_moved(sentence, moved, about) for sentence in (lead_in, *draft.quotes)]
        notes += [_moved(note, moved, "") for note in draft.notes if answer.status in _FOUND]
        missing += [f"{about}：{words}" for words in draft.missing] or ([] if answer.status in _FOUND else [about])
    status = _status([answer.status for answer in answers])
    draft = Draft(
        status=status,
        lead=Sentence(lead, tuple(citation.number for citation in citations)),
        quotes=tuple(lines),
        missing=tuple(missing) if status is Status.PARTIAL else (),
        notes=tuple(dict.fromkeys(notes)),
        citations=tuple(citations),
    )
    findings = tuple(finding for answer in answers for finding in answer.findings)
    probability = min(answer.probability for answer in answers)
    query = replace(answers[0].query, original=question, compares=False, aspects=())
    return Answer(question, draft, query, _retrieved(answers), findings, probability=probability)


def _moved(sentence: Sentence, numbers: dict[int, int], about: str) -> Sentence:
    return replace(sentence, citations=tuple(numbers[number] for number in sentence.citations), about=about)


def _status(found: Sequence[Status]) -> Status:
    if len(set(found)) == 1:
        return found[0]
    return Status.PARTIAL if any(status in _FOUND for status in found) else Status.NOT_FOUND


def _retrieved(answers: Sequence[Answer]) -> tuple[Passage, ...]:
    """Return the passages of all answers by turns, each once, ranked anew."""
    turns = chain.from_iterable(zip_longest(*(answer.retrieved for answer in answers)))
    unique = {passage.clause.id: passage for passage in reversed([p for p in turns if p is not None])}
    return tuple(replace(p, rank=rank) for rank, p in enumerate(reversed(unique.values()), start=1))
