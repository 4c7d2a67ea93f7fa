"""Words of Chinese text for lexical search: the door to jieba."""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import jieba

from index import lexicon
from index.settings import ROOT

jieba.setLogLevel(logging.WARNING)  # its start-up lines go to stderr otherwise
# Terms of the field that jieba's own dictionary splits (高新技术企业, 专精特新); ours, one a line.
DICTIONARY = ROOT / "data" / "dictionary" / "terms.txt"
# Text up to a mark at which jieba always cuts: what stands on one side of it does not change the words on the other.
_RUN = re.compile(r"[^，。；：、（）()“”《》,;:]*[，。；：、（）()“”《》,;:]?")
_RUNS, _WORDS = 20_000, 100_000  # cut runs and words kept: a law's names and its articles are cut from the same runs
_WORD = re.compile(r"[a-z0-9][a-z0-9.%+-]*|[一-鿿]+|[㐀-䶿]+")


class Tokenizer:
    """Cut folded text into words, long words also into their parts, names also whole.

    Example: "市北高新技术企业" -> ["市北", "高新", "技术", "企业", "高新技术企业"]

    :param names: names found in the corpus (see `index.lexicon`).
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = lexicon.Matcher(names)

    def words(self, text: str) -> list[str]:
        """Return the words for search, with repetitions, order not significant across levels."""
        folded = lexicon.fold(text)
        words = [part for word in _cut(folded) for part in _parts(word)]
        return words + self.names_in(folded)

    def names_in(self, folded: str) -> list[str]:
        """Return the names that stand in a folded text, the longest at each place."""
        return [found.term for found in self._names.find(folded)]

    def cut(self, text: str) -> list[str]:
        """Return the words of the text in order, each character once, punctuation left out."""
        return [word for word in _cut(lexicon.fold(text)) if _WORD.fullmatch(word)]

    def edges(self, folded: str) -> set[int]:
        """Return the places at which words of a folded text begin or end."""
        return {0, *accumulate(len(word) for word in _cut(folded))}

    def frequency(self, word: str) -> int:
        """Return how often jieba's dictionary counts a word; 0 for a word it lacks."""
        return _segmenter().FREQ.get(word, 0)

    @property
    def total(self) -> int:
        """How often jieba's dictionary counts all of its words together."""
        return _segmenter().total

    def names_of(self, text: str) -> frozenset[str]:
        """Return the names that a policy's text holds."""
        return lexicon.names(text, list(_cut(lexicon.fold(text))))


def _cut(folded: str) -> Iterator[str]:
    """Yield the words and marks of a folded text in order."""
    for run in _RUN.findall(folded):
        yield from _cut_run(run)


@lru_cache(maxsize=_RUNS)
def _cut_run(run: str) -> tuple[str, ...]:
    return tuple(_segmenter().cut(run))


@lru_cache(maxsize=_WORDS)
def _parts(word: str) -> tuple[str, ...]:
    """Return what is searched of a word: its parts that are words too, and itself; nothing of a mark.

    As jieba's `cut_for_search` has it, for a word that is cut already.
    """
    counts = _segmenter().FREQ
    runs = [word[i : i + n] for n in (2, 3) if len(word) > n for i in range(len(word) - n + 1)]
    return tuple(part for part in [*(run for run in runs if counts.get(run)), word] if _WORD.fullmatch(part))


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
