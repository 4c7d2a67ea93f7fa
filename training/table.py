"""The table of piece vectors while it is trained: a piece is its own row plus its characters' rows."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse
import torch
from tokenizers import Tokenizer

from training.tokenizer import characters

# Standard deviation of the first values: small against what a few steps of Adam add.
_INITIAL_SCALE = 0.05
# Weight of the characters' mean against a piece's own row. It is what carries rare and unseen words: without it
# held-out laws lose 0.03 MRR and regulations of fields far from the questions 0.09; 2 beats 1 by 0.01.
_CHARACTER_WEIGHT = 2.0


class Table:
    """Vectors of the pieces of a tokenizer, made of own rows and shared character rows."""

    def __init__(self, tokenizer: Tokenizer, dimension: int, seed: int) -> None:
        size = tokenizer.get_vocab_size()
        self.rows = torch.nn.Parameter(
            torch.randn(size, dimension, generator=torch.Generator().manual_seed(seed)) * _INITIAL_SCALE
        )
        self.composition = _composition(tokenizer)
        self.rows.grad = torch.zeros_like(self.rows)

    def bags(self, ids: Sequence[np.ndarray]) -> scipy.sparse.csr_matrix:
        """Return the matrix that turns rows into the mean of each text's pieces."""
        lengths = np.array([len(text) for text in ids])
        values = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
        pointers = np.concatenate([[0], np.cumsum(lengths)])
        shape = (len(ids), len(self.rows))
        return scipy.sparse.csr_matrix((values, np.concatenate(ids), pointers), shape=shape) @ self.composition

    def forward(self, bags: scipy.sparse.csr_matrix) -> torch.Tensor:
        """Return the bags' vectors, a leaf that collects its gradient."""
        return torch.from_numpy(bags @ self.rows.detach().numpy()).requires_grad_()

    def backward(self, bags: scipy.sparse.csr_matrix, vectors: torch.Tensor) -> None:
        """Add the gradient that `vectors` collected to the rows'."""
        self.rows.grad += torch.from_numpy(bags.T @ vectors.grad.numpy())

    def folded(self) -> np.ndarray:
        """Return one vector per piece, float32 [pieces, dimension]; the unknown piece is zero."""
        vectors = self.composition @ self.rows.detach().numpy()
        vectors[0] = 0
        return vectors


def _composition(tokenizer: Tokenizer) -> scipy.sparse.csr_matrix:
    """Return the matrix from rows to pieces: 1 for the own row, an equal share for each character's."""
    vocabulary = tokenizer.get_vocab()
    rows, columns, values = [], [], []
    for piece, number in vocabulary.items():
        parts = [vocabulary[character] for character in characters(piece) if character in vocabulary]
        rows += [number] * (1 + len(parts))
        columns += [number, *parts]
        values += [1.0, *(_CHARACTER_WEIGHT / len(parts) for _ in parts)]
    shape = (len(vocabulary), len(vocabulary))
    return scipy.sparse.csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)
