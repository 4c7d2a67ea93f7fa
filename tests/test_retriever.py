"""The LangChain retriever: a retriever like any other, in a chain."""

import asyncio

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from rag.pipeline import Pipeline
from rag.retriever import ClauseRetriever

QUESTION, LOAN = "浦东的金融科技企业贷款有没有贴息", "浦府办〔2025〕29号/八"


@pytest.fixture
def retriever(pipeline: Pipeline) -> ClauseRetriever:
    return ClauseRetriever(pipeline.reader, pipeline.searcher)


def test_it_returns_clauses_as_documents_best_first(pipeline: Pipeline, retriever: ClauseRetriever) -> None:
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke(QUESTION)
    assert len(documents) == 10
    assert documents[0].id == LOAN
    assert documents[0].page_content == pipeline.store.clause(LOAN).text
    assert [document.metadata["rank"] for document in documents] == list(range(1, 11))
    scores = [document.metadata["score"] for document in documents]
    assert scores == sorted(scores, reverse=True)
    assert documents[0].metadata | {"score": 0} == {"policy": "浦府办〔2025〕29号", "path": "八", "score": 0, "rank": 1}
    assert [document.id for document in documents] == [p.clause.id for p in pipeline.ask(QUESTION).retrieved[:10]]


def test_it_works_in_a_chain_in_batches_and_asynchronously(retriever: ClauseRetriever) -> None:
    def context(documents: list[Document]) -> str:
        return "\n".join(f"[{number}] {document.page_content}" for number, document in enumerate(documents, start=1))

    chain = {"context": retriever | RunnableLambda(context), "question": RunnablePassthrough()} | RunnableLambda(dict)
    result = chain.invoke(QUESTION)
    assert result["question"] == QUESTION
    assert result["context"].startswith("[1] 八、") and "贷款贴息" in result["context"]
    once, again = retriever.batch([QUESTION, "静安园的区块链企业有什么支持"])
    assert once[0].id == LOAN and again[0].metadata["policy"] == "静府发〔2025〕5号"
    assert asyncio.run(retriever.ainvoke(QUESTION)) == once


def test_k_is_how_many_come_back(pipeline: Pipeline) -> None:
    assert len(ClauseRetriever(pipeline.reader, pipeline.searcher, k=3).invoke(QUESTION)) == 3
