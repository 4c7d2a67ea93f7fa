"""How Chinese characters sound: the door to pypinyin."""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

# Sounds that speakers of southern dialects, and typists with fuzzy input switched on, take for each other:
# zh/z, ch/c, sh/s, n/l at the front, -ing/-in, -eng/-en at the back.
_FUZZY = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"^n(?=.)"), "l"), (re.compile(r"(?<=[ei])ng$"), "n"))


def sounds(text: str) -> list[str]:
    """Return one sound a character as it is read in the text, without tones; a sign that is none sounds like itself.

    Example: "黄浦" -> ["huang", "pu"]
    """
    found = lazy_pinyin(text)
    if len(found) != len(text):  # Latin letters and digits run together: sounds and signs no longer pair
        found = [sound for sign in text for sound in lazy_pinyin(sign)]
    return found


@lru_cache(maxsize=30_000)  # more than the characters in use
def sound(character: str) -> str:
    """Return the most usual sound of a character."""
    return lazy_pinyin(character)[0]


@lru_cache(maxsize=30_000)
def near(character: str) -> str:
    """Return one spelling for all sounds that are easily taken for a character's.

    Example: "争" -> "zen"
    """
    spelling = sound(character)
    for pattern, plain in _FUZZY:
        spelling = pattern.sub(plain, spelling)
    return spelling
