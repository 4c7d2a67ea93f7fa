"""Questions as typed made fit to search, and text cut into sentences."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import opencc

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
# A sentence ends with its stop and the closing marks behind it; a semicolon ends an item of a list.
_SENTENCE = re.compile(r"[^。！？!?；;\n]+(?:[。！？!?；;]+[”’」』）)]*|\n|$)|[。！？!?；;\n]+")


def normalise(question: str) -> str:
    """Return the question for search: NFKC, simplified, control characters out, white space single.

    Example: "靜安　ＰＣＴ\\t多少" -> "静安 PCT 多少"
    """
    text = _CONTROL.sub(" ", unicodedata.normalize("NFKC", question))
    return re.sub(r"\s+", " ", _simplifier().convert(text)).strip()


def squeeze(text: str) -> str:
    """Return the text without white space and emphasis marks, as quotes are compared."""
    return re.sub(r"[\s*]", "", text)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text`, in order, blank ones left out.

    Example: "支持设立。给予资助。" -> (0, 5), (5, 10)
    """
    for match in _SENTENCE.finditer(text):
        if match.group().strip():
            yield match.span()


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")  # characters only: tw2sp would turn 資料 into 数据
