"""Linear classifiers over hashed character n-grams: small, fast, and without dependencies."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BUCKETS = 1 << 15  # hash buckets: 260,000 n-grams of the training questions share them, most of them seen only once
_LONGEST = 3  # characters in an n-gram; Chinese words have one to three


def features(text: str) -> np.ndarray:
    """Return the sorted bucket numbers of the text's 1- to 3-grams, each once.

    The hash is CRC-32, the same on every machine.
    """
    padded = f"^{text.lower()}$"
    grams = {padded[i : i + n] for n in range(1, _LONGEST + 1) for i in range(len(padded) - n + 1)}
    return np.unique(np.fromiter((zlib.crc32(gram.encode()) % BUCKETS for gram in grams), np.int64, len(grams)))


@dataclass(frozen=True, slots=True)
class NgramClassifier:
    """Multinomial logistic regression; binary features scaled to unit length."""

    labels: tuple[str, ...]
    weights: np.ndarray  # float16 [BUCKETS, labels]
    bias: np.ndarray  # float32 [labels]

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of each label; they sum to 1."""
        rows = features(text)
        logits = self.weights[rows].astype(np.float32).sum(axis=0) / np.sqrt(len(rows)) + self.bias
        exponents = np.exp(logits - logits.max())
        return dict(zip(self.labels, (exponents / exponents.sum()).tolist(), strict=True))

    @classmethod
    def load(cls, path: Path) -> "NgramClassifier":
        """Read an .npz of labels, weights and bias."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(tuple(arrays["labels"].tolist()), arrays["weights"], arrays["bias"])

    def save(self, path: Path) -> None:
        """Write what `load` reads."""
        np.savez_compressed(path, labels=np.array(self.labels), weights=self.weights, bias=self.bias)
