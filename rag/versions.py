"""Which policies newer ones have taken the place of, read from the policies themselves."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from index.lexicon import NUMBER, fold
from index.types import Policy
from rag.types import Query

_REPEALS = re.compile(r"[^。；\n]*(?:废止|停止执行|失效)[^。；\n]*")
# What a title may carry or lack from one version to the next.
_EDITION = re.compile(r"\((?:试行|暂行|修[订正]版?|[^()]*年[^()]*(?:修订|修正|版))\)$")
# Words that ask for what was before.
_FORMER = re.compile(r"旧版|老版|旧的|老的|原来的|以前的|过去的|原先|废止|修订前|上一版|old version|previous version", re.IGNORECASE)


def replaced(policies: Iterable[Policy]) -> frozenset[str]:
    """Return the ids of policies that a newer version of the same title, or another policy's words, have replaced."""
    policies = tuple(policies)
    editions: dict[str, list[Policy]] = defaultdict(list)
    for policy in policies:
        editions[_EDITION.sub("", fold(policy.title))].append(policy)
    found = {old.id for same in editions.values() for old in _older(same)}
    numbers = {fold(policy.number): policy for policy in policies if policy.number}
    for policy in policies:
        for number in _repealed(policy):
            old = numbers.get(number)
            if old is not None and old is not policy and not _newer(old, policy):
                found.add(old.id)
    return frozenset(found)


def _older(same: list[Policy]) -> list[Policy]:
    """Return all but the newest of the versions of one title; versions without a date are left alone."""
    dated = sorted((policy for policy in same if policy.issued), key=lambda policy: policy.issued or date.min)
    return [policy for policy in dated[:-1] if _newer(dated[-1], policy)]


def _newer(one: Policy, other: Policy) -> bool:
    return bool(one.issued and other.issued and one.issued > other.issued)


def _repealed(policy: Policy) -> Iterable[str]:
    """Yield the 文号, folded, that a policy's text declares void."""
    for match in _REPEALS.finditer(re.sub(r"\s", "", policy.text)):
        yield from (number.group(0) for number in NUMBER.finditer(fold(match.group(0))))


class Versions:
    """Keep questions to the versions that they ask for."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        policies = tuple(policies)
        old = replaced(policies)
        self._old = tuple(policy for policy in policies if policy.id in old)

    def unwanted(self, query: Query) -> frozenset[str]:
        """Return the ids of replaced policies, less those that a question asks for by 文号, year, or as what was before."""
        if not self._old or _FORMER.search(query.original):
            return frozenset()
        text = fold(query.text)
        years = set(re.findall(r"(?:19|20)\d\d", text))
        return frozenset(
            policy.id
            for policy in self._old
            if str(policy.issued.year if policy.issued else "") not in years and (fold(policy.number) or "\n") not in text
        )
