"""Lines of JSON that are read and decoded when they are asked for."""

import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from index import codec

T = TypeVar("T")
# Decoded values kept: a clause takes 2 KB as Python objects, so that 170,000 of them would take a third of a gigabyte.
_KEPT = 8192


class _Values(Sequence[T]):
    """A sequence that knows how to read the value of a row."""

    def _kept(self, row: int) -> T:
        """Return a value, kept for the next time."""
        raise NotImplementedError

    def _read(self, row: int) -> T:
        """Return a value that nobody keeps."""
        raise NotImplementedError

    def __getitem__(self, row):
        """Return one value, or a tuple of those of a slice."""
        if isinstance(row, slice):
            return tuple(self._kept(number) for number in range(*row.indices(len(self))))
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return self._kept(int(row) % len(self))

    def __iter__(self) -> Iterator[T]:
        return (self._read(row) for row in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None


class Lines(_Values[T]):
    """Values on some of the lines of a file.

    The file is read, not mapped, so that what was once read is no memory of the process; and it stays open, so that it
    can be read after it was deleted.

    :param starts: byte at which each line begins, int64 [n].
    :param lengths: bytes of each line without its end, int64 [n].
    """

    def __init__(
        self, path: Path, starts: np.ndarray, lengths: np.ndarray, decode: Callable[[dict[str, Any]], T], kept: int = _KEPT
    ) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._file)
        self._starts = starts
        self._lengths = lengths
        self._decode = decode
        self._kept = lru_cache(maxsize=kept)(self._read)
        self._all = len(starts) <= kept

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[T]:
        """Yield all values, kept where all of them can be."""
        return map(self._kept if self._all else self._read, range(len(self)))

    def raw(self, row: int) -> bytes:
        """Return a line as it stands in the file, without its end."""
        return os.pread(self._file, int(self._lengths[row]), int(self._starts[row]))

    def _read(self, row: int) -> T:
        return self._decode(codec.values(self.raw(row)))


class Chosen(_Values[T]):
    """Some of the values of other lines, in order."""

    def __init__(self, lines: Lines[T], rows: np.ndarray) -> None:
        self._lines = lines
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def _kept(self, row: int) -> T:
        return self._lines[self._rows[row]]

    def _read(self, row: int) -> T:
        return self._lines._read(int(self._rows[row]))
