"""The door to policy files of every kind: what kind, within what limits, read by whom."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

from index import reader_text
from index.errors import PolicyFileError, SettingError
from index.reader_guard import Guard
from index.reader_kinds import HEAD, LIMITS, NOT_READ, SUFFIXES, Kind, expected, kind_of
from index.types import Extract, Span

_MAX_LINES = 100_000  # the longest law has 5,000; to split lines that are all headings takes 20 s for so many
_PICTURES = ("_files", ".files")
_BLANK = "{name} 里没有文字。请打开看看：如果内容是图片，请导出为 PDF 后再导入。"
_UNSEEN = "{name} 里没有认出文字。请打开看看：扫描要端正、清楚，不低于 150 dpi。"
_EMPTY = {
    Kind.TEXT: "{name} 是空的。请确认文件保存完整，再重新导入。",
    Kind.PDF: _UNSEEN,
    Kind.IMAGE: _UNSEEN,
}


class Reader:
    """Reads files one after the other; risky kinds in a process of their own, which the `with` statement ends.

    :param remembers: whether content that was read comes back at once when it is asked for again.
    """

    def __init__(self, *, remembers: bool = False) -> None:
        self._guard = Guard()
        self._remembered: dict[tuple[str, bytes], Extract] | None = {} if remembers else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._guard.close()

    def read_file(self, path: Path) -> Extract:
        """Read a policy file.

        :raises PolicyFileError: if it is missing, empty, too large, damaged or of a kind that cannot be read.
        """
        return self.read(read_bytes(path), path.name)

    def read(self, data: bytes, name: str) -> Extract:
        """Read the content of a policy file.

        :param name: the file's name; it decides the kind where the content leaves it open, and stands in messages.
        :raises PolicyFileError: if it is empty, too large, damaged or of a kind that cannot be read.
        """
        if not data.strip():
            raise PolicyFileError(f"{name} 是空的。请确认文件保存完整，再重新导入。")
        kind = kind_of(data, name)
        _check_size(len(data), name, kind)
        if self._remembered is None:
            return self._read(data, name, kind)
        key = (kind, hashlib.sha256(data).digest())
        if key not in self._remembered:
            self._remembered[key] = self._read(data, name, kind)
        return self._remembered[key]

    def _read(self, data: bytes, name: str, kind: Kind) -> Extract:
        extract = reader_text.read(data, name) if kind is Kind.TEXT else cleaned(self._guard.read(data, name, kind))
        if not extract.text.strip():
            raise PolicyFileError(_EMPTY.get(kind, _BLANK).format(name=name))
        if reader_text.is_garbled(extract.text):
            raise PolicyFileError(f"{name} 读出来的是乱码，可能已损坏。请用原来的程序打开看看，另存后再导入。")
        lines = extract.text.count("\n")
        if lines > _MAX_LINES:
            raise PolicyFileError(f"{name} 有 {lines} 行，超过一份政策 {_MAX_LINES} 行的上限。请拆成一份政策一个文件。")
        return replace(extract, kind=kind)


def read_file(path: Path) -> Extract:
    """Read one policy file.

    :raises PolicyFileError: as `Reader.read_file`.
    """
    with Reader() as reader:
        return reader.read_file(path)


def read_text(path: Path) -> str:
    """Return the text of one policy file.

    :raises PolicyFileError: as `Reader.read_file`.
    """
    return read_file(path).text


def cleaned(extract: Extract) -> Extract:
    """Return an extract with one kind of line break and without invisible characters, its spans moved along."""
    pieces, doubts, at, length = [], [], 0, 0
    for span in extract.doubts:
        before, doubted = (reader_text.clean(extract.text[a:b]) for a, b in ((at, span.start), (span.start, span.end)))
        start = length + len(before)
        at, length = span.end, start + len(doubted)
        pieces += [before, doubted]
        if doubted:
            doubts.append(Span(start, length))
    pieces.append(reader_text.clean(extract.text[at:]))
    return replace(extract, text="".join(pieces), doubts=tuple(doubts))


def policy_files(folder: Path) -> list[Path]:
    """Return the policy files of a folder and of the folders in it, sorted; hidden ones are left out.

    :raises SettingError: if the folder is missing or holds no policy file.
    """
    if not folder.is_dir():
        raise SettingError(f"没有政策目录 {folder}。请建好目录并放入政策文件，或改用别的目录。")
    found = [path for path in _files(folder) if path.suffix.lower() in SUFFIXES]
    if not found:
        raise SettingError(f"政策目录 {folder} 里没有政策文件。请放入 .txt、.docx、.pdf 等政策文件。")
    return found


def passed_over(folder: Path) -> list[Path]:
    """Return the files of a folder that look like documents and are of no kind that can be read."""
    return [path for path in _files(folder) if path.suffix.lower() in NOT_READ]


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of the folders in it, sorted; what programs keep for themselves is left out."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        own = any(part.startswith((".", "~$")) for part in parts)  # ~$ is what Word keeps of an open document
        pictures = any(part.endswith(_PICTURES) for part in parts[:-1])  # saved along with a page of the web
        if not own and not pictures and path.is_file():
            yield path


def read_bytes(path: Path) -> bytes:
    """Return the content of a file within the limits of its kind.

    :raises PolicyFileError: if it is missing, too large or cannot be read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
            kind = expected(head, path.name)
            _check_size(size, path.name, kind)
            return head + file.read(LIMITS[kind].size)
    except FileNotFoundError:
        raise PolicyFileError(f"找不到文件 {path}。请检查路径。") from None
    except OSError as error:
        raise PolicyFileError(f"{path} 读不出来（{error.strerror}）。请检查权限，以及它是不是文件。") from error


def _check_size(size: int, name: str, kind: Kind) -> None:
    if size > LIMITS[kind].size:
        raise PolicyFileError(
            f"{name} 有 {size / 2**20:.1f} MiB，超过一份{kind} {LIMITS[kind].size // 2**20} MiB 的上限。"
            "请拆成一份政策一个文件，或确认它是政策文件。"
        )
