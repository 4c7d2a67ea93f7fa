"""Where the sentences of a text begin and end."""

import re
from collections.abc import Iterator

# A sentence ends with its stop and the closing marks behind it; a semicolon ends an item of a list.
_SENTENCE = re.compile(r"[^。！？!?；;\n]+(?:[。！？!?；;]+[”’」』）)]*|\n|$)|[。！？!?；;\n]+")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of `text`, in order, blank ones left out.

    Example: "支持设立。给予资助。" -> (0, 5), (5, 10)
    """
    for match in _SENTENCE.finditer(text):
        if match.group().strip():
            yield match.span()
