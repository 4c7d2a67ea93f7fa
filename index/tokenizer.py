"""Words of Chinese text for lexical search: the door to jieba."""

import hashlib
import logging
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import jieba

from index import lexicon
from index.settings import ROOT

jieba.setLogLevel(logging.WARNING)  # its start-up lines go to stderr otherwise
# Terms of the field that jieba's own dictionary splits (高新技术企业, 专精特新); ours, one a line.
DICTIONARY = ROOT / "data" / "dictionary" / "terms.txt"
_WORD = re.compile(r"[a-z0-9][a-z0-9.%+-]*|[一-鿿]+|[㐀-䶿]+")


class Tokenizer:
    """Cut folded text into words, long words also into their parts, names also whole.

    Example: "市北高新技术企业" -> ["市北", "高新", "技术", "企业", "高新技术企业"]

    :param names: names found in the corpus (see `index.lexicon`).
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = lexicon.matcher(names)
        self._jieba = _segmenter()

    def words(self, text: str) -> list[str]:
        """Return the words for search, with repetitions, order not significant across levels."""
        folded = lexicon.fold(text)
        words = [word for word in self._jieba.cut_for_search(folded) if _WORD.fullmatch(word)]
        return words + self.names_in(folded)

    def names_in(self, folded: str) -> list[str]:
        """Return the names that stand in a folded text, the longest at each place."""
        return [match.group(0) for match in self._names.finditer(folded)] if self._names else []

    def cut(self, text: str) -> list[str]:
        """Return the words of the text in order, each character once, punctuation left out."""
        return [word for word in self._jieba.cut(lexicon.fold(text)) if _WORD.fullmatch(word)]

    def edges(self, folded: str) -> set[int]:
        """Return the places at which words of a folded text begin or end."""
        return {0, *accumulate(len(word) for word in self._jieba.cut(folded))}

    def frequency(self, word: str) -> int:
        """Return how often jieba's dictionary counts a word; 0 for a word it lacks."""
        return self._jieba.FREQ.get(word, 0)

    def names_of(self, text: str) -> frozenset[str]:
        """Return the names that a policy's text holds."""
        return lexicon.names(text, list(self._jieba.cut(lexicon.fold(text))))


@lru_cache(maxsize=1)
def _segmenter() -> jieba.Tokenizer:
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    for term in _dictionary_terms(DICTIONARY):
        segmenter.add_word(term)
    return segmenter


def _dictionary_terms(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def fingerprint() -> str:
    """Return what the words depend on: jieba's version and our dictionary."""
    terms = "\n".join([jieba.__version__, *_dictionary_terms(DICTIONARY)])
    return hashlib.sha256(terms.encode()).hexdigest()[:16]
