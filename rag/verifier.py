"""Verify a draft before it is shown: every claim cited, every citation real, every quote and number in its clause."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.standing import Standing, Standings
from index.store import Store
from index.types import Clause
from rag.text import squeeze
from rag.types import Draft, Finding, Sentence, Status

# Numbers with what they count, dates, 文号: what must stand in the clause as it stands in the sentence.
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*(?:%|％|‰|[万亿千百]?[元人家件个项次名年月日天号倍成平][方个]?)?")
_QUOTED = re.compile(r"[“「『\"]([^”」』\"]{2,})[”」』\"]|《([^》]+)》")


class Verifier:
    """Check drafts against the policies."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._standings = Standings(store.policies)

    def verify(self, draft: Draft, today: date) -> tuple[Draft, tuple[Finding, ...]]:
        """Return the draft without what does not hold, and the findings.

        A quote or note that does not hold is left out; a lead that does not hold, or an answer that is left without
        any quote, makes the answer not found.
        """
        bad = {c.number: finding for c in draft.citations if (finding := self._citation(c.clause_id, c.quote))}
        findings = list(bad.values())
        kept: dict[str, tuple[Sentence, ...]] = {}
        for name in ("quotes", "notes"):
            sentences = getattr(draft, name)
            held = [s for s in sentences if not self._report(self._sentence(draft, s, set(bad)), findings)]
            kept[name] = tuple(held)
        lead = self._sentence(draft, draft.lead, set(bad))
        findings += lead
        findings += self._validity(draft, today)
        claims = draft.status in (Status.ANSWERED, Status.PARTIAL)
        if claims and (lead or len(bad) == len(draft.citations)):
            return Draft(Status.NOT_FOUND, Sentence("")), tuple(findings)
        citations = tuple(c for c in draft.citations if c.number not in bad)
        return replace(draft, citations=citations, **kept), tuple(findings)

    def sentence(self, text: str, clause_ids: Sequence[str]) -> list[Finding]:
        """Return the findings against one drafted sentence that cites `clause_ids`."""
        if not clause_ids:
            return [Finding("no_citation", "没有引用条款", text)]
        clauses = [self._store.clause(clause_id) for clause_id in clause_ids]
        unknown = [i for i, clause in zip(clause_ids, clauses, strict=True) if clause is None]
        found = [Finding("unknown_clause", f"没有条款 {clause_id}", text) for clause_id in unknown]
        return found or self.unsupported(text, [clause for clause in clauses if clause])

    @staticmethod
    def _report(found: Sequence[Finding], findings: list[Finding]) -> bool:
        findings += found
        return bool(found)

    def _citation(self, clause_id: str, quote: str) -> Finding | None:
        clause = self._store.clause(clause_id)
        if clause is None:
            return Finding("unknown_clause", f"没有条款 {clause_id}", quote)
        if squeeze(quote) not in squeeze(clause.text):
            return Finding("not_verbatim", f"引文与 {clause_id} 的原文不一致", quote)
        return None

    def _sentence(self, draft: Draft, sentence: Sentence, bad: set[int]) -> list[Finding]:
        if bad.intersection(sentence.citations) == set(sentence.citations) and sentence.citations:
            return [Finding("no_citation_left", "引用的条款都没有通过核对", sentence.text)]
        ids = {c.number: c.clause_id for c in draft.citations}
        clauses = [self._store.clause(ids[n]) for n in sentence.citations if n in ids and n not in bad]
        return self.unsupported(sentence.text, [clause for clause in clauses if clause])

    def unsupported(self, text: str, clauses: Sequence[Clause]) -> list[Finding]:
        """Return what of a sentence does not stand in `clauses`: figures, dates, names in quotation marks."""
        if not clauses:
            return []
        grounds = _key("".join(self._ground(clause) for clause in clauses))
        findings = []
        for figure in dict.fromkeys(_key(match.group(0)) for match in _FIGURE.finditer(text)):
            if figure not in grounds:
                findings.append(Finding("figure_not_in_clause", f"引用的条款里没有“{figure}”", text))
        for match in _QUOTED.finditer(text):
            name = _key(match.group(1) or match.group(2))
            if name not in grounds:
                findings.append(Finding("name_not_in_clause", f"引用的条款里没有“{name}”", text))
        return findings

    def _ground(self, clause: Clause) -> str:
        """Return what a sentence about a clause may rest on: its text, its headings, its policy's title and number."""
        policy = self._store.policy(clause.policy_id)
        dates = (policy.issued, policy.printed, policy.effective, policy.expires)
        words = "".join(f"{day.year}年{day.month}月{day.day}日" for day in dates if day)
        return "".join((*clause.ancestors, clause.text, policy.title, policy.id, policy.issuer, policy.addressees, words))

    def _validity(self, draft: Draft, today: date) -> list[Finding]:
        """Return a finding for each cited policy that is not in force on the day asked and not said to be."""
        said = "".join(note.text for note in draft.notes)
        findings = []
        for citation in draft.citations:
            clause = self._store.clause(citation.clause_id)
            policy = self._store.policy(clause.policy_id) if clause else None
            standing = self._standings.of(policy, today) if policy else Standing.IN_FORCE
            if standing is not Standing.IN_FORCE and policy.title not in said:
                findings.append(Finding("not_in_force", f"{policy.id} {standing}，答案没有说明", citation.quote))
        return findings


def _key(text: str) -> str:
    """Return the text as figures and names are compared: NFKC, without white space, emphasis and inner marks."""
    return re.sub(r"[“”\"‘’'《》]", "", unicodedata.normalize("NFKC", squeeze(text)))
