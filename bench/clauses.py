"""Parse the whole collection of laws: speed, coverage, and every file where articles are missing or numbered oddly.

Run: python -m bench.clauses [--list]
"""

import argparse
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from index.clauses import split_clauses
from index.numerals import CHINESE, to_int
from index.policy import parse_policy
from index.reader_text import clean
from index.types import Clause, Policy

LAWS = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "laws.tar.gz"
# An article as the eye finds it, without any of the parser's rules: 第X条 set off at the start of a line.
_EYE = re.compile(
    rf"^[\s#*]*第\s*([{CHINESE}\d\s]{{1,9}})\s*条(?:之([一二三四五六七八九十]+))?(?=[\s\u3000（【\[*]|$)", re.MULTILINE
)
_ARTICLE = re.compile(r"第([^条]+)条(?:之([^#]+))?(?:#\d+)?")


@dataclass(frozen=True, slots=True)
class Check:
    """What was found in one file."""

    name: str
    articles: int  # nodes that are articles
    missed: int  # articles that the eye finds and the tree has not
    reason: str  # where the articles do not count 1, 2, 3, … n; "" where they do
    lost: int  # characters that are in no node, or in two


def read_laws(path: Path = LAWS) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every file of the collection."""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".txt"):
                yield member.name, clean(archive.extractfile(member).read().decode("utf-8"))


def check(name: str, policy: Policy, clauses: tuple[Clause, ...]) -> Check:
    """Hold the articles of a parsed file against those found by eye, and against an unbroken numbering."""
    found = [key for clause in clauses if (key := _number(clause)) is not None]
    seen = [(to_int(m[1]), to_int(m[2]) if m[2] else 0) for m in _EYE.finditer(policy.text)]
    missed = Counter(seen) - Counter(found)
    return Check(name, len(found), missed.total(), _reason(found), _lost(policy, clauses))


def _number(clause: Clause) -> tuple[int, int] | None:
    match = _ARTICLE.fullmatch(clause.path[-1])
    return (to_int(match[1]), to_int(match[2]) if match[2] else 0) if match else None


def _reason(found: list[tuple[int, int]]) -> str:
    """Say where the numbering breaks; articles of an annex begin again at 1."""
    breaks = [
        f"第{right}条 follows 第{left}条" if left else f"begins at 第{right}条"
        for (left, sub), (right, right_sub) in pairwise([(0, 0), *found])
        if (right, right_sub) not in ((left + 1, 0), (left, sub + 1), (1, 0))
    ]
    return ", ".join(breaks)


def _lost(policy: Policy, clauses: tuple[Clause, ...]) -> int:
    covered = "".join(policy.text[span.start : span.end] for clause in clauses for span in clause.spans)
    return abs(len("".join(policy.text.split())) - len("".join(covered.split())))


def main() -> int:
    """Parse every law and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--list", action="store_true", help="list every file whose numbering is not unbroken")
    listed = options.parse_args().list
    if not LAWS.is_file():
        print(f"没有找到 {LAWS}，无法运行。", file=sys.stderr)
        return 1
    laws = list(read_laws())
    start = time.perf_counter()
    parsed = []
    for name, text in laws:
        policy = parse_policy(text, Path(name).name, "")
        parsed.append((name, policy, split_clauses(policy)))
    seconds = time.perf_counter() - start
    checks = [check(name, policy, clauses) for name, policy, clauses in parsed]
    size = sum(len(text.encode("utf-8")) for _, text in laws) / 2**20
    print(f"{len(laws)} files, {size:.0f} MiB, {sum(len(c) for _, _, c in parsed)} nodes, {seconds:.1f} s")
    articles, missed, lost = (sum(getattr(c, field) for c in checks) for field in ("articles", "missed", "lost"))
    print(f"articles {articles}, seen by eye but not found {missed}, characters lost {lost}")
    numbered = [c for c in checks if c.articles]
    broken = [c for c in numbered if c.reason]
    print(
        f"files with articles {len(numbered)}: numbered 1 to n {len(numbered) - len(broken)}, otherwise {len(broken)}"
    )
    for c in checks if listed else ():
        if c.reason or c.missed or c.lost:
            print(f"{c.name}\t{c.articles}\t{c.reason}\tmissed {c.missed}\tlost {c.lost}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
