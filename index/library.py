"""Which files make up the library: a folder, what was added by hand, less what was removed by hand."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexBusyError, PolicyFileError, SettingError
from index.reader import policy_files, read_bytes
from index.reader_kinds import SUFFIXES

_NAME = 200  # bytes of a file's name; file systems take 255 with all that is put around it
_ADDED, _REMOVED, _FOLDER, _LOCK = "library", "removed.json", "folder.txt", ".lock"


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


def remember(folder: Path, root: Path) -> None:
    """Keep the folder that an index was built from, for `add` and `remove`."""
    _write(root / _FOLDER, str(folder.resolve()).encode())


def folder_of(root: Path) -> Path | None:
    """Return the folder that an index was built from, None where none was kept or it is gone."""
    path = root / _FOLDER
    folder = Path(path.read_text(encoding="utf-8")) if path.is_file() else None
    return folder if folder and folder.is_dir() else None


def files(folder: Path, root: Path) -> list[Path]:
    """Return the files of the library: those of `folder`, then those added to the index folder `root`."""
    added = root / _ADDED
    kept = added.is_dir() and any(not path.name.startswith(".") for path in added.iterdir())  # hidden: half written
    return policy_files(folder) + (policy_files(added) if kept else [])


def add(path: Path, root: Path) -> str:
    """Keep a copy of a policy file in the index folder and return its sha256; the same content is kept once.

    :raises PolicyFileError: if it is no policy file by its name, or cannot be read.
    """
    if path.suffix.lower() not in SUFFIXES:
        known = "、".join(SUFFIXES)
        raise PolicyFileError(f"{path.name} 的后缀不是政策文件的后缀（{known}）。请改成与内容相符的后缀，再加入。")
    content = read_bytes(path)
    total = hashlib.sha256(content).hexdigest()
    (root / _ADDED).mkdir(exist_ok=True)
    _write(root / _ADDED / f"{total[:8]}-{_short(path)}", content)
    return total


def _short(path: Path) -> str:
    """Return a file's name, cut off where no room would be left to put anything before it."""
    stem = path.stem.encode()[:_NAME].decode("utf-8", "ignore")
    return stem + path.suffix.lower() if len(path.name.encode()) > _NAME else path.name


def sha256(path: Path) -> str:
    """Return the sha256 of a file, hexadecimal.

    :raises PolicyFileError: if it cannot be read.
    """
    try:
        with path.open("rb") as file:  # piece by piece: nobody has looked at its size yet
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PolicyFileError(f"{path} 读不出来（{error.strerror}）。请检查权限，以及它是不是文件。") from error


def removed(root: Path) -> frozenset[str]:
    """Return the sha256 of the files that were removed by hand.

    :raises SettingError: if the list of them is damaged.
    """
    path = root / _REMOVED
    try:
        return frozenset(map(str, json.loads(path.read_text(encoding="utf-8")))) if path.is_file() else frozenset()
    except (ValueError, TypeError) as error:
        message = f"移出政策的名单 {path} 读不通（{error}）。请删除它，再用 remove 重新移出。"
        raise SettingError(message) from error


def set_removed(root: Path, sums: frozenset[str]) -> None:
    """Write the sha256 of the files that are removed by hand."""
    _write(root / _REMOVED, json.dumps(sorted(sums), indent=1).encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; hidden until then, so that nothing takes it for a policy.

    :raises SettingError: if it cannot be written.
    """
    draft = path.with_name(f".{path.name}")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = f"{path} 写不进去（{error.strerror}）。请检查权限和磁盘空间，或用 --out 换一个索引目录。"
        raise SettingError(message) from error
