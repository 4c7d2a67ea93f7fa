"""Write the model as sentence-transformers reads it: int8 vectors, one scale a piece."""

import json
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

_MODULES = (
    ("", "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"),
    ("1_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
)
_CONFIG = {"model_type": "SentenceTransformer", "prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}
_NORMALIZE = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
_LIMIT = 127  # largest magnitude of a signed byte, kept symmetric


def export(folder: Path, tokenizer: Tokenizer, vectors: np.ndarray) -> None:
    """Write the model to `folder`, in place of any model there; the card stays.

    The names `embeddings` and `weights` are model2vec's, whose files StaticEmbedding reads: it multiplies them.
    """
    shutil.rmtree(folder / "1_Normalize", ignore_errors=True)
    (folder / "1_Normalize").mkdir(parents=True)
    modules = [{"idx": i, "name": str(i), "path": path, "type": kind} for i, (path, kind) in enumerate(_MODULES)]
    _write(folder / "modules.json", modules)
    _write(folder / "config_sentence_transformers.json", _CONFIG)
    _write(folder / "1_Normalize" / "config.json", _NORMALIZE)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    rounded, scales = quantise(vectors)
    save_file({"embeddings": rounded, "weights": scales}, folder / "model.safetensors")


def principal(vectors: np.ndarray, dimension: int) -> np.ndarray:
    """Return the vectors, float32 [pieces, any], turned to the `dimension` axes along which they are longest.

    Tables of different seeds say much the same, so that few axes carry nearly all of their products.
    """
    if vectors.shape[1] <= dimension:
        return vectors
    _, axes = np.linalg.eigh(vectors.T @ vectors)  # shortest first
    return vectors @ axes[:, : -dimension - 1 : -1]


def quantise(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 rows and a float32 factor per row, whose product is the vectors to within half a factor."""
    scales = np.abs(vectors).max(axis=1) / _LIMIT
    rounded = np.rint(np.divide(vectors, scales[:, None], out=np.zeros_like(vectors), where=scales[:, None] > 0))
    return rounded.astype(np.int8), scales.astype(np.float32)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
