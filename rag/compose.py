"""Compose a draft from evidence, without a language model: the verdict, the quotes, what is not stated."""

import re
from collections.abc import Sequence
from datetime import date

from index.align import locate
from index.store import Store
from index.types import Policy
from rag.address import written
from rag.evidence import Evidence
from rag.header import HeaderAnswer
from rag.notes import NoteWriter
from rag.replies import Replies
from rag.text import squeeze
from rag.types import Citation, Draft, Passage, Query, Sentence, Status
from rag.validity import ValidityNotes, date_words
from rag.verdict import verdict


class Composer:
    """Write drafts of every status."""

    def __init__(
        self, store: Store, replies: Replies, validity: ValidityNotes, suggestions: Sequence[str] = ()
    ) -> None:
        self._store = store
        self._replies = replies
        self._validity = validity
        self._notes = NoteWriter(store, replies, validity)
        self._suggestions = tuple(suggestions)

    def answer(
        self, query: Query, evidence: Sequence[Evidence], missing: Sequence[str], today: date, *, sure: bool = True
    ) -> Draft:
        """Return the draft of an answer from the evidence, in its order.

        :param missing: Chinese names of the asked details that the evidence does not state; makes it partial.
        :param sure: whether the evidence answers, as far as can be told; else it is offered as what comes nearest.
        """
        citations = tuple(self._citation(number, piece) for number, piece in enumerate(evidence, start=1))
        sides = {piece.clause.policy_id for piece in evidence} if query.compares else ()
        quotes = tuple(
            Sentence(f"“{c.quote}”", (c.number,), self._title(piece) if len(sides) > 1 else "")
            for c, piece in zip(citations, evidence, strict=True)
        )
        everything = tuple(c.number for c in citations)
        return Draft(
            status=Status.PARTIAL if missing else Status.ANSWERED,
            lead=Sentence(self._past_lead(evidence, today) or self._lead(query, evidence, missing, sure), everything),
            quotes=quotes,
            missing=tuple(missing),
            notes=self._notes(query, tuple(zip(evidence, citations, strict=True)), missing, today),
            citations=citations,
        )

    def header(self, answers: Sequence[HeaderAnswer], today: date) -> Draft:
        """Return the draft of an answer from the register, dates in their order."""
        citations, lines = [], []
        for number, answer in enumerate(sorted(answers, key=_day_stated), start=1):
            citations.append(self._header_citation(number, answer))
            lines.append(Sentence(self._fact(answer, citations[-1].quote), (number,)))
        policies = {answer.policy.id: answer.policy for answer in answers}
        notes = tuple(note for policy in policies.values() if (note := self._validity.note(policy, today)))
        if len(lines) == 1:
            return Draft(Status.ANSWERED, lines[0], notes=notes, citations=tuple(citations))
        lead = self._replies("headers", field="、".join(dict.fromkeys(answer.field for answer in answers)))
        everything = tuple(citation.number for citation in citations)
        return Draft(Status.ANSWERED, Sentence(lead, everything), tuple(lines), notes=notes, citations=tuple(citations))

    def _header_citation(self, number: int, answer: HeaderAnswer) -> Citation:
        span = answer.fact.span
        quote = re.sub(r"\s+", " ", answer.policy.text[span.start : span.end]).strip()
        return Citation(number, answer.clause.id, written(answer.clause), quote, span.start, span.end)

    def _fact(self, answer: HeaderAnswer, quote: str) -> str:
        """Return a fact in words; a day that was worked out from the period in the title is not stated as a fact."""
        title = f"《{answer.policy.title}》"
        if answer.fact.field == "expires" and not answer.policy.states_expiry:
            return self._replies("period", title=title, field=answer.field, period=answer.policy.period)
        value = date_words(answer.fact.value) or answer.fact.value
        stated = squeeze(value) in squeeze(quote)  # else it stands in other numerals, or with more words
        return self._replies("header", title=title, field=answer.field, value=value if stated else quote)

    def past(self, policy: Policy, ground: HeaderAnswer | None) -> Draft:
        """Return the draft that names an expired policy which had an answer, and quotes what says so.

        :param ground: its expiry as the text states it, None where a person entered it.
        """
        notes = (self._validity.how_to_ask(),)
        lead = self._validity.past(policy)
        if ground is None:
            return Draft(Status.NOT_FOUND, lead, notes=notes)
        citation = self._header_citation(1, ground)
        return Draft(Status.PARTIAL, lead, (Sentence(f"“{citation.quote}”", (1,)),), notes=notes, citations=(citation,))

    def not_found(self, query: Query, nearest: Passage | None) -> Draft:
        """Return the draft that says that the documents do not say, with the nearest clause by address only."""
        if places := query.foreign + query.abroad:
            lead = self._replies("foreign", places="、".join(places))
        else:
            lead = self._replies("not_found")
        notes = []
        if nearest is not None and not places:
            address = f"{written(nearest.clause)} {heading_words(nearest.clause.heading)}".strip()
            notes.append(Sentence(self._replies("nearest", address=address)))
        notes.append(Sentence(self._replies("ask_elsewhere", count=len(self._store.policies))))
        return Draft(Status.NOT_FOUND, Sentence(lead), notes=tuple(notes))

    def chitchat(self) -> Draft:
        """Return the reply to small talk."""
        return self.fixed(Status.CHITCHAT, self._replies("chitchat"))

    def fixed(self, status: Status, reply: str) -> Draft:
        """Return a fixed reply, with questions worth asking after small talk."""
        suggestions = self._suggestions if status is Status.CHITCHAT else ()
        return Draft(status, Sentence(reply), suggestions=suggestions)

    def _citation(self, number: int, piece: Evidence) -> Citation:
        policy = self._store.policy(piece.clause.policy_id)
        quote = piece.text.strip()
        span = locate(policy.text, piece.clause, quote)
        return Citation(number, piece.clause.id, written(piece.clause), quote, span.start, span.end)

    def _title(self, piece: Evidence) -> str:
        return self._store.policy(piece.clause.policy_id).title

    def _past_lead(self, evidence: Sequence[Evidence], today: date) -> str:
        """Return the lead of an answer that rests on nothing in force any more, "" for any other."""
        policies = (self._store.policy(piece.clause.policy_id) for piece in evidence)
        return self._replies("then") if all(self._validity.over(policy, today) for policy in policies) else ""

    def _lead(self, query: Query, evidence: Sequence[Evidence], missing: Sequence[str], sure: bool) -> str:
        if not sure:
            return self._replies("tentative")
        said = verdict(query.original, evidence)
        if missing:
            return self._replies("yes_partly" if said == "yes" else "partly", missing="、".join(missing))
        if query.compares and len({piece.clause.policy_id for piece in evidence}) > 1:
            return self._replies("compared")
        likeliest = max(query.details, key=lambda item: item[1], default=("", 0.0))[0]
        return self._replies(said or ("listed" if likeliest == "list" else "stated"))


def heading_words(heading: str) -> str:
    """Return a heading without its number.

    Example: "（一）深化体制机制改革创新" -> "深化体制机制改革创新"
    """
    return re.sub(r"^(?:第[^\s]{1,8}[条章节编]|[（(]?[一二三四五六七八九十\d]+[）)、.．])\s*", "", heading).strip(" 。*")


def _day_stated(answer: HeaderAnswer) -> str:
    """Return a fact that is a date in ISO 8601, "" for any other, so that dates sort and the rest keeps its order."""
    return answer.fact.value if date_words(answer.fact.value) else ""
