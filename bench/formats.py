"""Read the shipped policies back from every format that the tests make of them: text, clauses, time.

Run: python -m bench.formats [--scans]
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from index.clauses import split_clauses
from index.policy import parse_policy
from index.reader import Reader, read_text
from tests import printed
from tests.formats import as_docx, as_html, paragraphs_of

POLICIES = Path(__file__).resolve().parents[1] / "data/policies"
_HEADER = "政府公报  2025年第3期"


def made(paragraphs: Sequence[str], *, scans: bool) -> Iterator[tuple[str, bytes]]:
    """Yield the file name and content of each format of a document."""
    yield "政策.docx", as_docx(paragraphs)
    yield "政策.html", as_html(paragraphs)
    pdf = printed.as_pdf(printed.pages_of(paragraphs), _HEADER)
    yield "政策.pdf", pdf
    if scans:
        yield "扫描.pdf", printed.as_scan(printed.images_of(pdf))


def accuracy(written: str, found: str) -> float:
    """Return 1 − Levenshtein distance, a share of the longer text, white space left out."""
    written, found = "".join(written.split()), "".join(found.split())
    return 1 - Levenshtein.distance(written, found) / max(len(written), len(found))


def ids(text: str) -> list[str]:
    """Return the clause ids of a text."""
    return [clause.id for clause in split_clauses(parse_policy(text, "政策", ""))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; fail where clause ids differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scans", action="store_true", help="扫描件也读：五份约 22 页，要几分钟")
    options = parser.parse_args(arguments)
    failed = 0
    print("| 政策 | 文件 | 文字准确率 | 条款编号 | 存疑的字 | 用时 |\n|---|---|---|---|---|---|")
    with Reader() as reader:
        for path in sorted(POLICIES.glob("*.txt")):
            written = paragraphs_of(path)
            for name, data in made(written, scans=options.scans):
                start = time.perf_counter()
                extract = reader.read(data, name)
                seconds = time.perf_counter() - start
                same = ids(extract.text) == ids(read_text(path))
                failed += not same
                doubts = sum(span.end - span.start for span in extract.doubts)
                print(f"| {path.stem} | {name} | {accuracy(''.join(written), extract.text):.4f} "
                      f"| {'相同' if same else '不同'} | {doubts} | {seconds:.1f} 秒 |", flush=True)  # fmt: skip
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
