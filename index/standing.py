"""Which policies are in force on a day, and which newer ones have taken the place of others."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from index.lexicon import NUMBER, fold
from index.types import Policy

# What a title may carry or lack from one version to the next: （试行）, （2024年修订）.
_EDITION = re.compile(r"(?:\((?:试行|暂行|试点|修[订正]版?|[^()]*年[^()]*(?:修订|修正|版))\))+$")


class Standing(StrEnum):
    """How a policy stands on a day, in words for people."""

    IN_FORCE = "现行有效"
    NOT_YET = "尚未施行"
    EXPIRED = "已到期"
    REPLACED = "已被取代"


@dataclass(frozen=True, slots=True)
class Successor:
    """A policy that takes the place of another."""

    policy: Policy
    day: date | None  # from when; None where neither says


class Standings:
    """The standing of each policy of a library, worked out from the register of all."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        # Without their texts, which are not needed and would be kept for as long as the library is served.
        self.policies = policies = tuple(replace(policy, text="", doubts=()) for policy in policies)
        self._successors: dict[str, list[Successor]] = defaultdict(list)
        self._predecessors: dict[str, list[str]] = defaultdict(list)
        for same in _by_title(policies).values():
            self._versions(same)
        self._repeals(policies)
        for found in self._successors.values():
            found.sort(key=lambda successor: successor.day or date.min)

    def of(self, policy: Policy, day: date) -> Standing:
        """Return the standing of a policy on a day."""
        since = first_day(policy)
        if since and day < since:
            return Standing.NOT_YET
        if self.successor(policy, day):
            return Standing.REPLACED
        if policy.expires and policy.expires < day:
            return Standing.EXPIRED
        return Standing.IN_FORCE

    def successor(self, policy: Policy, day: date) -> Successor | None:
        """Return what stands in the place of a policy on a day: of several the last."""
        found = [s for s in self._successors.get(policy.id, ()) if s.day is None or s.day <= day]
        return found[-1] if found else None

    def successors(self, policy: Policy) -> tuple[Successor, ...]:
        """Return all that take the place of a policy, the earliest first."""
        return tuple(self._successors.get(policy.id, ()))

    def coming(self, policy: Policy, day: date) -> Successor | None:
        """Return what will take the place of a policy after a day: of several the first."""
        return next((s for s in self._successors.get(policy.id, ()) if s.day and s.day > day), None)

    def predecessors(self, policy: Policy) -> tuple[str, ...]:
        """Return the ids of the policies whose place a policy takes."""
        return tuple(self._predecessors.get(policy.id, ()))

    def _versions(self, same: list[Policy]) -> None:
        """Note the later versions of each version of one title; versions without a date are left alone."""
        for old in same:
            for new in same:
                if _day_of(old) and _day_of(new) and _day_of(old) < _day_of(new):
                    self._note(old, new)

    def _repeals(self, policies: tuple[Policy, ...]) -> None:
        numbers = {fold(policy.number): policy for policy in policies if policy.number}
        titles: dict[str, list[Policy]] = defaultdict(list)
        for policy in policies:
            titles[fold(policy.title)].append(policy)
        for policy in policies:
            for void in policy.repeals:
                key = fold(void)
                by_title = () if NUMBER.fullmatch(key) else titles.get(key, ())
                for old in [numbers[key]] if key in numbers else by_title:
                    if old is not policy and _not_later(old, policy) and _may_repeal(policy, old):
                        self._note(old, policy)

    def _note(self, old: Policy, new: Policy) -> None:
        found = self._successors[old.id]
        if all(successor.policy.id != new.id for successor in found):
            found.append(Successor(new, first_day(new)))
            self._predecessors[new.id].append(old.id)


def first_day(policy: Policy) -> date | None:
    """Return the first day on which this version of a policy holds: not before its issue or revision."""
    days = [day for day in (policy.effective, policy.edition) if day]
    return max(days, default=policy.printed)


def _day_of(policy: Policy) -> date | None:
    """Return the day by which versions follow one another; where none was issued on a stated day, when it took effect."""
    return policy.edition or policy.printed or policy.effective


def _by_title(policies: Iterable[Policy]) -> dict[tuple[str, str], list[Policy]]:
    """Return the policies of one title and region; those without a region go with the only one that has the title."""
    titles: dict[str, list[Policy]] = defaultdict(list)
    for policy in policies:
        titles[_EDITION.sub("", fold(policy.title))].append(policy)
    groups: dict[tuple[str, str], list[Policy]] = defaultdict(list)
    for title, same in titles.items():
        regions = {policy.region for policy in same if policy.region}
        only = next(iter(regions)) if len(regions) == 1 else ""
        for policy in same:
            groups[title, policy.region or only].append(policy)
    return groups


def _not_later(old: Policy, new: Policy) -> bool:
    return not (_day_of(old) and _day_of(new) and _day_of(old) > _day_of(new))


def _may_repeal(new: Policy, old: Policy) -> bool:
    """Say whether two policies are of one region, as far as they say; a number names its policy without doubt."""
    return not (new.region and old.region) or new.region == old.region or bool(old.number) or "全国" in (new.region, old.region)
