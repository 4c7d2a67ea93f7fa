"""Score answers to gold questions, as `../shared/eval/score.py` does."""

import json
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.errors import SettingError
from rag.outcome import Outcome

GOLD = Path("../shared/eval/dev.jsonl")  # where no file is named; relative to the repository
_TRIED = ("answered", "partial")  # statuses that attempt an answer
_CUTOFFS = (1, 3, 5, 10)
Row = dict[str, Any]


def squeeze(text: str) -> str:
    """Return text without white space and markdown emphasis, so that layout does not count."""
    return re.sub(r"[\s*`_#>|]", "", text or "")


def read_lines(path: Path) -> list[Row]:
    """Read a JSON lines file.

    :raises SettingError: if it is missing or a line is no JSON object.
    """
    rows = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"读不了 {path}（{error}）。请检查路径。") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                rows.append(dict(json.loads(line)))
            except (ValueError, TypeError):
                raise SettingError(f"{path} 第 {number} 行不是 JSON 对象：{line[:60]}。请改正这一行。") from None
    return rows


def judge(gold: Row, answer: Row, texts: Mapping[str, str]) -> Row:
    """Return the figures of one answer.

    :param texts: clause id -> text, for the check of quotes.
    """
    cited = [citation["clause_id"] for citation in answer["citations"]]
    said = squeeze(answer["answer"])
    row = {"type": gold["type"], "status": answer["status"], "latency": answer["latency_ms"], "chars": len(said)}
    row["cited"] = len(cited)
    row["outcome"] = answer.get("outcome")  # of asking a language model; None where none was asked
    row["verbatim"] = [squeeze(c["quote"]) in squeeze(texts.get(c["clause_id"], "")) for c in answer["citations"]]
    row["clean"] = not any(squeeze(text) in said for text in gold.get("must_not_include", []))
    if gold["type"] == "unanswerable":
        return row | {"right": answer["status"] in _fine(gold.get("subtype")) and row["clean"]}
    retrieved, needs = answer["retrieved"], gold["gold"]
    on_topic = {clause for need in needs for clause in need} | set(gold.get("acceptable", []))
    row |= {f"recall@{k}": _mean([bool(set(need) & set(retrieved[:k])) for need in needs]) for k in _CUTOFFS}
    ranks = [rank for rank, clause in enumerate(retrieved, start=1) if any(clause in need for need in needs)]
    row["reciprocal_rank"] = 1 / ranks[0] if ranks else 0.0
    row["citation_recall"] = _mean([bool(set(need) & set(cited)) for need in needs])
    row["citation_precision"] = _mean([clause in on_topic for clause in cited]) if cited else None
    row["facts"] = _mean([any(squeeze(fact) in said for fact in need) for need in gold["must_include"]])
    row["tried"] = answer["status"] in _TRIED
    row["flagged"] = answer["status"] == "partial"
    complete = row["citation_recall"] == row["facts"] == 1 and (row["citation_precision"] or 0) >= 0.5
    honest = gold["type"] != "not_stated" or row["flagged"]
    return row | {"right": bool(row["tried"] and complete and row["clean"] and honest)}


def _fine(subtype: str | None) -> set[str]:
    """Return the statuses that are right for a question that nothing answers."""
    extra = {"chitchat": {"chitchat"}, "injection": {"chitchat"}, "near_miss": {"partial"}}
    return {"not_found", "refused"} | extra.get(subtype, set())


def summary(rows: Sequence[Row]) -> Row:
    """Return the table of metrics of judged answers."""
    answerable = [row for row in rows if row["type"] != "unanswerable"]
    verbatim = [true for row in rows for true in row["verbatim"]]
    latencies = sorted(row["latency"] for row in rows)
    table = {"questions": len(rows), "right": _mean([row["right"] for row in rows])}
    table |= {f"recall@{k}": _mean([row[f"recall@{k}"] for row in answerable]) for k in _CUTOFFS}
    table |= {
        "mrr": _mean([row["reciprocal_rank"] for row in answerable]),
        "citation_recall": _mean([row["citation_recall"] for row in answerable]),
        "citation_precision": _mean(
            [row["citation_precision"] for row in answerable if row["citation_precision"] is not None]
        ),
        "cited_per_answer": _mean([row["cited"] for row in answerable if row["tried"]]),
        "answer_chars_median": statistics.median([row["chars"] for row in answerable if row["tried"]] or [0]),
        "facts": _mean([row["facts"] for row in answerable]),
        "forbidden_said": sum(not row["clean"] for row in answerable),
        "false_refusals": _mean([not row["tried"] for row in answerable]),
        "unanswerable_right": _mean([row["right"] for row in rows if row["type"] == "unanswerable"]),
        "not_stated_flagged": _mean([row["flagged"] for row in rows if row["type"] == "not_stated"]),
        "quotes": len(verbatim),
        "quotes_verbatim": _mean(verbatim),
        "latency_p50_ms": statistics.median(latencies),
        "latency_p95_ms": latencies[min(len(latencies) - 1, int(0.95 * len(latencies)))],
    }
    if any(row["outcome"] for row in rows):
        table |= _by_model([row["outcome"] for row in rows if row["outcome"]])
    kinds = sorted({row["type"] for row in rows})
    return table | {f"right, {kind}": _mean([r["right"] for r in rows if r["type"] == kind]) for kind in kinds}


def _by_model(outcomes: Sequence[str]) -> Row:
    """Return how many answers a language model worded, and how many fell back on the extractive one, by outcome."""
    fell_back = Counter(outcome for outcome in outcomes if outcome != Outcome.GENERATED)
    table = {"model_asked": len(outcomes), "generated": outcomes.count(Outcome.GENERATED), "fell_back": fell_back.total()}
    return table | {f"fell_back, {outcome}": count for outcome, count in sorted(fell_back.items())}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
