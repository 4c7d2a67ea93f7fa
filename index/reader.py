"""The door to policy files of every kind: what kind, within what limits, read by whom."""

from dataclasses import replace
from pathlib import Path

from index import reader_text
from index.errors import PolicyFileError, SettingError
from index.reader_kinds import HEAD, LIMITS, SUFFIXES, Kind, expected, kind_of
from index.types import Extract, Span


def read_file(path: Path) -> Extract:
    """Read a policy file.

    :raises PolicyFileError: if the file is missing, empty, too large, damaged or of a kind that cannot be read.
    """
    return read(read_bytes(path), path.name)


def read_text(path: Path) -> str:
    """Return the text of a policy file.

    :raises PolicyFileError: as `read_file`.
    """
    return read_file(path).text


def read(data: bytes, name: str) -> Extract:
    """Read the content of a policy file.

    :param name: the file's name; it decides the kind where the content leaves it open, and stands in messages.
    :raises PolicyFileError: if it is empty, damaged or of a kind that cannot be read.
    """
    kind = kind_of(data, name)
    if kind is not Kind.TEXT:
        raise PolicyFileError(f"{name} 是 {kind}，{kind} 暂不支持。请另存为 .txt 后再导入。")
    extract = cleaned(reader_text.read(data, name))
    if not extract.text.strip():
        raise PolicyFileError(f"{name} 是空的。请确认文件保存完整，再重新导入。")
    return replace(extract, kind=kind)


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
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )
    if not found:
        raise SettingError(f"政策目录 {folder} 里没有政策文件。请放入 .txt、.docx、.pdf 等政策文件。")
    return found


def read_bytes(path: Path) -> bytes:
    """Return the content of a file within the limits of its kind.

    :raises PolicyFileError: if it is missing, too large or cannot be read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
            kind = expected(head, path.name)
            if size > LIMITS[kind].size:
                raise PolicyFileError(
                    f"{path.name} 有 {size / 2**20:.1f} MiB，超过一份{kind} {LIMITS[kind].size // 2**20} MiB 的上限。"
                    "请拆成一份政策一个文件，或确认它是政策文件。"
                )
            return head + file.read(LIMITS[kind].size)
    except FileNotFoundError:
        raise PolicyFileError(f"找不到文件 {path}。请检查路径。") from None
    except OSError as error:
        raise PolicyFileError(f"{path} 读不出来（{error.strerror}）。请检查权限，以及它是不是文件。") from error
