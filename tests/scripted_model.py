"""A chat model that says what a test wrote, through LangChain's own interface, and answerers over it."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from rag.breaker import Breaker
from rag.budget import DayBudget
from rag.llm import LanguageModel
from rag.pipeline import Pipeline
from rag.settings import ModelSettings

PIECE = 3  # characters a chunk: cuts citations and sentences wherever they can be cut
USAGE = {"input_tokens": 500, "output_tokens": 40, "total_tokens": 540}
FIELDS = {"RAG_LLM_BASE_URL": "http://127.0.0.1:9/v1", "RAG_LLM_MODEL": "scripted"}


class ScriptedModel(BaseChatModel):
    """Reply with the texts in turn; an exception among them is raised; a function is given the prompt."""

    replies: list[Any]
    prompts: list[list[BaseMessage]]
    pause: float = 0.0  # seconds before each piece

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> ChatResult:  # fmt: skip
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._next(messages)))])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:  # fmt: skip
        text = self._next(messages)
        for start in range(0, len(text), PIECE):
            time.sleep(self.pause)
            yield ChatGenerationChunk(message=AIMessageChunk(text[start : start + PIECE]))
        yield ChatGenerationChunk(message=AIMessageChunk("", usage_metadata=USAGE))

    def _next(self, messages: list[BaseMessage]) -> str:
        self.prompts.append(messages)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, BaseException):
            raise reply
        return reply(messages[-1].text) if isinstance(reply, Callable) else reply


def settings(**fields: str) -> ModelSettings:
    """Return model settings with these fields, named without their prefix."""
    return ModelSettings.load(FIELDS | {f"RAG_LLM_{name}": value for name, value in fields.items()})


def worded(pipeline: Pipeline, folder: Path, replies: Sequence[Any], pause: float = 0.0, **fields: str) -> tuple[Pipeline, ScriptedModel]:
    """Return an answerer whose words come from a script, and the script."""
    chat, made = ScriptedModel(replies=list(replies), prompts=[], pause=pause), settings(**fields)
    return pipeline.with_language_model(LanguageModel(chat, made, DayBudget(folder, made.day_tokens), Breaker())), chat
