"""Policies, clauses and known questions as JSON lines that a person can read."""

import json
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from index.types import Clause, ClauseKind, Entry, HeaderFact, KnownQuestion, Policy, Span

T = TypeVar("T")
_DATES = ("issued", "printed", "effective", "expires", "revised", "named")  # fields of Policy that hold dates


def line(value: Any) -> bytes:
    """Return a frozen dataclass as one JSON object on one line, with its end."""
    return json.dumps(value, ensure_ascii=False, default=_plain).encode() + b"\n"


def values(line: bytes) -> dict[str, Any]:
    """Return the JSON object on a line."""
    return json.loads(line)


def write_lines(path: Path, values: Iterable[Any]) -> None:
    """Write frozen dataclasses, one JSON object a line."""
    path.write_bytes(b"".join(map(line, values)))


def read_lines(path: Path, decode: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    """Read what `write_lines` wrote, through `decode`."""
    with path.open("rb") as file:
        return tuple(decode(values(line)) for line in file)


def _plain(value: Any) -> Any:
    return {name: getattr(value, name) for name in value.__slots__} if is_dataclass(value) else str(value)


def policy(values: dict[str, Any]) -> Policy:
    """Return the Policy of a JSON object."""
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in ("topics", "repeals", "corrected"):
        values[name] = tuple(values[name])
    values["facts"] = tuple(HeaderFact(f["field"], f["value"], Span(**f["span"])) for f in values["facts"])
    values["doubts"] = tuple(Span(**span) for span in values["doubts"])
    return Policy(**values)


def clause(values: dict[str, Any]) -> Clause:
    """Return the Clause of a JSON object."""
    values["path"] = tuple(values["path"])
    values["ancestors"] = tuple(values["ancestors"])
    values["kind"] = ClauseKind(values["kind"])
    values["spans"] = tuple(Span(**span) for span in values["spans"])
    return Clause(**values)


def question(values: dict[str, Any]) -> KnownQuestion:
    """Return the KnownQuestion of a JSON object."""
    return KnownQuestion(values["text"], tuple(values["clause_ids"]), values["source"])


def entry(values: dict[str, Any]) -> Entry:
    """Return the Entry of a JSON object."""
    values["edition"] = date.fromisoformat(values["edition"]) if values["edition"] else None
    values["corrected"], values["names"] = tuple(values["corrected"]), tuple(values["names"])
    return Entry(**values)
