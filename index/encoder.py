"""Texts to vectors: the bundled static model without torch, any other through sentence-transformers."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from index.errors import SettingError
from index.settings import BUNDLED_ENCODER, ROOT
from index.static_encoder import StaticEncoder, is_static

# Instructions that a family's authors state for its queries, for copies of a model that carry no prompts.
_QUERY_PROMPTS = {
    # BAAI/bge-*-zh-v1.5 model card, "Usage".
    "bge-small-zh": "为这个句子生成表示以用于检索相关文章：",
    "bge-base-zh": "为这个句子生成表示以用于检索相关文章：",
    "bge-large-zh": "为这个句子生成表示以用于检索相关文章：",
    # Qwen/Qwen3-Embedding-* model card, "Usage".
    "qwen3-embedding": "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
}
_CHUNK = 1 << 20  # bytes read at once when hashing


class Encoder(Protocol):
    """What turns texts into vectors."""

    name: str
    dimension: int
    fingerprint: str  # sha256 over the model's files

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> np.ndarray:
        """Return unit vectors, float32 [texts, dimension]; zeros for a text without any known piece."""
        ...


class TransformerEncoder:
    """A sentence-transformers model of any kind."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        from sentence_transformers import SentenceTransformer  # 4 to 5 s: only where another model is asked for

        self.name = folder.name
        self.fingerprint = fingerprint
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.dimension = self._model.get_embedding_dimension()
        self._prompts = _prompts(str(folder), self._model.prompts)

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> np.ndarray:
        """Return unit vectors, float32 [texts, dimension], with the model's own prompt for the kind."""
        prompt = self._prompts[kind]
        vectors = self._model.encode(list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32).reshape(len(texts), self.dimension)


def load_encoder(name: str = BUNDLED_ENCODER, *, allow_download: bool = False) -> Encoder:
    """Load a model by folder, or by name from the local hub cache.

    :raises SettingError: if the model is not on this machine and may not or cannot be downloaded.
    """
    folder = _locate(name, allow_download)
    kind = StaticEncoder if is_static(folder) else TransformerEncoder
    return kind(folder, _fingerprint(folder))


def _locate(name: str, allow_download: bool) -> Path:
    for folder in (Path(name).expanduser(), ROOT / name):
        if (folder / "modules.json").is_file() or (folder / "config.json").is_file():
            return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=not allow_download))
    except (HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError) as error:
        raise SettingError(
            f"找不到向量模型“{name}”：它既不是本机的模型文件夹，也不在本机缓存里。"
            f"请把 RAG_ENCODER 改为模型文件夹的路径（自带模型是 {BUNDLED_ENCODER}），"
            "或在可以联网时设 RAG_ALLOW_DOWNLOAD=1 后重试。"
        ) from error


def _prompts(folder: str, own: Mapping[str, str]) -> dict[str, str]:
    """Return the prompt for each kind: the model's own, else what its family's authors state."""
    known = next((prompt for family, prompt in _QUERY_PROMPTS.items() if family in folder.lower()), "")
    passage = own.get("document") or own.get("passage") or own.get("corpus") or ""
    return {"query": own.get("query") or known, "passage": passage}


def _fingerprint(folder: Path) -> str:
    """Return the sha256 over the names and bytes of the model's files, the model card aside."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()
