"""The register over the collection of laws: whose each is, and that of several versions one is in force."""

import sys
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from bench.clauses import LAWS, read_laws
from index.policy import parse_policy
from index.standing import Standing, Standings
from index.types import Policy

EVERY = 12  # every twelfth law: 284 files
TODAY = date(2026, 1, 15)
TITLES = 25  # titles with several dates that are looked at, of 98


@pytest.fixture(scope="module")
def laws() -> list[tuple[str, str]]:
    if not LAWS.is_file():
        message = f"没有找到 {LAWS}，登记项没有在法规上核对。"
        print(f"\n*** {message} ***", file=sys.__stderr__)
        pytest.skip(message)
    return list(read_laws())


def read(law: tuple[str, str], number: int = 0) -> Policy:
    policy = parse_policy(law[1], law[0].rpartition("/")[2], "")
    return replace(policy, id=f"{policy.id}/{number}")


def test_local_regulations_are_of_their_province_and_the_others_of_the_country(laws: list[tuple[str, str]]) -> None:
    unknown = wrong = 0
    for law in laws[::EVERY]:
        folders, policy = law[0].split("/"), read(law)
        place = folders[folders.index("地方") + 1] if "地方" in folders else "全国"
        unknown += not policy.region
        wrong += bool(policy.region) and place not in policy.region
    # In all 3,407: 144 say neither by title nor issuer whose they are, and 2 are taken for another's.
    assert unknown <= 0.06 * len(laws[::EVERY])
    assert wrong <= 1


def test_of_the_versions_of_a_title_the_newest_is_in_force(laws: list[tuple[str, str]]) -> None:
    titles = defaultdict(list)
    for law in laws:
        titles[law[0].rpartition("/")[2].partition("(")[0]].append(law)
    several = [same for same in titles.values() if len({name.rpartition("/")[2] for name, _ in same}) > 1]
    assert len(several) >= TITLES
    for same in several[:TITLES]:
        policies = [read(law, number) for number, law in enumerate(same)]
        standings = Standings(policies)
        newest = max(policy.edition for policy in policies if policy.edition)
        for policy in policies:
            expected = Standing.IN_FORCE if policy.edition == newest else Standing.REPLACED
            assert standings.of(policy, TODAY) is expected, (policy.source, policy.edition)


def test_what_is_declared_void_is_read_wherever_it_is_declared(laws: list[tuple[str, str]]) -> None:
    declaring = [law for law in laws[::EVERY] if "》同时废止" in law[1]]
    assert len(declaring) > 20
    assert [law[0] for law in declaring if not read(law).repeals] == []
    assert not any(read(law).expires for law in laws[::EVERY])  # laws have no last day; terms in them are of permits
