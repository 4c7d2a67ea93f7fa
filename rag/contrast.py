"""Cut a question that sets two situations side by side into what is asked of each."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Span = tuple[int, int]
# Words that say that things are set side by side.
_CONTRASTS = re.compile(
    r"分别|各(?![种类位地级项国省市区县乡镇园家])|[一不两]样|两边|不同|区别|差别|差在|差多[少远]|相同|比一?比|相比|对比|"
    r"谁[长短高低重轻多少早晚先]|哪(?:一)?(?:个|边|头|部|样|种|方)|又[要是挨歇怎咋挂罚得能该说]|\b(?:vs|versus|which|differ|same)\b",
    re.IGNORECASE,
)
_STOPS = re.compile(r"[，,。；;：:？?！!、（）()]+")
_LINK = re.compile(r"^(?:再)?(?:和|跟|与|同|以及|还有)")  # leads the second of two parts
_INSIDE = re.compile(r"[和跟与]|以及")  # stands between two halves of a part
_ASKS = re.compile(r"[几谁哪啥怎咋]|多[少久大长]|什么")
_AGAIN = re.compile(r"又(?!有|没|不)")  # asks of a second thing what was asked of a first: 城里的又要多大
_ALIKE = 2  # characters that two parts begin or end with, to be set side by side: 没证就卖煤气，没证就给人供暖
_EMPTY = re.compile(r"[的了吗呢吧啊么一个是都]")
_SHORTEST = 2  # characters of a side that say something


def contrast(question: str, edges: Callable[[str], set[int]]) -> tuple[str, ...]:
    """Return what is asked of each of two sides; empty where a question has no two.

    A side is asked for by the question without the other one.

    Example: "物业没分类，和住户乱扔，哪个罚得狠" -> ("物业没分类，哪个罚得狠", "住户乱扔，哪个罚得狠")

    :param edges: the places at which words of a text begin or end.
    """
    if not _CONTRASTS.search(question):
        return ()
    for first, second in _pairs(question, edges):
        if all(len(_EMPTY.sub("", question[slice(*side)])) >= _SHORTEST for side in (first, second)):
            before, after = question[: first[0]], question[second[1] :]
            return tuple(f"{before}{question[slice(*side)]}{after}" for side in (first, second))
    return ()


def _pairs(question: str, edges: Callable[[str], set[int]]) -> Iterator[tuple[Span, Span]]:
    """Yield the pairs of spans that may be two sides, the surest first."""
    parts = list(_parts(question))
    neighbours = [(first, second, question[slice(*first)], question[slice(*second)]) for first, second in pairwise(parts)]
    for first, second, _, said in neighbours:  # …，和…
        if link := _LINK.match(said):
            yield first, (second[0] + link.end(), second[1])
    for first, second, one, other in neighbours:  # 一个…，一个…
        if one[:_ALIKE] == other[:_ALIKE] or one[-_ALIKE:] == other[-_ALIKE:]:
            yield first, second
    for first, second, one, other in neighbours:  # …多少，…又多少
        if _AGAIN.search(other) and _ASKS.search(one) and _ASKS.search(other):
            yield first, second
    for start, end in parts:  # …和…
        part = question[start:end]
        places = edges(part)
        for link in _INSIDE.finditer(part):
            if {link.start(), link.end()} <= places and 0 < link.start() and link.end() < len(part):
                yield (start, start + link.start()), (start + link.end(), end)


def _parts(question: str) -> Iterator[Span]:
    start = 0
    for stop in (*_STOPS.finditer(question), None):
        end = stop.start() if stop else len(question)
        if end > start:
            yield start, end
        start = stop.end() if stop else end
