"""Read which documents a document declares void, with the characters that say so."""

import re
from array import array
from collections.abc import Iterator

from index.align import squeeze
from index.lexicon import NUMBER, fold
from index.types import HeaderFact, Span

_VERB = r"(?:废止|停止执行|停止施行|不再执行|失效)"
_TITLE = r"《(?:[^《》]|《[^《》]*》)+》(?:[（(](?:[^（）()]|[（(][^（）()]*[)）])*[)）])?"
_NUMBER = r"[\u4e00-\u9fff]{2,8}[〔\[【(（](?:19|20)\d{2}[〕\]】)）]第?\d{1,5}号"
_DOCUMENT = rf"(?:{_TITLE}|{_NUMBER}(?:文件?)?(?:{_TITLE})?)"
# What stands between two documents of a list: signs, numbers, and who issued the next one and when.
_BETWEEN = (
    r"(?:[、，,；;和及与]|以及|\d+[.．、]|[（(]\d+[)）])*"
    r"(?:[^。；;《》]{0,70}?(?:发布|公布|颁布|通过|批准|批转|印发|修正|修订|制定)的原?)?"
)
_LIST = rf"(?P<documents>{_DOCUMENT}(?:{_BETWEEN}{_DOCUMENT})*)"
# Between the documents and the verb stand a day, 同时, 即行, or words on the documents themselves; never a condition.
_AFTER = re.compile(rf"{_LIST}(?P<between>[^。；;：:《》]{{0,24}}?){_VERB}(?![\u4e00-\u9fff])")
_BEFORE = re.compile(rf"(?:决定|现)[^。；;，《》]{{0,16}}?(?:废止|停止执行)[^。；;《》]{{0,20}}?[:：]?(?:一、|1[.．、])?{_LIST}")
_LISTED = re.compile(rf"下列[^。；;《》]{{0,24}}{_VERB}[:：](?:1[.．、]|一、|（一）)?{_LIST}")
_CONDITION = re.compile(r"规定|有关|修改|应当|可以|依照|根据|不得|违反|所列|尚未|或者|期满|届满|其[中他]|第[一二三四五六七八九十百\d]+[条款]")
_WINDOW = 400  # characters of a list of documents before the verb, white space included
_WORD = re.compile(r"废\s*止|停\s*止\s*[执施]\s*行|不\s*再\s*执\s*行|失\s*效")
_BRACKETED = re.compile(r"^《(.+?)》(?:[（(].*)?$")
_WRAPPER = re.compile(r"^.*?关于(?:印发|批转|转发|发布|公布|下发)[^《》]{0,40}《(.{1,300})》[^《》]{0,10}的(?:通知|公告|通告)$")


def repeals(text: str) -> Iterator[HeaderFact]:
    """Yield a fact `repeals` for each document that a text declares void: its 文号, else its title.

    Example: "原《甲办法》（江府〔2019〕2号）同时废止" -> "江府〔2019〕2号"
    """
    done: set[str] = set()
    for start, end in _windows(text):
        sentence, places = squeeze(text, (Span(start, end),))
        for value, span in _declared(sentence, places):
            if value not in done:
                done.add(value)
                yield HeaderFact("repeals", value, span)


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text in which documents may be declared void, each once."""
    done = 0
    for match in _WORD.finditer(text):
        if match.start() < done:
            continue
        start = max(match.start() - _WINDOW, text.rfind("。", 0, match.start()) + 1, done)
        stop = text.find("。", match.end(), match.end() + _WINDOW)
        done = stop + 1 if stop >= 0 else min(len(text), match.end() + _WINDOW)
        if "《" in text[start:done] or "〔" in text[start:done]:
            yield start, done


def _declared(sentence: str, places: array) -> Iterator[tuple[str, Span]]:
    for pattern in (_AFTER, _BEFORE, _LISTED):
        for match in pattern.finditer(sentence):
            if _CONDITION.search(match.groupdict().get("between") or ""):
                continue
            for document in re.finditer(_DOCUMENT, match["documents"]):
                start = match.start("documents") + document.start()
                end = match.start("documents") + document.end()
                yield _key(document.group()), Span(places[start], places[end - 1] + 1)


def _key(document: str) -> str:
    """Return the 文号 of a document, else the title without the notice around it."""
    numbers = NUMBER.findall(fold(document))
    if numbers:
        return numbers[-1]
    titled = _BRACKETED.match(document)
    title = titled.group(1) if titled else document
    wrapped = _WRAPPER.match(title.replace("〈", "《").replace("〉", "》"))
    return wrapped.group(1) if wrapped else title
