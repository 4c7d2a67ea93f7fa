"""Cut a question into the parts that each ask for something of their own."""

import re
from collections.abc import Callable, Iterator, Sequence

# Where one part ends: stops, and the spaces of a question typed as key words, …
_STOPS = re.compile(r"[，,。；;：:？?！!、（）()“”\"]+|(?<![a-z]) +(?![a-z])", re.IGNORECASE)
# … and words that set things side by side.
_BESIDE = re.compile(r"以及|还是|或者|还有|再加上|[和跟与及或]|\b(?:and|or|vs|versus)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"[？?。；;！!\n]+|(?:^|(?<=\s))(?:\d{1,2}[.、．)）]|[（(]\d{1,2}[)）]|[①-⑳])\s*")
# Words of a question that name nothing that a clause could meet.
_EMPTY = re.compile(
    r"请问|想问|问一下|我们|咱们|你们|公司|企业|各自|分别|对比|比较|相比|比一比|区别|差别|不同|不一样|一样|什么|多少|怎么样|怎么|怎样|如何|"
    r"有没有|能不能|可不可以|哪[个些家份边]|[哪几是的了吗呢吧啊么嘛有都各分要能给这那个些两三四五在里上]"
)
# Words that make a part a question of its own.
_ASKS = re.compile(
    r"[谁哪几怎咋啥吗么呢]|什么|多少|多大|多久|何时|为何|如何|是否|能否|可否|([能会可要给有算是])[不没]\1|[吗不没]$|\b(?:who|what|which|how|when|where)\b",
    re.IGNORECASE,
)
_SHORTEST = 4  # characters of a question that stands beside others: “差多少” belongs to the one before it
_MOST = 6  # questions of one message that are answered
_LEAST = 2  # characters that name something, for a part to ask for something of its own


def parts(question: str, edges: Callable[[str], set[int]]) -> tuple[str, ...]:
    """Return the parts of a normalised question in order, those that name nothing left out.

    Example: "上海的天气预警，谁能发、别人转的时候有啥规矩" -> ("上海的天气预警", "谁能发", "别人转的时候有啥规矩")

    :param edges: the places at which words of a text begin or end.
    """
    found = (part.strip() for piece in _STOPS.split(question) for part in _beside(piece, edges(piece)))
    return tuple(dict.fromkeys(part for part in found if says(part)))


def messages(text: str) -> tuple[str, ...]:
    """Return the questions of a message that are to be answered one by one; one where it holds a single one.

    Example: "孵化器有补贴吗？人才公寓怎么申请？" -> ("孵化器有补贴吗", "人才公寓怎么申请")
    """
    found = [sentence.strip(" ，,") for sentence in _SENTENCES.split(text)]
    found = [sentence for sentence in found if sentence]
    alone = all(says(sentence) and _ASKS.search(sentence) and len(sentence) >= _SHORTEST for sentence in found)
    return tuple(found[:_MOST]) if len(found) > 1 and alone else (text,)


def questions(found: Sequence[str]) -> tuple[str, ...]:
    """Return the questions that the parts of a message make, each standing alone; empty where they make but one.

    Example: ("天气预警", "谁能发", "别人转的时候有啥规矩") -> ("天气预警 谁能发", "天气预警 别人转的时候有啥规矩")
    Example: ("涂改档案", "倒卖档案", "罚多少") -> ("涂改档案 罚多少", "倒卖档案 罚多少")
    """
    asking = [part for part in found if _ASKS.search(part)]
    about = [part for part in found if part not in asking]
    if len(asking) > 1:
        return tuple(" ".join((*about, part)) for part in asking)
    return tuple(" ".join((part, *asking)) for part in about) if len(about) > 1 else ()


def asks(text: str) -> bool:
    """Tell whether a message asks something, by its words or its mark."""
    return text.endswith(("？", "?")) or _ASKS.search(text) is not None


def says(part: str) -> bool:
    """Tell whether a part names something that a clause could meet."""
    return len(_EMPTY.sub("", part)) >= _LEAST


def _beside(piece: str, edges: set[int]) -> Iterator[str]:
    """Yield what stands on either side of the words that set things side by side."""
    start = 0
    for match in _BESIDE.finditer(piece):
        if {match.start(), match.end()} <= edges:  # 和 is no such word in 和解
            yield piece[start : match.start()]
            start = match.end()
    yield piece[start:]
