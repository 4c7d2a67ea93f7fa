"""Have a model write the questions that clauses answer; those that lead back to their clause become known questions."""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from index.errors import SettingError
from index.lexicon import fold
from index.questions import read_questions
from index.store import Store
from index.types import Clause, ClauseKind
from rag.budget import Meter
from rag.llm import LanguageModel
from rag.outcome import ModelFailure
from rag.pipeline import Pipeline
from rag.prompt import Prompt, fenced

FILE = "model.jsonl"  # in the folder of known questions; its name says who wrote them
_LEAST_CLAUSE = 20  # characters; a shorter clause is a heading with a few words
_LEAST, _MOST = 6, 60  # characters of a question
_FOUND_WITHIN = 3  # rank at which a question must find its clause: one that does not is another clause's, or nobody's
_LABEL = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.、)）]|[Qq问]\s*[:：])\s*")
_LEANING = re.compile(r"本条|该条|上述|前述|该文件|本文件|该政策|本办法|本方案")  # cannot be understood alone
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def clauses(store: Store, known: Iterable[str]) -> list[Clause]:
    """Return the clauses worth asking about that have no questions by a model yet."""
    done = set(known)
    return [c for c in store.clauses if c.kind is ClauseKind.CLAUSE and len(c.text) >= _LEAST_CLAUSE and c.id not in done]


def already(path: Path, store: Store) -> set[str]:
    """Return the ids of the clauses that a file of questions is about.

    :raises PolicyFileError: if it cannot be read.
    """
    if not path.is_file():
        return set()
    return {i for question in read_questions([path], {c.id for c in store.clauses}) for i in question.clause_ids}


class QuestionWriter:
    """Ask a model for questions, and keep those that stand on their own and lead back to their clause."""

    def __init__(self, model: LanguageModel, pipeline: Pipeline, count: int) -> None:
        self._model = model
        self._pipeline = pipeline
        self._count = count
        self._prompt = Prompt.load("questions")
        self._seen: set[str] = set()  # a question belongs to one clause

    def write(self, wanted: list[Clause], path: Path, told: Callable[[int, int], None]) -> ModelFailure | None:
        """Append questions to `path`, clause by clause as they come; return what stopped it, None at the end.

        :param told: gets the clauses done and the questions kept, after each clause.
        :raises SettingError: if the file cannot be written.
        """
        kept, stopped = 0, None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file, ThreadPoolExecutor(self._model.settings.concurrency) as threads:
                replies = [(clause, threads.submit(self._asked, clause)) for clause in wanted]
                for number, (clause, reply) in enumerate(replies, start=1):
                    if reply.cancelled():
                        continue
                    if isinstance(failure := reply.exception(), ModelFailure):
                        stopped = stopped or failure
                        threads.shutdown(wait=False, cancel_futures=True)  # those under way are still written
                        continue
                    rows = self._rows(reply.result(), clause)
                    file.write("".join(rows))
                    file.flush()
                    kept += len(rows)
                    told(number, kept)
        except OSError as error:
            raise SettingError(f"写不了 {path}（{error.strerror}）。请检查目录和权限。") from error
        return stopped

    def _rows(self, reply: str, clause: Clause) -> list[str]:
        found = ({"q": question, "ids": [clause.id], "by": self._model.settings.model} for question in self.accepted(reply, clause))
        return [json.dumps(row, ensure_ascii=False) + "\n" for row in found]

    def _asked(self, clause: Clause) -> str:
        policy = self._pipeline.store.policy(clause.policy_id)
        material = "\n".join((policy.title, *clause.ancestors, clause.text))
        request = self._prompt.fill(clause=fenced("条款", material), count=str(self._count))
        return "".join(self._model.reply(request, time.monotonic() + self._model.settings.answer_seconds, Meter()))

    def accepted(self, reply: str, clause: Clause) -> Iterator[str]:
        """Yield the questions of a reply that can be used, at most as many as were asked for."""
        kept = 0
        for line in reply.splitlines():
            question = _LABEL.sub("", line).strip(" “”\"")
            if kept < self._count and fold(question) not in self._seen and self._usable(question, clause):
                self._seen.add(fold(question))
                kept += 1
                yield question

    def _usable(self, question: str, clause: Clause) -> bool:
        """Tell whether a question stands on its own, asks about nothing that is not there, and finds its clause."""
        if not (_LEAST <= len(question) <= _MOST and question.endswith(("？", "?")) and not _LEANING.search(question)):
            return False
        ground = fold(self._pipeline.store.policy(clause.policy_id).title + "".join(clause.ancestors) + clause.text)
        if any(figure not in ground for figure in _FIGURE.findall(fold(question))):
            return False
        query = self._pipeline.reader.read(question)
        passages = self._pipeline.searcher.search(query).passages[:_FOUND_WITHIN]
        return not query.foreign and any(passage.clause.id == clause.id for passage in passages)
