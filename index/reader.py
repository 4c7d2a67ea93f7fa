"""Read a policy file as text, whichever way Chinese was encoded in it."""

import codecs
import re
from pathlib import Path

from index.errors import PolicyFileError, SettingError

SUFFIXES = (".txt", ".md")
# 5 MiB: the longest text among 3,400 laws has 0.5 MiB; what is larger is a collection or no text at all,
# and one document of that size would hold up every build.
MAX_BYTES = 5 * 2**20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins the same way
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\xad]")  # left by word processors; no published characters
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NOT_CONTROLS = 0.999  # share: a stray control character happens in scanned text, one in a thousand is no text
# The commonest characters of official Chinese, simplified and traditional: the legacy encoding whose reading
# has more of them is the right one. Almost every byte sequence is valid GB18030, so validity decides nothing.
_COMMON = frozenset(
    "的一在和有是人不了为為对對发發业業企国國市区區府政策办辦法规規定条條项項金额額年月日号號，。、（）：；"
    "上下中大小地方行公司机機构構关關于於应應当當请請按照支持服务務管理资資"
)


def read_text(path: Path) -> str:
    """Return the text of a policy file; every kind of line break, page breaks too, becomes "\\n".

    :raises PolicyFileError: if the file is missing, empty, too large, binary or in an unknown encoding.
    """
    data = _bytes(path)
    text = clean(_decode(data, path))
    if not text.strip():
        raise PolicyFileError(f"{path.name} 是空的。请确认文件保存完整，再重新导入。")
    if len(_CONTROLS.findall(text)) > len(text) * (1 - _NOT_CONTROLS):
        raise PolicyFileError(f"{path.name} 不是文本文件（含有大量控制字符）。请另存为 .txt 后再导入。")
    return text


def clean(text: str) -> str:
    """Return a text with one kind of line break and without invisible characters.

    Example: "一\\r\\n二\\u200b" -> "一\\n二"
    """
    return _INVISIBLE.sub("", _NEWLINES.sub("\n", text))


def policy_files(folder: Path) -> list[Path]:
    """Return the policy files of a folder and of the folders in it, sorted; hidden ones are left out.

    :raises SettingError: if the folder is missing or holds no policy file.
    """
    if not folder.is_dir():
        raise SettingError(f"没有政策目录 {folder}。请建好目录并放入 .txt 或 .md 文件，或改用别的目录。")
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )
    if not found:
        raise SettingError(f"政策目录 {folder} 里没有政策文件。请放入 .txt 或 .md 文件。")
    return found


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PolicyFileError(
                f"{path.name} 有 {size / 2**20:.1f} MiB，超过一份文件 {MAX_BYTES // 2**20} MiB 的上限。"
                "请拆成一份政策一个文件，或确认它是文本。"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise PolicyFileError(f"找不到文件 {path}。请检查路径。") from None
    except OSError as error:
        raise PolicyFileError(f"{path} 读不出来（{error.strerror}）。请检查权限，以及它是不是文件。") from error


def _decode(data: bytes, path: Path) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise PolicyFileError(f"{path.name} 标明是 {encoding}，却读不通。请另存为 UTF-8 后再导入。") from None
    if b"\x00" in data:
        raise PolicyFileError(f"{path.name} 不是文本文件（含有空字节）。请另存为 .txt 后再导入。")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        readings = [text for name in ("gb18030", "big5") if (text := _try(data, name)) is not None]
    if not readings:
        raise PolicyFileError(f"{path.name} 的编码认不出来（不是 UTF-8、GB18030、UTF-16、Big5）。请另存为 UTF-8。")
    return max(readings, key=_common)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _common(text: str) -> float:
    return sum(sign in _COMMON for sign in text) / max(len(text), 1)
