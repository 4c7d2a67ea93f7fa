"""Judge a question that a model made standalone: it may complete what was asked, and add nothing."""

import re
from collections.abc import Sequence

from index.lexicon import fold
from rag.overlap import Grams
from rag.prompt import fenced
from rag.text import normalise
from rag.types import Turn

REACH = 4  # turns before the question that the model is given
_TURN = 300  # characters of each: an answer's first lines tell its matter
_LONGEST = 100  # characters of a question that is still one
# Share of the rewritten question's pairs of characters that must stand in the conversation: particles and word order
# change, matters and names do not.
_FROM_CONVERSATION = 0.6
_LABEL = re.compile(r"^(?:改写后的)?问题\s*[:：]\s*|^[“\"'「]|[”\"'」]$")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_NAMES = {"user": "企业", "assistant": "答复"}


def conversation(turns: Sequence[Turn]) -> str:
    """Return the last turns as material."""
    return "\n".join(fenced(_NAMES.get(turn.role, "其他"), turn.content[:_TURN]) for turn in turns[-REACH:])


def accepted(reply: str, question: str, turns: Sequence[Turn]) -> str:
    """Return the rewritten question, "" where it is none or says what nobody said."""
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    text = normalise(_LABEL.sub("", _LABEL.sub("", lines[-1]))) if lines else ""
    if not text or len(text) > _LONGEST:
        return ""
    said = fold(" ".join((*(turn.content for turn in turns), question)))
    if any(figure not in said for figure in _FIGURE.findall(fold(text))):
        return ""
    return text if Grams.of(fold(text)).overlap(said)[0] >= _FROM_CONVERSATION else ""
