"""Names that must stay whole when text is cut into words, found in the policies themselves."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

# Names in quotation marks: programmes, brands, platforms (“数通链谷”, “投孵联动”).
_QUOTED = re.compile(r"[“\"]([^“”\"\s,.，。；;：:、+]{2,12})[”\"]")
# 文号 such as 浦府〔2025〕64号; any of the four brackets in use; the issuer's short name is two to eight characters.
NUMBER = re.compile(r"[一-鿿]{2,8}[〔\[【(](?:19|20)\d{2}[〕\]】)]第?\d{1,5}号")
_YEAR = re.compile(r"[〔\[【(]((?:19|20)\d{2})[〕\]】)](?=第?\d{1,5}号)")  # the year of a 文号 in any of the brackets
# Words that make a name of the word before them: 陆家嘴|园, 世博|管理局.
_SUFFIXES = frozenset(
    "园|园区|区|城|带|委|局|管理局|管委会|功能区|集聚区|示范区|实验区|高新区|计划|基金|联盟|中心".split("|")  # noqa: SIM905
)
_MIN_COUNT = 2  # times that a word and its suffix stand together before they count as a name


def fold(text: str) -> str:
    """Return the search key of `text`: NFKC, lower case, white space dropped except between Latin words.

    Example: "浦府[2025] 64 号" -> "浦府〔2025〕64号"
    """
    text = " ".join(unicodedata.normalize("NFKC", text).lower().replace("*", "").split())
    return _YEAR.sub(r"〔\1〕", re.sub(r"(?<![a-z]) | (?![a-z])", "", text))


def names(text: str, words: Sequence[str]) -> frozenset[str]:
    """Return the names in one policy's text, folded, given its words in order.

    Only the text's own names count, so that adding one policy leaves the words of the others as they are.
    """
    lines = [fold(line) for line in text.splitlines()]  # a 文号 stands on one line, beside nothing but punctuation
    found = {match.group(0) for line in lines for match in NUMBER.finditer(line)}
    found.update(match.group(1) for match in _QUOTED.finditer("".join(lines)))
    pairs = Counter(
        (left, right) for left, right in pairwise(words) if right in _SUFFIXES and len(left) > 1
    )
    found.update(left + right for (left, right), count in pairs.items() if count >= _MIN_COUNT)
    return frozenset(found)


def matcher(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Compile a pattern that finds the longest of `terms` at each place; None for no terms."""
    ordered = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
