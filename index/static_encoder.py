"""A static embedding without torch: the mean of a text's piece vectors, from `tokenizers`, `safetensors` and numpy."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from safetensors import safe_open
from tokenizers import Tokenizer

# Characters of a text that are read: the longest clause has about 1,500, and what follows would only blur the mean.
MAX_CHARACTERS = 2000
_BLOCK = 1024  # texts cut into pieces at once
_MODULES = ("StaticEmbedding", "Normalize")


class StaticEncoder:
    """Encode texts with one vector per piece, kept in memory as stored."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.name = folder.name
        self.fingerprint = fingerprint
        module = folder / _modules(folder)[0]["path"]
        self._tokenizer = Tokenizer.from_file(str(module / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        with safe_open(module / "model.safetensors", framework="numpy") as tensors:
            stored = set(tensors.keys())
            self._vectors = tensors.get_tensor("embeddings" if "embeddings" in stored else "embedding.weight")
            # One factor a piece undoes the int8 storage, as in sentence-transformers' reading of model2vec files.
            self._scales = tensors.get_tensor("weights") if "weights" in stored else None
        self.dimension = self._vectors.shape[1]
        self._norms = np.full(len(self._vectors), np.nan, np.float32)
        self.piece_type = np.min_scalar_type(len(self._vectors) - 1)

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> np.ndarray:
        """Return unit vectors, float32 [texts, dimension]; zeros for a text without any known piece.

        Queries and passages are encoded alike.
        """
        sums = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BLOCK):
            for row, pieces in enumerate(self.pieces_of(texts[start : start + _BLOCK]), start=start):
                sums[row] = self.total(pieces)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.divide(sums, norms, out=sums, where=norms > 0)

    def pieces(self, text: str) -> np.ndarray:
        """Return the numbers of a text's pieces in order, `piece_type` [pieces]."""
        return self.pieces_of([text])[0]

    def pieces_of(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Return the numbers of each text's pieces in order, `piece_type` [pieces]."""
        shortened = [text[:MAX_CHARACTERS] for text in texts]
        encodings = self._tokenizer.encode_batch_fast(shortened, add_special_tokens=False)
        return [np.array(encoding.ids, self.piece_type) for encoding in encodings]

    def piece_vectors(self, pieces: np.ndarray) -> np.ndarray:
        """Return the vectors of pieces, float32 [pieces, dimension], not normalised: the norm is a piece's weight."""
        return self._rows(pieces)

    def piece_norms(self, pieces: np.ndarray) -> np.ndarray:
        """Return the lengths of the vectors of pieces, float32 [pieces]; each is worked out once."""
        fresh = np.unique(pieces[np.isnan(self._norms[pieces])])
        if len(fresh):
            self._norms[fresh] = np.linalg.norm(self._rows(fresh), axis=1)
        return self._norms[pieces]

    def products(self, pieces: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Return the inner products of the vectors of pieces with `vectors`, float32 [pieces, vectors]."""
        found = self._vectors[pieces].astype(np.float32) @ vectors.T
        return found if self._scales is None else found * self._scales[pieces, None]

    def total(self, pieces: np.ndarray) -> np.ndarray:
        """Return the sum of the vectors of pieces, float32 [dimension]."""
        vectors = self._vectors[pieces].astype(np.float32)
        # A product with the factors: numpy's sums over the first axis take ten times as long.
        return (np.ones(len(pieces), np.float32) if self._scales is None else self._scales[pieces]) @ vectors

    def _rows(self, ids: np.ndarray) -> np.ndarray:
        rows = self._vectors[ids].astype(np.float32)
        if self._scales is not None:
            rows *= self._scales[ids, None]
        return rows


def is_static(folder: Path) -> bool:
    """Tell whether the folder holds a StaticEmbedding and nothing that `StaticEncoder` would leave out."""
    modules = [module["type"].rsplit(".", 1)[-1] for module in _modules(folder)]
    return tuple(modules) in {_MODULES, _MODULES[:1]}


def _modules(folder: Path) -> list[dict[str, str]]:
    path = folder / "modules.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else []
