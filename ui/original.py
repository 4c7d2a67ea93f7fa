"""The file that a policy was read from."""

import re
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from index import library
from index.errors import PolicyFileError, SettingError
from index.types import Policy
from rag.settings import load_settings
from ui.markdown import readable

_ADDED = re.compile(r"^[0-9a-f]{8}-")  # what `index add` puts before a file's name
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # in file names, on one system or another


def button(policy: Policy) -> None:
    """Draw the button that downloads the file a policy was read from; where it is gone, its text."""
    path = _path(policy)
    if path is None:
        st.download_button("下载文本", policy.text, _name(Path(policy.source).stem + ".txt"), "text/plain", key="download",
                           icon=":material/download:", on_click="ignore", help="原文件已不在文件夹里，这是收录的文本")
    else:
        st.download_button("下载原文", path.read_bytes, _name(path.name), "application/octet-stream", key="download",
                           icon=":material/download:", on_click="ignore")


def _path(policy: Policy) -> Path | None:
    """Return the file, None where it is no longer there as it was read."""
    try:
        return next((path for path in _named(policy.source) if path.is_file() and library.sha256(path) == policy.sha256), None)
    except (PolicyFileError, SettingError):
        return None


def _named(name: str) -> Iterator[Path]:
    """Yield the files of the library that have a name; most stand at the top of their folder."""
    settings = load_settings().index
    folder = library.folder_of(settings.index) or settings.policies
    yield folder / name
    yield from (path for path in library.files(folder, settings.index) if path.name == name)


def _name(name: str) -> str:
    return _UNSAFE.sub("_", readable(_ADDED.sub("", name))) or "policy.txt"
