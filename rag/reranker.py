"""An optional cross-encoder over the first passages: the second door to sentence-transformers."""

from collections.abc import Sequence
from dataclasses import replace

from index.errors import SettingError
from rag.types import Passage

DEPTH = 20  # passages reordered, as many as an answer keeps; recall@10 before it is 0.95 and more (docs/evaluation.md)


class CrossEncoderReranker:
    """Reorder passages by a cross-encoder.

    Its scores say which passage is better, not how likely it answers; so the order is the cross-encoder's, and the
    probabilities stay the calibrated ones, the highest going to the first.
    """

    def __init__(self, name: str, *, allow_download: bool = False) -> None:
        """Load a model by folder or name.

        :raises SettingError: if it is not on this machine and may not or cannot be downloaded.
        """
        from sentence_transformers import CrossEncoder  # 4 to 5 s: only where a reranker is asked for

        try:
            self._model = CrossEncoder(name, device="cpu", local_files_only=not allow_download)
        except (OSError, ValueError) as error:
            raise SettingError(
                f"找不到重排模型“{name}”。请把 RAG_RERANKER 改为本机的模型文件夹，"
                "或在可以联网时设 RAG_ALLOW_DOWNLOAD=1 后重试；不需要重排就去掉 RAG_RERANKER。"
            ) from error

    def rerank(self, question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Return the passages with the first `DEPTH` in the cross-encoder's order."""
        first = passages[:DEPTH]
        if not first:
            return tuple(passages)
        values = self._model.predict([(question, passage.clause.text) for passage in first], show_progress_bar=False)
        order = sorted(range(len(first)), key=lambda row: -float(values[row]))
        moved = (
            replace(first[row], rank=place.rank, score=place.score, legs=(*first[row].legs, ("rerank", float(values[row]))))
            for row, place in zip(order, first, strict=True)
        )
        return (*moved, *passages[DEPTH:])
