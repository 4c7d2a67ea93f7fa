"""Judge whether a model's sentences, each of which holds, together answer what the extractive answer does."""

from collections.abc import Iterator, Sequence

from rag.details import DETAILS
from rag.numbered import Numbered
from rag.types import Answer, Draft, Finding, Sentence

_ASKED = 0.4  # probability of a kind of detail from which prose must state it where the quotes do; as in rag/sufficiency.py


def answers(answer: Answer, numbered: Numbered, prose: Sequence[Sentence]) -> bool:
    """Tell whether prose carries what the extractive answer rests on.

    It must cite the clause of the first quote, every policy of a comparison, and state each kind of detail that is asked
    for and that the quotes state.
    """
    numbers = {number for sentence in prose for number in sentence.citations}
    cited = {citation.clause_id for citation in answer.citations if citation.number in numbers}
    if answer.citations[0].clause_id not in cited:
        return False
    policies = {clause.policy_id for clause in numbered.clauses}
    if answer.query.compares and policies != {clause.policy_id for clause in numbered.clauses if clause.id in cited}:
        return False
    said, quoted = "".join(s.text for s in prose), "".join(c.quote for c in answer.citations)
    asked = dict(answer.query.details)
    kinds = (detail for detail in DETAILS if asked.get(detail.name, 0.0) >= _ASKED)
    return all(detail.stated.search(said) for detail in kinds if detail.stated.search(quoted))


def beyond(text: str, draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each kind of detail that a sentence states although the answer says that it is missing."""
    quoted = "".join(citation.quote for citation in draft.citations)
    for detail in DETAILS:
        if detail.missing in draft.missing and detail.stated.search(text) and not detail.stated.search(quoted):
            yield Finding("states_missing", f"答案说文件没有写明{detail.missing}，这一句却写了", text)
