"""Which files make up the library: a folder, what was added by hand, less what was removed by hand."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexBusyError, SettingError
from index.reader import policy_files

_ADDED, _REMOVED, _LOCK = "library", "removed.json", ".lock"


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the one lock of the index folder `root`, making the folder if need be.

    :raises IndexBusyError: if another build holds it.
    :raises SettingError: if the folder cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / _LOCK).open("w")
    except OSError as error:
        message = f"索引目录 {root} 写不进去（{error.strerror}）。请检查权限，或用 --out 换一个目录。"
        raise SettingError(message) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusyError(f"另一个程序正在更新索引 {root}。请等它完成后再试。") from None
        yield


def files(folder: Path, root: Path) -> list[Path]:
    """Return the files of the library: those of `folder`, then those added to the index folder `root`."""
    added = root / _ADDED
    return policy_files(folder) + (policy_files(added) if added.is_dir() and any(added.iterdir()) else [])


def add(path: Path, root: Path) -> Path:
    """Keep a copy of a policy file in the index folder and return it; the same content is kept once."""
    content = path.read_bytes()
    folder = root / _ADDED
    folder.mkdir(exist_ok=True)
    target = folder / f"{hashlib.sha256(content).hexdigest()[:8]}-{path.name}"
    if not target.exists():
        shutil.copyfile(path, target)
    return target


def sha256(path: Path) -> str:
    """Return the sha256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def removed(root: Path) -> frozenset[str]:
    """Return the sha256 of the files that were removed by hand."""
    path = root / _REMOVED
    return frozenset(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else frozenset()


def set_removed(root: Path, sums: frozenset[str]) -> None:
    """Write the sha256 of the files that are removed by hand."""
    (root / _REMOVED).write_text(json.dumps(sorted(sums), indent=1), encoding="utf-8")
