"""What of a clause is encoded: the same words at training and at indexing."""

from collections.abc import Sequence


def passage_text(title: str, ancestors: Sequence[str], text: str) -> str:
    """Return the clause's text under its policy's title and the headings above it, one a line.

    Example: "促进条例", ("第一章 总则",), "第一条 为了…" -> "促进条例\\n第一章 总则\\n第一条 为了…"
    """
    return "\n".join(part for part in (title, *ancestors, text) if part)
