"""Put a generation of the index in the place of the one before, in one step."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from index.errors import SettingError
from index.store import CURRENT

_KEPT = 2  # generations kept: the one in use, and the one that a reader may still be opening


def publish(root: Path, write: Callable[[Path], str]) -> Path:
    """Write a generation under `root` and make it the current one; the old one stands until then.

    :param write: fills an empty folder and returns the fingerprint.
    :raises SettingError: if the folder cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        target = _write_generation(root, write)
        _replace_text(root / CURRENT, target.name)
    except OSError as error:
        message = f"索引目录 {root} 写不进去（{error.strerror}）。请检查权限和磁盘空间，或用 --out 换一个目录。"
        raise SettingError(message) from error
    _drop_old(root, target)
    return target


def _write_generation(root: Path, write: Callable[[Path], str]) -> Path:
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
    try:
        target = root / write(draft)
        draft.chmod(0o755)  # mkdtemp keeps a folder to its owner; an index is read by whoever serves it
        shutil.rmtree(target, ignore_errors=True)  # one that is damaged, or was in use before
        draft.rename(target)
        return target
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace_text(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


def _drop_old(root: Path, used: Path) -> None:
    generations = [path for path in root.iterdir() if (path / "manifest.json").is_file()]
    generations.sort(key=lambda path: (path == used, path.stat().st_mtime), reverse=True)
    for path in [*generations[_KEPT:], *root.glob(".draft-*")]:
        shutil.rmtree(path, ignore_errors=True)
    for path in root.glob(f"{CURRENT}.*"):  # left by a killed build
        path.unlink(missing_ok=True)
