"""Files that are only ever added to, so that the generations of an index can share them."""

import os
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Extent:
    """Bytes that were written in one go, with their CRC-32."""

    start: int
    length: int
    crc: int

    @property
    def end(self) -> int:
        """First byte behind it."""
        return self.start + self.length


class Pool:
    """Add to a file, or to the one of an earlier generation by a second name for it.

    Nothing that stands in the file is ever changed, so that whoever reads an earlier generation reads on. What is
    written and then given up is cut off again; what a killed program wrote stays as a gap that belongs to nobody.

    :param before: the file of the generation that goes on here; None for a new file.
    :param unit: bytes of one item; items begin at multiples of it.
    """

    def __init__(self, path: Path, before: Path | None = None, extents: tuple[Extent, ...] = (), unit: int = 1) -> None:
        if before is not None:
            _link(before, path)
        self._file = path.open("ab")
        self._before = self._file.tell()
        self._file.write(bytes(-self._before % unit))
        self._start = self._end = self._file.tell()
        self._crc = 0
        self._unit = unit
        self._extents = extents if before is not None else ()

    def add(self, data: bytes) -> int:
        """Write `data` at the end and return the number of the item at which it begins."""
        start = self._end
        self._file.write(data)
        self._crc = zlib.crc32(data, self._crc)
        self._end += len(data)
        return start // self._unit

    def flush(self) -> None:
        """Hand all that was added to the operating system."""
        self._file.flush()

    @property
    def extents(self) -> tuple[Extent, ...]:
        """What of the file belongs to this generation or one before it."""
        own = Extent(self._start, self._end - self._start, self._crc)
        return (*self._extents, own) if own.length else self._extents

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._file.close()
        finally:
            if kind is not None:
                os.truncate(self._file.name, self._before)


def _link(before: Path, path: Path) -> None:
    try:
        os.link(before, path)
    except OSError:  # a file system without second names, or with too many of them
        shutil.copyfile(before, path)
