"""Small feed-forward networks in numpy: trained by `training.answering`, run here."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Network:
    """Standardised inputs, one hidden layer of tanh units, one output plus a linear bypass."""

    columns: tuple[str, ...]  # names of the inputs, in order
    mean: np.ndarray  # float32 [inputs]
    scale: np.ndarray  # float32 [inputs], standard deviations, none 0
    hidden: np.ndarray  # float32 [inputs, units]
    hidden_bias: np.ndarray  # float32 [units]
    output: np.ndarray  # float32 [units]
    bypass: np.ndarray  # float32 [inputs]
    bias: np.ndarray  # float32 []

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return one value a row, float32 [rows], for inputs float32 [rows, inputs]."""
        inputs = np.clip((rows - self.mean) / self.scale, -_CLIP, _CLIP)
        return np.tanh(inputs @ self.hidden + self.hidden_bias) @ self.output + inputs @ self.bypass + self.bias


# Standard deviations beyond which an input is cut off, so that an unseen kind of document cannot run away.
_CLIP = 4.0


def sigmoid(value: float) -> float:
    """Return the probability of a log-odds value."""
    return float(1.0 / (1.0 + np.exp(-np.clip(value, -30, 30))))


def save(path: Path, networks: dict[str, Network]) -> None:
    """Write networks by name to one .npz."""
    arrays = {}
    for name, network in networks.items():
        for field in Network.__slots__:
            arrays[f"{name}/{field}"] = np.array(getattr(network, field))
    np.savez_compressed(path, **arrays)


def load(path: Path) -> dict[str, Network]:
    """Read what `save` wrote."""
    found: dict[str, dict[str, np.ndarray]] = {}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays.files:
            name, _, field = key.partition("/")
            found.setdefault(name, {})[field] = arrays[key]
    return {
        name: Network(**{**fields, "columns": tuple(fields["columns"].tolist())}) for name, fields in found.items()
    }
