"""A segmenter without training: jieba's words, counted, as the pieces of a Unigram model."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from multiprocessing import Pool

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from index.tokenizer import Tokenizer as WordTokenizer

UNKNOWN = "[UNK]"
# Words seen less often are noise or names of one place; their characters carry them.
MIN_COUNT = 4
# Latin words are rarer here, and their letters alone say little.
MIN_LATIN_COUNT = 2
# Nats below the rarest word for a single character: a word that is known is never cut into characters.
_CHARACTER_PENALTY = 4.0
_BATCH = 2000  # texts a worker counts at once: large enough to hide the hand-over
_LATIN = re.compile(r"[a-z]+")
_CHINESE = re.compile(r"[㐀-鿿]")
_words = WordTokenizer()


def count_words(texts: Iterable[str], processes: int) -> Counter[str]:
    """Count the words of `texts`."""
    texts = list(texts)
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    total: Counter[str] = Counter()
    with Pool(processes) as pool:
        for counts in pool.imap(_count, batches):
            total.update(counts)
    return total


def build_tokenizer(counts: Mapping[str, int], size: int) -> Tokenizer:
    """Return a Unigram tokenizer over the `size` most frequent pieces; the score is the log frequency."""
    total = math.log(sum(counts.values()))
    pieces = {character: 0 for word in counts for character in word}
    frequent = sorted(counts, key=lambda word: (-counts[word], word))
    for word in frequent:
        if len(pieces) >= size - 1:
            break
        if counts[word] >= (MIN_LATIN_COUNT if _LATIN.fullmatch(word) else MIN_COUNT):
            pieces[word] = counts[word]
    floor = -total - _CHARACTER_PENALTY
    vocabulary = [(UNKNOWN, floor - _CHARACTER_PENALTY)]
    vocabulary += [(piece, math.log(count) - total if count else floor) for piece, count in pieces.items()]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"),
            pre_tokenizers.Split(Regex(r"[a-z]+|\p{N}+"), "isolated"),
        ]
    )
    return tokenizer


def characters(piece: str) -> str:
    """Return what a piece is made of: the Chinese characters, or the letters and digits, of a longer one.

    Example: "贷款" -> "贷款", "贷" -> ""
    """
    return piece if len(piece) > 1 and _CHINESE.search(piece) else ""


def _count(texts: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_words.cut(text))
    return counts
