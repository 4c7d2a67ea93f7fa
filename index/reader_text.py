"""Read a text file, whichever way Chinese was encoded in it."""

import codecs
import re

from index.errors import PolicyFileError
from index.types import Extract

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


def read(data: bytes, name: str) -> Extract:
    """Read a text file; every kind of line break, page breaks too, becomes "\\n".

    :raises PolicyFileError: if it is binary or in an unknown encoding.
    """
    text = clean(decode(data, name))
    if is_garbled(text):
        raise PolicyFileError(f"{name} 不是文本文件（含有大量控制字符）。请另存为 .txt 后再导入。")
    return Extract(text)


def clean(text: str) -> str:
    """Return a text with one kind of line break and without invisible characters.

    Example: "一\\r\\n二\\u200b" -> "一\\n二"
    """
    return _INVISIBLE.sub("", _NEWLINES.sub("\n", text))


def is_garbled(text: str) -> bool:
    """Say whether a text holds so many control characters that it is none."""
    return len(_CONTROLS.findall(text)) > len(text) * (1 - _NOT_CONTROLS)


def decode(data: bytes, name: str) -> str:
    """Return the characters of a text file.

    :raises PolicyFileError: if it is binary or in an unknown encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise PolicyFileError(f"{name} 标明是 {encoding}，却读不通。请另存为 UTF-8 后再导入。") from None
    if b"\x00" in data:
        raise PolicyFileError(f"{name} 不是文本文件（含有空字节）。请另存为 .txt 后再导入。")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        readings = [text for legacy in ("gb18030", "big5") if (text := _try(data, legacy)) is not None]
    if not readings:
        raise PolicyFileError(f"{name} 的编码认不出来（不是 UTF-8、GB18030、UTF-16、Big5）。请另存为 UTF-8。")
    return max(readings, key=_common)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _common(text: str) -> float:
    return sum(sign in _COMMON for sign in text) / max(len(text), 1)
