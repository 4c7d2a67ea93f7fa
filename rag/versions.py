"""Keep questions to the policies in force on the day that they are about."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from index.lexicon import fold
from index.standing import Standing, Standings
from index.types import Policy
from rag.asked_day import asked_days, asked_versions
from rag.text import normalise
from rag.types import Query

# Words that ask for what was before; 原来的 and the like only with a word for a document.
_FORMER = re.compile(
    r"旧版|老版|旧的|老的|老(?:那|一)[份版]|从前|曾经|修订前|修改前|上一版|前一版|历史版本|已经?(?:废止|失效|到期|过期)的|新旧|新老|前后两[份版]"
    r"|(?:^|[，。；、：])当年|当年(?:在|那|按|定|执行|适用)|那会儿|那时候?"
    r"|(?:原来|以前|过去|原先|之前|先前|当时)的?[^，。？?]{0,6}(?:规定|政策|办法|标准|细则|条例|版|文件|方案|补|奖|多少|是怎)"
    r"|old(?:er)? (?:version|rules?|policy)|previous (?:version|rules?|policy)|former rules?|used to",
    re.IGNORECASE,
)
_TITLE = 8  # characters of a title from which its standing in a question is no accident
_DAYS_KEPT = 64  # days whose policies are kept: today and the years that people ask about


class Versions:
    """Tell which policies a question is not about: expired, replaced, or not yet in force on the day it asks for."""

    def __init__(self, standings: Standings, today: Callable[[], date] = date.today) -> None:
        self._policies = standings.policies
        self._folded = {p.id: (fold(p.number), fold(p.title)) for p in standings.policies}
        self._standings = standings
        self._today = today
        self._dead: dict[date, frozenset[str]] = {}
        self._called: tuple[date, dict[str, tuple[str, ...]]] = date.min, {}

    def unwanted(self, query: Query) -> frozenset[str]:
        """Return the ids of the policies that a question is not to be answered from.

        A policy that is not in force is wanted where the question asks for it: by 文号 or title, by a day or version
        (2019年时, 2010年版), as what was before, or because the answer before cited it. A question that sets several
        versions side by side, or that gives a day, is answered from those of that day.
        """
        today, asked = self._today(), normalise(query.original)
        dead = self._not_in_force(today)
        then = [self._not_in_force(day) for day in asked_days(asked, today)]
        then += [self._not_of(year) for year in asked_versions(asked) if year <= today.year]
        if then:
            dead = frozenset.intersection(*then, *([dead] if query.compares else []))
        elif _FORMER.search(asked):
            dead = frozenset(p.id for p in self._of(dead) if self._standings.of(p, today) is Standing.NOT_YET)
        text, names = fold(query.text), self._names(today)
        return frozenset(i for i in dead if not (any(name in text for name in names[i]) or _cited(i, query.previous)))

    def expired(self, policies: frozenset[str]) -> frozenset[str]:
        """Return those of `policies` that have expired, and that nothing has taken the place of."""
        today = self._today()
        return frozenset(p.id for p in self._of(policies) if self._standings.of(p, today) is Standing.EXPIRED)

    def _not_of(self, year: int) -> frozenset[str]:
        """Return the policies that are no version of a year: those not in force at its end, and not issued in it."""
        issued = {p.id for p in self._policies if p.edition and p.edition.year == year}
        before = {old for p in self._of(frozenset(issued)) for old in self._standings.predecessors(p)} - issued
        return (self._not_in_force(min(date(year, 12, 31), self._today())) - issued) | before

    def _of(self, ids: frozenset[str]) -> Iterable[Policy]:
        return (policy for policy in self._policies if policy.id in ids)

    def _not_in_force(self, day: date) -> frozenset[str]:
        """Return the policies that do not count on a day; one to come counts where nothing holds in its place yet."""
        if day not in self._dead:
            if len(self._dead) >= _DAYS_KEPT:
                self._dead.clear()
            standing = {policy.id: self._standings.of(policy, day) for policy in self._policies}
            past = day < self._today()
            self._dead[day] = frozenset(
                policy.id
                for policy in self._policies
                if standing[policy.id] in (Standing.EXPIRED, Standing.REPLACED)
                or (standing[policy.id] is Standing.NOT_YET and (past or self._replaces_one(policy, standing)))
            )
        return self._dead[day]

    def _names(self, today: date) -> dict[str, tuple[str, ...]]:
        """Return by what each policy is called in folded questions: its 文号, its title where its successor has another."""
        if self._called[0] != today:
            self._called = today, {policy.id: tuple(self._names_of(policy, today)) for policy in self._policies}
        return self._called[1]

    def _names_of(self, policy: Policy, today: date) -> Iterable[str]:
        if policy.number:
            yield fold(policy.number)
        title, successor = fold(policy.title), self._standings.successor(policy, today)
        if len(title) >= _TITLE and (successor is None or title not in fold(successor.policy.title)):
            yield title

    def _replaces_one(self, policy: Policy, standing: dict[str, Standing]) -> bool:
        return any(standing[old] is Standing.IN_FORCE for old in self._standings.predecessors(policy))


def _cited(policy_id: str, clauses: Iterable[str]) -> bool:
    """Tell whether one of `clauses` is a policy's."""
    return any(clause_id.startswith(f"{policy_id}/") for clause_id in clauses)
