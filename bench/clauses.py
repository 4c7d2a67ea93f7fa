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
from pathlib import Path

from index.clauses import split_clauses
from index.numerals import CHINESE, to_int
from index.policy import parse_policy
from index.reader import clean
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
    chain: int  # articles of the unbroken numbering 1, 2, 3, …
    reason: str  # why the two differ, "" where they agree
    lost: int  # characters that are in no node, or in two


def read_laws(path: Path = LAWS) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every file of the collection."""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".txt"):
                yield member.name, clean(archive.extractfile(member).read().decode("utf-8"))


def check(name: str, policy: Policy, clauses: tuple[Clause, ...]) -> Check:
    """Hold the articles of a parsed file against an unbroken numbering read by eye."""
    found = [key for clause in clauses if (key := _number(clause)) is not None]
    seen = [(to_int(m[1]), to_int(m[2]) if m[2] else 0) for m in _EYE.finditer(policy.text)]
    chain = _chain(seen)
    return Check(name, len(found), len(chain), _reason(found, seen, chain), _lost(policy, clauses))


def _number(clause: Clause) -> tuple[int, int] | None:
    match = _ARTICLE.fullmatch(clause.path[-1])
    return (to_int(match[1]), to_int(match[2]) if match[2] else 0) if match else None


def _chain(seen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    chain = [(0, 0)]
    for number, sub in seen:
        last, last_sub = chain[-1]
        if (number, sub) in ((last + 1, 0), (last, last_sub + 1)):
            chain.append((number, sub))
    return chain[1:]


def _reason(found: list[tuple[int, int]], seen: list[tuple[int, int]], chain: list[tuple[int, int]]) -> str:
    if found == chain:
        return ""
    if not seen:
        return "第X条 is never set off at the start of a line"
    if found.count((1, 0)) > 1:
        return "more than one document in the file"
    missing = sorted({n for n, _ in seen if n} ^ set(range(1, max(n for n, _ in seen) + 1)))
    if missing:
        return f"numbers missing in the source: {missing[:5]}"
    repeated = [number for number, count in Counter(seen).items() if count > 1]
    if repeated:
        return f"numbers repeated in the source: {repeated[:5]}"
    return f"unexplained: {sorted(set(found) ^ set(chain))[:5]}"


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
    print(
        f"articles {sum(c.articles for c in checks)}, by eye {sum(c.chain for c in checks)}, lost characters {sum(c.lost for c in checks)}"
    )
    with_articles = [c for c in checks if c.chain]
    print(f"with articles {len(with_articles)}, equal to 1..n {sum(not c.reason for c in with_articles)}")
    for reason, count in Counter(c.reason.split(":")[0] for c in checks if c.reason).most_common():
        print(f"  {count:4} {reason}")
    for c in checks if listed else ():
        if c.reason or c.lost:
            print(f"{c.name}\t{c.articles}\t{c.chain}\t{c.reason}\tlost {c.lost}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
