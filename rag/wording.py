"""Words of drafts and clauses, and when one of a draft is met by one of a clause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.settings import ROOT
from index.tokenizer import Tokenizer
from rag.matching import PieceEncoder

SYNONYMS = ROOT / "data" / "dictionary" / "wording.txt"  # groups of words that may stand for each other, one a line
# Cosine of two words below which neither says the other, and from which it does: of 40 pairs looked at, synonyms
# (房租/租金, 企业/公司) lie between 0.4 and 0.8, others (企业/机构, 国家/上海市) below 0.25.
_APART, _SAME = 0.35, 0.55
PARTICLES = "到对要将为由在的可按能向从于与和及应须需各其每有是以至自会帮还也把就都让给又再并受被"
OFTEN = re.compile(r"按[月季年]|[每逐][日周月季年]|季度|月度|年度|半年|每天|每次")  # how often is never said by another such word
# Characters that turn a word into its contrary, or into another step of a scale.
_SCALES = "入出 进出 内外 上下 前后 增减 升降 高低 多少 大小 初复终 国省市区县 男女 买卖 甲乙丙 有无 收支付 新旧 长短 早晚迟 首末次 借还 公私 东西南北 线上下 加减 奖罚 本硕博 硕博".split()
_NO = ("非", "不", "未", "无")
_CACHE = 50_000  # words and texts; a day's drafts have fewer


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a folded text."""

    text: str
    start: int  # character of the folded text
    weight: float  # length of its vector: rare words and names weigh more

    @property
    def end(self) -> int:
        """The character behind the word."""
        return self.start + len(self.text)


class WordReader:
    """Read folded texts as words and compare words."""

    def __init__(self, encoder: PieceEncoder) -> None:
        self._encoder = encoder
        self._tokenizer = Tokenizer()
        self.synonyms = _groups(SYNONYMS)
        self.words = lru_cache(maxsize=_CACHE)(self._words)
        self.singles = lru_cache(maxsize=_CACHE)(self._singles)
        self.parts = lru_cache(maxsize=_CACHE)(self._parts)
        self.unit = lru_cache(maxsize=_CACHE)(self._unit)
        self.matrix = lru_cache(maxsize=_CACHE)(self._matrix)

    def _words(self, folded: str) -> tuple[Word, ...]:
        found, position = [], 0
        for text in self._tokenizer.cut(folded):
            start = folded.find(text, position)
            if start >= 0:
                found.append(Word(text, start, self.weight(text)))
                position = start + len(text)
        return tuple(found)

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return the parts of a long word; none where they leave something of it out."""
        parts = tuple(part for part in self._tokenizer.words(word) if part != word)
        return parts if len(parts) > 1 and sum(map(len, parts)) >= len(word) else ()

    def weight(self, word: str) -> float:
        """Return how much a word says."""
        return float(np.linalg.norm(self._vector(word)))

    def met(self, word: str, source: str, elsewhere: str = "", denied: bool = False) -> float:
        """Return in 0..1 how far a folded source says a word: letter for letter, by a synonym, or by its meaning.

        :param denied: whether a 不 stands before the word: else it is not met where the source only denies it.
        :param elsewhere: other text of the same clause: a word that stands there is not met by one of like meaning here.
        """
        if word in source:
            return float(denied or _affirmed(word, source))
        if self._grouped(word, source):
            return 1.0
        if OFTEN.search(word):
            return 0.0
        if _abbreviates(word, source):
            return 0.9
        if len(word) <= 3 and (word[-1] in PARTICLES or word[0] in PARTICLES):  # cut across a border: 园|到, 由|市
            rest = word.strip(PARTICLES)
            return 1.0 if rest in source else 0.0
        parts = self.parts(word)
        if parts and all(part in source or self._grouped(part, source) for part in parts if len(part) > 1):
            return 1.0
        if word in elsewhere or any(opposite(word, other.text) for other in self.words(source)):
            return 0.0
        return self._meaning(word, source)

    def _grouped(self, word: str, source: str) -> bool:
        """Tell whether a synonym stands in the source; one of a single character must be a word of its own."""
        others = self.synonyms.get(word, ())
        return any(other in source for other in others if len(other) > 1) or not self.singles(source).isdisjoint(others)

    def _singles(self, folded: str) -> frozenset[str]:
        return frozenset(word.text for word in self.words(folded) if len(word.text) == 1)

    def _meaning(self, word: str, source: str) -> float:
        units = self.matrix(source)
        if not len(units):
            return 0.0
        best = float((units @ self.unit(word)).max())
        return min(max((best - _APART) / (_SAME - _APART), 0.0), 1.0)

    def _vector(self, word: str) -> np.ndarray:
        pieces = self._encoder.piece_vectors(self._encoder.pieces(word))
        return pieces.sum(axis=0)

    def _unit(self, word: str) -> np.ndarray:
        vector = self._vector(word)
        return vector / max(float(np.linalg.norm(vector)), 1e-9)

    def _matrix(self, folded: str) -> np.ndarray:
        """Return the unit vectors of a text's words of two characters or more, float32 [words, dimension]."""
        words = dict.fromkeys(word.text for word in self.words(folded) if len(word.text) > 1)
        return np.array([self.unit(word) for word in words], np.float32)


def opposite(word: str, other: str) -> bool:
    """Tell whether two words differ in one character and say the contrary, or another step of the same scale.

    Example: "迁入", "迁出" -> True
    """
    if len(word) != len(other) or len(word) < 2:
        return False
    differing = [(a, b) for a, b in zip(word, other, strict=True) if a != b]
    return len(differing) == 1 and any(a in scale and b in scale for a, b in differing for scale in _SCALES)


def _abbreviates(word: str, source: str) -> bool:
    """Tell whether a word of two or three characters shortens one of the source.

    Example: "营收" in "实现营业收入" -> True
    """
    if not 2 <= len(word) <= 3 or not re.fullmatch(r"[一-鿿]+", word):
        return False
    return _loose(word).search(source) is not None


@lru_cache(maxsize=_CACHE)
def _loose(word: str) -> re.Pattern[str]:
    return re.compile(r"[一-鿿]{0,2}".join(map(re.escape, word)))


def _affirmed(word: str, source: str) -> bool:
    """Tell whether a word stands somewhere in a source without a 不 or 非 right before it."""
    place = source.find(word)
    while place >= 0:
        if source[max(place - 1, 0) : place] not in _NO:
            return True
        place = source.find(word, place + 1)
    return False


def _groups(path: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        words = [] if line.startswith("#") else line.split()
        for word in words:
            found.setdefault(word, []).extend(other for other in words if other != word)
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}


def total(words: Sequence[Word]) -> float:
    """Return the weight of words together."""
    return sum(word.weight for word in words)
