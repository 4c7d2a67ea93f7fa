"""Verify a draft before it is shown: every claim cited, every citation real, every quote and number in its clause."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from index.lexicon import fold
from index.standing import Standing, Standings
from index.store import Store
from index.types import Clause
from rag.figures import figures
from rag.grounds import Ground, cuts, grounds, header_ground, units
from rag.matching import PieceEncoder
from rag.support import UNSUPPORTED, Support, SupportFinder, goes_on, is_open, stands_alone
from rag.text import squeeze
from rag.types import Draft, Finding, Sentence, Status
from rag.verifier_conditions import ConditionFinder, longest
from rag.verifier_figures import HEADER, FigureCheck
from rag.verifier_relations import RelationCheck, names, plain
from rag.verifier_stance import StanceCheck, opened, verdict_problems
from rag.verifier_surface import Problem, surface
from rag.wording import WordReader

_QUOTE = re.compile(r"“[^”]*”")
_CACHE = 4096  # clauses read as sentences


class Verifier:
    """Check drafts against the policies."""

    def __init__(self, store: Store, words: PieceEncoder, unsupported: float = UNSUPPORTED) -> None:
        """Verify against a store.

        :param words: the bundled static encoder, which has a vector for each word.
        :param unsupported: weight of words without ground from which a sentence falls.
        """
        self._store = store
        self._standings = Standings(store.policies)
        self._finder = SupportFinder(WordReader(words), unsupported)
        self._figures = FigureCheck(self._finder)
        self._stance = StanceCheck(self._finder)
        self._conditions = ConditionFinder(self._finder)
        self._relations = RelationCheck(self._finder)
        self._grounds = lru_cache(maxsize=_CACHE)(self._grounds_of)

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

    def sentence(self, text: str, clause_ids: Sequence[str], told: str = "") -> list[Finding]:
        """Return the findings against one drafted sentence that cites `clause_ids`.

        :param told: what is shown beside it, where a condition of the clause may stand instead.
        """
        if not clause_ids:
            return [Finding("no_citation", "没有引用条款", text)]
        clauses = [self._store.clause(clause_id) for clause_id in clause_ids]
        unknown = [i for i, clause in zip(clause_ids, clauses, strict=True) if clause is None]
        found = [Finding("unknown_clause", f"没有条款 {clause_id}", text) for clause_id in unknown]
        return found or self.unsupported(text, [clause for clause in clauses if clause], told)

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

    def inserted(self, text: str, clauses: Sequence[Clause]) -> list[Finding]:
        """Return what was put into a fixed reply and does not stand in `clauses`: figures, names, quotes.

        The words of the replies themselves are the program's and claim no more than what is put in.
        """
        if not clauses:
            return []
        header = "".join(header_ground(c, self._store.policy(c.policy_id)) for c in clauses)
        everything = header + "".join(ground.everything for c in clauses for ground in self._grounds(c.id))
        source = plain(everything + fold("".join(c.text for c in clauses)))
        problems = list(names(fold(text), source, clauses))
        offered = figures(everything)
        for figure in figures(fold(_QUOTE.sub("", text))):
            if not any(figure.equals(other) for other in offered):
                problems.append(("figure_not_in_clause", f"引用的条款里没有“{figure.written}”"))
        return [Finding(code, message, text) for code, message in dict.fromkeys(problems)]

    def _sentence(self, draft: Draft, sentence: Sentence, bad: set[int]) -> list[Finding]:
        if bad.intersection(sentence.citations) == set(sentence.citations) and sentence.citations:
            return [Finding("no_citation_left", "引用的条款都没有通过核对", sentence.text)]
        ids = {c.number: c.clause_id for c in draft.citations}
        clauses = [self._store.clause(ids[n]) for n in sentence.citations if n in ids and n not in bad]
        return self.inserted(sentence.text, [clause for clause in clauses if clause])

    def unsupported(self, text: str, clauses: Sequence[Clause], told: str = "") -> list[Finding]:
        """Return what of a sentence does not rest on `clauses`."""
        if not clauses:
            return []
        problems = dict.fromkeys(self._problems(text, clauses, fold(told)))
        return [Finding(code, message, text) for code, message in problems]

    def conditions(self, clause: Clause, sentence: str) -> list[str]:
        """Return the conditions and exceptions of a clause that a drafted sentence leaves out, in the clause's order.

        Each is a phrase of the clause, folded (NFKC, without white space), fit to be shown in quotation marks or looked
        for in the clause. Empty where the sentence keeps all that limits what it says.

        Example: "给予贷款贴息" beside "对符合条件的企业按照规定给予贷款贴息" -> ["对符合条件的企业", "按照规定"]
        """
        found: list[str] = []
        said, grounds = fold(sentence), self._grounds(clause.id)
        for unit in units(said) if grounds else ():
            support = self._finder.best(unit, grounds)
            found += self._conditions.dropped(unit, support.ground, said)
        return longest(found)

    def _problems(self, text: str, clauses: Sequence[Clause], told: str) -> Iterator[Problem]:
        grounds = [ground for clause in clauses for ground in self._grounds(clause.id)]
        header = "".join(header_ground(c, self._store.policy(c.policy_id)) for c in clauses)
        everything = header + "".join(ground.everything for ground in grounds)
        yield from surface(text, everything)
        said = fold(text)
        yield from names(said, plain(everything), clauses)
        for unit in units(said):
            verdict, claim = opened(unit)
            yield from verdict_problems(verdict, claim, everything, self._finder)
            yield from self._unit(claim, said + told, grounds, header)

    def _unit(self, unit: str, said: str, grounds: Sequence[Ground], header: str) -> Iterator[Problem]:
        if HEADER.search(unit):
            grounds = [*grounds, Ground(header, "", "")]
        supports = self._supports(unit, grounds)
        for part, support in supports:
            yield from self._figures(part, grounds, support.ground, header)
            if not support.holds:
                worst = "”“".join(word.text for word, lack in support.missing if lack > 1)
                yield "unsupported", f"引用的条款里没有哪一句支持“{worst}”"
                return
            yield from self._stance(part, support)
            yield from self._relations(part, support)
            dropped = longest(self._conditions.dropped(part, support.ground, said)) if support.ground.text != header else []
            if dropped:
                yield "condition_dropped", f"漏了条款里的条件或例外“{'”“'.join(dropped)}”"

    def _supports(self, unit: str, grounds: Sequence[Ground]) -> list[tuple[str, Support]]:
        """Return a unit with the sentence on which it rests; cut in two where each half stands by itself on one."""
        whole = self._finder.best(unit, grounds)
        if whole.whole:
            return [(unit, whole)]
        for left, right in cuts(unit):
            first = self._finder.best(left, grounds)
            if not first.whole or not first.said:
                continue
            rest = self._supports(right, grounds)
            second = rest[0][1].ground
            listed = first.ground.lead != "" and first.ground.lead == second.lead and not is_open(left)  # items of one list
            joined = listed or stands_alone(left, right) or goes_on(left, right, first.ground, second, grounds)
            if joined and all(support.whole for _, support in rest):
                return [(left, first), *rest]
        return [(unit, whole)]

    def _grounds_of(self, clause_id: str) -> tuple[Ground, ...]:
        clause = self._store.clause(clause_id)
        return grounds(clause, self._store.policy(clause.policy_id))

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
