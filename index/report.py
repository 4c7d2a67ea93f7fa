"""What the command line says while files are read, and afterwards."""

import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Self, TextIO

from index.build import Report
from index.console import printable
from index.gathering import Progress
from index.reader_kinds import Kind

_PERIOD = 10  # seconds between two lines where they cannot be rewritten, as in a log
_NAMED = 20  # files that a line names; more are counted


class ProgressLine:
    """One line in a terminal that is written anew for each file and empty afterwards; elsewhere a line now and then."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._rewrites = self._stream.isatty()
        self._next = time.monotonic() + _PERIOD

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._rewrites:
            print("\r\033[K", end="", file=self._stream, flush=True)

    def show(self, progress: Progress) -> None:
        """Say which file is about to be read."""
        line = f"读取 {progress.number}/{progress.total} {_one_line(progress.path.name)}"
        if self._rewrites:
            room = shutil.get_terminal_size().columns // 2 - 1  # a Chinese character takes two columns
            print(f"\r\033[K{line[:room]}", end="", file=self._stream, flush=True)
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + _PERIOD
            print(line, file=self._stream, flush=True)


def failures(report: Report) -> Iterator[str]:
    """Yield a line for each file that could not be read."""
    return (f"没有读入：{_one_line(message)}" for message in report.failed)


def summary(report: Report, seconds: float) -> Iterator[str]:
    """Yield the lines that say what a build did; of text files without anything to say, only the first."""
    m = report.store.manifest
    what = f"新读 {report.read} 份" if report.changed else "没有变化"
    yield f"{m.policies} 份政策，{m.clauses} 个条款节点，{what}，用时 {seconds:.1f} 秒"
    kinds = Counter(reading.kind for reading in report.readings)
    if set(kinds) - {Kind.TEXT}:
        yield "新读的文件：" + "、".join(
            f"{kind} {count} 份".replace("） ", "）") for kind, count in kinds.most_common()
        )
    tables = [f"{reading.name}（{reading.tables} 个）" for reading in report.readings if reading.tables]
    if tables:
        yield "含表格，每行已带上表头：" + _listed(tables)
    doubts = [f"{reading.name}（{reading.doubts} 处）" for reading in report.readings if reading.doubts]
    if doubts:
        yield "有认不准的字，请对照原件：" + _listed(doubts)
    if report.passed_over:
        yield "没有看，不是能读的文件（请另存为 .docx 或 PDF）：" + _listed(report.passed_over)


def _listed(names: Iterable[str]) -> str:
    safe = [_one_line(name) for name in names]
    return "、".join(safe[:_NAMED]) + (f" 等 {len(safe)} 份" if len(safe) > _NAMED else "")


def _one_line(text: str) -> str:
    return printable(text.replace("\n", " "))
