"""Key words of an English question in Chinese, so that Chinese documents can be searched for them."""

import re
from functools import lru_cache
from pathlib import Path

from index.settings import ROOT

GLOSSARY = ROOT / "data" / "dictionary" / "english.tsv"
_WORD = re.compile(r"[a-z][a-z&]*(?:'[a-z]+)?")
_LONGEST = 5  # words of the longest term in the glossary
_MOSTLY = 0.5  # share of Latin letters among letters from which a question counts as English
# Endings taken off, first that leaves a known term: (ending, what stands in its place).
_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))


def translate(question: str) -> str:
    """Return the Chinese words for an English question; "" for a question that is not in English.

    Example: "rent subsidy for startups" -> "租金补贴 房租补贴 初创企业"
    """
    letters = [sign for sign in question if sign.isalpha()]
    if sum(sign.isascii() for sign in letters) <= _MOSTLY * len(letters) or not letters:
        return ""
    words = [word.removesuffix("'s") for word in _WORD.findall(question.lower().replace("-", " "))]
    found, start = [], 0
    while start < len(words):
        length, chinese = _longest(words[start : start + _LONGEST])
        found += [chinese] if chinese else []
        start += length
    return " ".join(dict.fromkeys(found))


def _longest(words: list[str]) -> tuple[int, str]:
    """Return how many words the longest known term at the beginning has, and its Chinese; 1 and "" for none."""
    glossary = _glossary()
    for length in range(len(words), 0, -1):
        *head, last = words[:length]
        for form in (last, *(last.removesuffix(old) + new for old, new in _ENDINGS if last.endswith(old))):
            if term := glossary.get(" ".join((*head, form))):
                return length, term
    return 1, ""


@lru_cache(maxsize=1)
def _glossary(path: Path = GLOSSARY) -> dict[str, str]:
    lines = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in ("#", ""))
    return {term.replace("-", " "): chinese for term, _, chinese in lines}
