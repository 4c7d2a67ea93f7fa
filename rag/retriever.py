"""The search as a LangChain retriever, so that it drops into anyone's chain."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from rag.reader import QuestionReader
from rag.searcher import Searcher


class ClauseRetriever(BaseRetriever):
    """Return clauses as documents, best first; `id` is the clause id, `metadata` holds policy, path, score and rank."""

    reader: Any  # QuestionReader; pydantic knows no plain classes
    searcher: Any  # Searcher
    k: int = 10  # documents returned

    def __init__(self, reader: QuestionReader, searcher: Searcher, k: int = 10) -> None:
        super().__init__(reader=reader, searcher=searcher, k=k)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        ranking = self.searcher.search(self.reader.read(query))
        return [
            Document(
                id=passage.clause.id,
                page_content=passage.clause.text,
                metadata={
                    "policy": passage.clause.policy_id,
                    "path": "/".join(passage.clause.path),
                    "score": passage.score,
                    "rank": passage.rank,
                },
            )
            for passage in ranking.passages[: self.k]
        ]
