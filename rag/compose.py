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
from rag.replies import Replies
from rag.text import squeeze
from rag.types import Answer, Citation, Draft, Passage, Query, Sentence, Status
from rag.validity import ValidityNotes, date_words

# Words by which a clause grants, and by which it forbids; they decide the first word of an answer to “may we …”.
_GRANTS = re.compile(r"支持|鼓励|给予|提供|可以|可(?:向|按|凭|申请|享受)|资助|奖励|补贴|享受|优先")
_FORBIDS = re.compile(r"不得|禁止|不予|不能|不可以|不享受|不适用|不再")
# Words that make a question one of yes or no.
_YES_NO = re.compile(r"[吗么嘛]|能不能|可不可以|有没有|是不是|会不会|行不行|给不给|算不算|要不要|能否|是否|可否|[^什怎多那这]么[？?]?$|不$|没$|\b(?:can|does|do|is|are)\b", re.IGNORECASE)
# Words that ask for something else than yes or no.
_OPEN = re.compile(r"哪|什么|多少|多大|几|谁|怎|为何|为啥|啥|何时|分别|各|\b(?:what|which|how|who|when|where|why)\b", re.IGNORECASE)
_PARTS = re.compile("[，,。；;？?！!]")  # a question may ask for more: 能贴息吗，贴多少
_GENERIC = "符合条件的"  # a condition that refers to conditions without naming them
_SURE = 0.8  # probability of every quoted passage's best sentence from which the verdict says yes or no
# A condition that limits what is granted: “对符合条件的…企业”.
CONDITION = re.compile(r"(?:对)?((?:符合|具备|满足|经认定|经备案)[^，。；、]{0,24}?的[^，。；、给按提申享可予“]{1,20})")


class Composer:
    """Write drafts of every status."""

    def __init__(
        self, store: Store, replies: Replies, validity: ValidityNotes, suggestions: Sequence[str] = ()
    ) -> None:
        self._store = store
        self._replies = replies
        self._validity = validity
        self._suggestions = tuple(suggestions)

    def answer(self, query: Query, evidence: Sequence[Evidence], missing: Sequence[str], today: date) -> Draft:
        """Return the draft of an answer from the evidence, in its order.

        :param missing: Chinese names of the asked details that the evidence does not state; makes it partial.
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
            lead=Sentence(self._past_lead(evidence, today) or self._lead(query, evidence, missing), everything),
            quotes=quotes,
            missing=tuple(missing),
            notes=(*self._notes(evidence, citations, missing, today), *self._beyond(query, evidence)),
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
        lead = self._replies("headers", field=answers[0].field)
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
        if query.foreign:
            lead = self._replies("foreign", places="、".join(query.foreign))
        else:
            lead = self._replies("not_found")
        notes = []
        if nearest is not None and not query.foreign:
            address = f"{written(nearest.clause)} {heading_words(nearest.clause.heading)}".strip()
            notes.append(Sentence(self._replies("nearest", address=address)))
        titles = "、".join(f"《{policy.title}》" for policy in self._store.policies[:_TITLES])
        more = f"等 {len(self._store.policies)} 份" if len(self._store.policies) > _TITLES else ""
        notes.append(Sentence(self._replies("ask_elsewhere", titles=titles + more)))
        return Draft(Status.NOT_FOUND, Sentence(lead), notes=tuple(notes))

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

    def _lead(self, query: Query, evidence: Sequence[Evidence], missing: Sequence[str]) -> str:
        verdict = _verdict(query.original, evidence)
        if missing:
            return self._replies("yes_partly" if verdict == "yes" else "partly", missing="、".join(missing))
        if query.compares and len({piece.clause.policy_id for piece in evidence}) > 1:
            return self._replies("compared")
        likeliest = max(query.details, key=lambda item: item[1], default=("", 0.0))[0]
        return self._replies(verdict or ("listed" if likeliest == "list" else "stated"))

    def _notes(
        self, evidence: Sequence[Evidence], citations: Sequence[Citation], missing: Sequence[str], today: date
    ) -> tuple[Sentence, ...]:
        notes = []
        policies = {piece.clause.policy_id: self._store.policy(piece.clause.policy_id) for piece in evidence}
        conditions: dict[str, list[int]] = {}
        for piece, citation in zip(evidence, citations, strict=True):
            for match in CONDITION.finditer(piece.text):
                conditions.setdefault(match.group(1), []).append(citation.number)
        for reply, generic in (("conditional", False), ("unlisted", True)):
            found = {words: numbers for words, numbers in conditions.items() if words.startswith(_GENERIC) is generic}
            numbers = tuple(dict.fromkeys(number for several in found.values() for number in several))
            if found:
                notes.append(Sentence(self._replies(reply, conditions="”“".join(found)), numbers))
        notes += [note for policy in policies.values() if (note := self._validity.note(policy, today))]
        issuers = tuple(dict.fromkeys(policy.issuer for policy in policies.values() if policy.issuer))
        if missing and issuers:
            notes.append(Sentence(self._replies("ask_issuer", issuer="、".join(issuers))))
        return tuple(notes)

    def _beyond(self, query: Query, evidence: Sequence[Evidence]) -> list[Sentence]:
        policies = {piece.clause.policy_id: self._store.policy(piece.clause.policy_id) for piece in evidence}
        quoted = "".join(piece.text for piece in evidence)
        notes = (self._validity.beyond(policy, query.text, quoted) for policy in policies.values())
        return [note for note in notes if note]


_TITLES = 5  # titles named where nothing was found; more would bury the answer


def heading_words(heading: str) -> str:
    """Return a heading without its number.

    Example: "（一）深化体制机制改革创新" -> "深化体制机制改革创新"
    """
    return re.sub(r"^(?:第[^\s]{1,8}[条章节编]|[（(]?[一二三四五六七八九十\d]+[）)、.．])\s*", "", heading).strip(" 。*")


def plain_text(answer: Answer) -> str:
    """Return the whole answer as plain text, for copying, the command line and evaluation."""
    draft = answer.draft
    by_number = {citation.number: citation for citation in draft.citations}
    lines = [draft.lead.text]
    quoted = {number for sentence in draft.quotes for number in sentence.citations}
    about = ""
    for sentences, start in ((draft.prose, ""), (draft.quotes, "原文：" if draft.prose else "")):
        for sentence in sentences:
            if sentence.about != about:
                about = sentence.about
                lines.append(f"【{about}】")
            addresses = "；".join(dict.fromkeys(by_number[number].address for number in sentence.citations))
            lines.append(f"{start}{sentence.text}（{addresses}）" if addresses else f"{start}{sentence.text}")
    for number, citation in by_number.items():
        if number not in quoted:
            lines.append(f"依据：“{citation.quote}”（{citation.address}）")
    if draft.missing:
        lines.append(Replies.load()("missing", missing="、".join(draft.missing)))
    lines += [note.text for note in draft.notes]
    lines += [f"· {question}" for question in draft.suggestions]
    return "\n".join(lines)


def _verdict(question: str, evidence: Sequence[Evidence]) -> str:
    """Return "yes" or "no" where a part of the question asks so and all that is quoted says so, else ""."""
    asked = any(_YES_NO.search(part) and not _OPEN.search(part) for part in _PARTS.split(question) if part)
    text = "".join(piece.text for piece in evidence)
    grants, forbids = _GRANTS.search(text) is not None, _FORBIDS.search(text) is not None
    if not asked or grants is forbids or min(piece.probability for piece in evidence) < _SURE:
        return ""
    return "yes" if grants else "no"


def _day_stated(answer: HeaderAnswer) -> str:
    """Return a fact that is a date in ISO 8601, "" for any other, so that dates sort and the rest keeps its order."""
    return answer.fact.value if date_words(answer.fact.value) else ""
