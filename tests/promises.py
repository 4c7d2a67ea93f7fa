"""What every answer promises, whatever was asked."""

import re
import unicodedata
from collections.abc import Iterator

from index.store import Store
from rag.plain import plain_text
from rag.types import Answer, Status

_ASIDE = re.compile(r"[\s*#]")
CLAIMS = (Status.ANSWERED, Status.PARTIAL)


def plain(text: str) -> str:
    return _ASIDE.sub("", text)


def broken(answer: Answer, store: Store) -> list[str]:
    """Return the promises that an answer breaks, in words; none for a good one."""
    return [*_citations(answer, store), *_sentences(answer), *_numbers(answer, store)]


def _citations(answer: Answer, store: Store) -> Iterator[str]:
    if [citation.number for citation in answer.citations] != list(range(1, len(answer.citations) + 1)):
        yield f"citations are numbered {[citation.number for citation in answer.citations]}"
    if (answer.status in CLAIMS) is not bool(answer.citations):
        yield f"{answer.status} with {len(answer.citations)} citations"
    for citation in answer.citations:
        clause = store.clause(citation.clause_id)
        if clause is None:
            yield f"no clause {citation.clause_id}"
            continue
        source = store.policy(clause.policy_id).text[citation.start : citation.end]
        if not plain(citation.quote) or plain(citation.quote) not in plain(clause.text):
            yield f"not in {clause.id}: {citation.quote!r}"
        if plain(source) != plain(citation.quote):
            yield f"characters {citation.start} to {citation.end} are {source!r}, not {citation.quote!r}"
        if not citation.address.startswith(clause.policy_id):
            yield f"address {citation.address}"


def _sentences(answer: Answer) -> Iterator[str]:
    draft, numbers = answer.draft, {citation.number for citation in answer.citations}
    if not draft.lead.text.strip() or not re.search("[一-鿿]", draft.lead.text):
        yield f"lead {draft.lead.text!r}"
    for sentence in (draft.lead, *draft.prose, *draft.quotes, *draft.notes):
        if not set(sentence.citations) <= numbers:
            yield f"{sentence.text!r} cites {sentence.citations}"
    if answer.status in CLAIMS and not draft.lead.citations:
        yield "a lead that rests on nothing"
    if any(not sentence.citations for sentence in draft.prose):
        yield "prose that rests on nothing"
    quotes = {citation.number: citation.quote for citation in answer.citations}
    for sentence in draft.quotes:
        inner = sentence.text.removeprefix("“").removesuffix("”")
        if inner != sentence.text and not any(plain(inner) in plain(quotes[n]) for n in sentence.citations):
            yield f"shown as a quote: {sentence.text!r}"
    if bool(draft.missing) is not (answer.status is Status.PARTIAL):
        yield f"{answer.status} with {draft.missing} missing"
    if any(missing not in plain_text(answer) for missing in draft.missing):
        yield f"{draft.missing} is not said to be missing"


def _numbers(answer: Answer, store: Store) -> Iterator[str]:
    """Hold the numbers in the answer's own words against the cited clauses, and the titles and dates of their policies."""
    if answer.status not in CLAIMS:
        return
    clauses = [store.clause(citation.clause_id) for citation in answer.citations]
    ground = "".join(f"{clause.policy_id}{store.policy(clause.policy_id).title}{clause.text}" for clause in clauses)
    days = "".join(f"{d.year}年{d.month}月{d.day}日" for c in clauses
                   for d in (store.policy(c.policy_id).effective, store.policy(c.policy_id).expires) if d)  # fmt: skip
    draft = answer.draft
    own = (draft.lead, *draft.prose)
    for sentence, known in (*((one, ground) for one in own), *((note, ground + days) for note in draft.notes)):
        known = unicodedata.normalize("NFKC", plain(known))
        for number in re.findall(r"\d+(?:\.\d+)?", unicodedata.normalize("NFKC", plain(sentence.text))):
            if not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", known):
                yield f"the number {number} of {sentence.text!r} stands in no cited clause"
