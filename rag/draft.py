"""Cut a model's reply into sentences as it comes, and read the numbers that each one cites."""

import re
from dataclasses import dataclass

_MARK = r"[\[［【]\s*\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*\s*[\]］】]"
_MARKS = re.compile(rf"\s*{_MARK}")
_NUMBER = re.compile(r"\d+")
# A sentence ends with its stop, the closing marks behind it, and the citations behind those; a line ends one too.
_END = re.compile(rf"(?:[。！？!?]+[”’」』）)]*(?:[ \t]*{_MARK})*|\n)")
_WHOLE = re.compile(rf"[。！？!?][”’」』）)]*(?:[ \t]*{_MARK})*$|{_MARK}$")
_OPEN = re.compile(r"[ \t]*(?:[\[［【][\d\s,，、;；]{0,12})?")  # may become a citation of the sentence that has just ended
_THOUGHT = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)  # what some servers leave in the reply of a reasoning model
_THOUGHT_END = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_LAYOUT = re.compile(r"^\s*(?:[#>]+|[-*•·]|\d{1,2}[.．、)）](?!\d))\s*|\*\*|__|`")  # marks of lists, headings and emphasis
_CHINESE = re.compile(r"[一-鿿]")
_LETTER = re.compile(r"[^\W\d_]")
_ENOUGH_LETTERS = 40  # letters from which the language of a reply can be told
_CHINESE_SHARE = 0.5  # of the letters; a Chinese answer with names in Latin letters has 0.8 and more
_LONGEST = 400  # characters without an end: twice the longest sentence of a clerk's answer


@dataclass(frozen=True, slots=True)
class Drafted:
    """One sentence of a reply."""

    text: str  # without citations and layout
    numbers: tuple[int, ...]  # cited, each once, in order


def drafted(raw: str) -> Drafted:
    """Read one raw sentence.

    Example: "- 给予**贷款贴息**[1][2]。" -> Drafted("给予贷款贴息。", (1, 2))
    """
    numbers = [int(number) for mark in _MARKS.findall(raw) for number in _NUMBER.findall(mark)]
    text = _LAYOUT.sub("", _MARKS.sub("", raw))
    return Drafted(" ".join(text.split()), tuple(dict.fromkeys(numbers)))


def is_chinese(text: str) -> bool:
    """Tell whether most letters of a text are Chinese."""
    return len(_CHINESE.findall(text)) >= max(1, len(_LETTER.findall(text)) * _CHINESE_SHARE)


class Splitter:
    """Hold a reply back until a sentence is whole."""

    def __init__(self) -> None:
        self._pending = ""
        self._letters = self._chinese = 0
        self._thinks: bool | None = None  # None until it is known whether the reply begins with thoughts

    def feed(self, piece: str) -> list[str]:
        """Add a piece of the reply and return the sentences that are now whole."""
        self._pending += piece
        if self._thinking():
            return []
        found = []
        while (end := _END.search(self._pending)) and self._is_over(end):
            found.append(self._pending[: end.end()].strip())
            self._pending = self._pending[end.end() :]
        return [self._counted(sentence) for sentence in found if sentence]

    def rest(self) -> list[str]:
        """Return the last sentence, none where the reply breaks off in it."""
        last = self._pending.strip()
        if not last or self.is_cut:
            return []
        self._pending = ""
        return [self._counted(last)]

    @property
    def is_cut(self) -> bool:
        """Whether what has come so far breaks off within a sentence."""
        last = self._pending.strip()
        return bool(self._thinks) or bool(last and not _WHOLE.search(last))

    @property
    def is_endless(self) -> bool:
        """Whether a sentence has grown longer than any."""
        return not self._thinks and len(self._pending) > _LONGEST

    @property
    def is_foreign(self) -> bool:
        """Whether enough has come to tell that the reply is not Chinese."""
        letters = self._letters + (0 if self._thinks else len(_LETTER.findall(self._pending)))
        chinese = self._chinese + (0 if self._thinks else len(_CHINESE.findall(self._pending)))
        return letters >= _ENOUGH_LETTERS and chinese < letters * _CHINESE_SHARE

    def _thinking(self) -> bool:
        """Drop the thoughts that a reply begins with; tell whether they, or their tag, are still coming."""
        if self._thinks is None:
            start = self._pending.lstrip()
            if len(start) < len("<thinking>") and "<thinking>".startswith(start.lower()):
                return True
            self._thinks = bool(_THOUGHT.match(self._pending))
        if self._thinks and (end := _THOUGHT_END.search(self._pending)):
            self._pending, self._thinks = self._pending[end.end() :], False
        return self._thinks

    def _is_over(self, end: re.Match[str]) -> bool:
        """Tell whether nothing more can belong to the sentence: a citation may follow its stop."""
        return end.group(0) == "\n" or not _OPEN.fullmatch(self._pending, end.end())

    def _counted(self, sentence: str) -> str:
        self._letters += len(_LETTER.findall(sentence))
        self._chinese += len(_CHINESE.findall(sentence))
        return sentence
