"""Known questions: files of questions that people ask, each with the clauses that answer it."""

import json
from collections.abc import Container
from pathlib import Path

from index.errors import PolicyFileError
from index.types import KnownQuestion


def question_files(folder: Path) -> list[Path]:
    """Return the .jsonl files of `folder`, sorted; none where there is no folder."""
    return sorted(folder.glob("*.jsonl")) if folder.is_dir() else []


def read_questions(files: list[Path], clause_ids: Container[str]) -> tuple[KnownQuestion, ...]:
    """Read known questions, keeping those whose clauses all exist.

    A line is `{"q": question, "ids": [clause id, …]}`.

    :raises PolicyFileError: if a file cannot be read or a line is not of that form.
    """
    found: dict[str, KnownQuestion] = {}
    for path in files:
        for number, line in _lines(path):
            try:
                values = json.loads(line)
                text, ids = values["q"].strip(), tuple(map(str, values["ids"]))
            except (ValueError, KeyError, TypeError, AttributeError):
                message = f'{path} 第 {number} 行不是 {{"q": 问题, "ids": [条款编号]}}：{line[:60]}。请改正这一行。'
                raise PolicyFileError(message) from None
            if text and ids and all(clause_id in clause_ids for clause_id in ids):
                found.setdefault(text, KnownQuestion(text, ids, path.name))
    return tuple(found.values())


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return (number, line) of the lines that are not blank; only a line feed ends one, as JSON lines have it."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyFileError(f"已知问题文件 {path} 读不出来（{error}）。请另存为 UTF-8，或移走它。") from error
