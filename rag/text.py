"""Questions as typed made fit to search, and texts made fit to compare."""

import re
import unicodedata
from functools import lru_cache

import opencc

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def normalise(question: str) -> str:
    """Return the question for search: NFKC, simplified, control characters out, white space single.

    Example: "靜安　ＰＣＴ\\t多少" -> "静安 PCT 多少"
    """
    text = _CONTROL.sub(" ", unicodedata.normalize("NFKC", question))
    return re.sub(r"\s+", " ", _simplifier().convert(text)).strip()


def squeeze(text: str) -> str:
    """Return the text without white space and emphasis marks, as quotes are compared."""
    return re.sub(r"[\s*]", "", text)


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")  # characters only: tw2sp would turn 資料 into 数据
