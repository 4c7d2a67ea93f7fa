"""Questions mistyped as pinyin input mistypes them: one character of a word becomes another that sounds the same."""

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache

from index.tokenizer import Tokenizer
from rag.sounds import sound

_WORD = re.compile(r"[一-鿿]{2,}")
_COMMON = 100  # count in jieba's dictionary from which a character stands among an input method's first choices
_TRIES = 20  # characters drawn until one has homophones
_words = Tokenizer()


def mistyped(question: str, rng: random.Random) -> str:
    """Return the question with one character of a word of its own mistyped; itself where it has no Chinese word.

    The character that stands in its place is drawn by how common it is, so that new words come about as well as nonsense.
    """
    words = [word for word in _words.cut(question) if _WORD.fullmatch(word) and word in question]
    for _ in range(_TRIES if words else 0):
        word = rng.choice(words)
        place = question.index(word) + rng.randrange(len(word))
        others = [other for other in _homophones()[sound(question[place])] if other != question[place]]
        if others:
            weights = [_words.frequency(other) for other in others]
            return question[:place] + rng.choices(others, weights)[0] + question[place + 1 :]
    return question


@cache
def _homophones() -> Mapping[str, Sequence[str]]:
    """Return the common characters by their sounds."""
    found: dict[str, list[str]] = {}
    for character in map(chr, range(ord("一"), ord("鿿") + 1)):
        found.setdefault(sound(character), [])
        if _words.frequency(character) > _COMMON:
            found[sound(character)].append(character)
    return found
