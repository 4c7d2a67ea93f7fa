"""Inner product over unit vectors: the door to FAISS."""

from pathlib import Path

import faiss
import numpy as np

faiss.omp_set_num_threads(1)  # one question is one thread's work; several are asked at the same time


class DenseIndex:
    """Find the rows nearest to a query vector, exactly."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: np.ndarray) -> "DenseIndex":
        """Index unit vectors, float32 [n, dimension]."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @property
    def size(self) -> int:
        """Number of rows."""
        return self._index.ntotal

    def search(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return row numbers int64 [k] and cosines float32 [k], best first; fewer where there are fewer rows."""
        k = min(k, self.size)
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        cosines, rows = self._index.search(np.ascontiguousarray(vector[None, :], dtype=np.float32), k)
        return rows[0], cosines[0]

    def vectors(self) -> np.ndarray:
        """Return all rows, float32 [n, dimension]."""
        return self._index.reconstruct_n(0, self.size)

    def vectors_at(self, rows: np.ndarray) -> np.ndarray:
        """Return the rows of the given numbers, float32 [len(rows), dimension]."""
        return self._index.reconstruct_batch(rows) if len(rows) else np.empty((0, self._index.d), np.float32)

    def save(self, path: Path) -> None:
        """Write the index to `path`."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        """Read what `save` wrote, memory-mapped."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
