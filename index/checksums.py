"""Checksums of an index's files: taken when they are written, compared when they are read or asked for."""

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.manifest import Manifest

# Bytes up to which a file is read through at every load: CRC-32 takes 1 ms for 6 MB. Vectors and texts of a large library
# take seconds from a cold disk; `index check` reads them all.
ALWAYS_UP_TO = 8 * 2**20
_CHUNK = 1 << 20  # bytes read at once


def of(files: Iterable[Path], root: Path) -> dict[str, list[int]]:
    """Return size and CRC-32 of files by their name under `root`."""
    return {path.relative_to(root).as_posix(): [path.stat().st_size, _crc(path, 0, path.stat().st_size)] for path in files}


def damaged(folder: Path, manifest: Manifest, *, all_of_it: bool) -> Iterator[str]:
    """Yield the names of files that are missing, cut off or changed.

    :param all_of_it: read the large files too, not just look at their sizes.
    """
    parts = {name: [(0, *own)] for name, own in manifest.files.items()} | manifest.extents
    for name, extents in parts.items():
        path = folder / name
        end = max((start + length for start, length, _ in extents), default=0)
        size = path.stat().st_size if path.is_file() else -1
        whole = size == end or (size > end and name in manifest.extents)  # others may have gone on behind the end
        read = all_of_it or end <= ALWAYS_UP_TO
        if not whole or (read and any(_crc(path, start, length) != crc for start, length, crc in extents)):
            yield name


def _crc(path: Path, start: int, length: int) -> int:
    crc = 0
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(_CHUNK, length))):
            crc = zlib.crc32(chunk, crc)
            length -= len(chunk)
    return crc
