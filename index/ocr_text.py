"""Write what was recognised the way Chinese documents print it: wide marks, brackets of document numbers."""

import re

_WIDE = str.maketrans(",:;!?()", "，：；！？（）")
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’]")
_PAIR = re.compile(r"[(（][^()（）]*[)）]")
_MARK = re.compile(r"[,:;!?()]")
_NUMBER = re.compile(r"[〔\[【［(（{]\s*(?:19|20)\d\d\s*[〕\]】］)）}](?=\s*第?\s*\d{1,5}\s*号)")


def as_printed(text: str) -> str:
    """Return a line with the marks that Chinese documents use; it keeps its length.

    Recognition gives many wide marks as narrow ones, and the brackets of a document number as any others.

    Example: "沪府办发〔2024]14号,自公布之日(含)起施行" -> "沪府办发〔2024〕14号，自公布之日（含）起施行"
    """
    text = _NUMBER.sub(lambda match: f"〔{match.group()[1:-1]}〕", text)
    text = _PAIR.sub(lambda match: _wide_pair(text, match), text)
    narrow = {place for pair in _PAIR.finditer(text) for place in (pair.start(), pair.end() - 1)}
    return _MARK.sub(lambda mark: mark.group() if mark.start() in narrow else _wide_mark(text, mark), text)


def _wide_pair(text: str, match: re.Match[str]) -> str:
    pair = match.group()
    outside = text[: match.start()].rstrip()[-1:] + text[match.end() :].lstrip()[:1]
    return f"（{pair[1:-1]}）" if _HAN.search(pair[1:-1] + outside) else pair


def _wide_mark(text: str, match: re.Match[str]) -> str:
    around = text[: match.start()].rstrip()[-1:] + text[match.end() :].lstrip()[:1]
    return match.group().translate(_WIDE) if _HAN.search(around) else match.group()
