"""Read the facts of a document's header, each with the characters that it was read from."""

import re
from collections.abc import Iterator

from index import structure_landmarks as landmarks
from index.dates import date_in_name, find_dates
from index.structure_front import paragraphs
from index.structure_lines import Sheet, ends_sentence
from index.types import HeaderFact, Span

_SERIAL = re.compile(
    r"(?:[\[【]?(?:发文字号|文\s*号|发文号|文件编号)[】\]]?\s*[:：]?\s*)?(?P<organ>[\u4e00-\u9fff](?:\s*[\u4e00-\u9fff]){1,11}?)\s*"
    r"[〔\[【（(［]\s*(?P<year>\d{4})\s*[〕\]】）)］]\s*(?:第\s*)?(?P<number>\d{1,5})\s*号(?:\s*签发人.*)?"
)
_RED_HEAD = re.compile(r"(?P<issuer>[\u4e00-\u9fff\s]{4,60}?)\s*文\s*件")
_WEB = re.compile(
    r"[【\[]?(?:索引号|主题分类|公开\S{0,3}|信息分类|体裁分类|组配分类|生成日期|成文日期|发文日期|发布\S{2}|公布日期|发文\S{2}|文\s*号|来\s*源|有效性|时效性)"
    r"[】\]]?\s*[:：].*"
)
_LABELLED = re.compile(
    r"[【\[]?(?:(?P<issued>成文日期|发文日期|发布日期|发布时间|公布日期)|(?P<issuer>发文机关|发布机构|发文单位|来\s*源))[】\]]?\s*[:：]\s*"
    r"(?P<value>[^\s|；]+)"
)
_PROMULGATED = re.compile(
    r"[（(]?\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日.+|[（(].*(?:通过|公布|发布|修正|修订|施行).*"
)
_WRAPPER = re.compile(
    r"关于(?:印发|批转|转发|发布|公布|下发)[^《》]{0,40}《(?P<title>.+)》[^《》]{0,10}的(?:通知|公告|通告)$"
)
_ABOUT = re.compile(r"(?P<issuer>[\u4e00-\u9fff、]{4,60}?)关于")
_ASSEMBLY = re.compile(
    r"日\s*(?:(?P<place>[\u4e00-\u9fff]*?)第[^届]{1,6}届(?P<body>(?:全国)?人民代表大会(?:常务委员会)?)第|(?P<order>[\u4e00-\u9fff]{2,20}?)令)"
)
_COPIED = re.compile(r"(?:抄\s*送|抄\s*报)\s*[:：]\s*")
_BRACKETS = str.maketrans("()", "（）")


class Header:
    """The header lines of a document as paragraphs: those above the text, and those printed below it."""

    def __init__(self, sheet: Sheet, front: list[int], back: list[int]) -> None:
        self.sheet = sheet
        self.front = paragraphs(sheet, front)
        self.groups = self.front + paragraphs(sheet, back)

    def facts(self) -> Iterator[HeaderFact]:
        """Yield what the header states, in no order."""
        yield from self._issuers()
        yield from self._titles()
        for place, group in enumerate(self.groups):
            body = self._body(group)
            yield from self._plain_facts(group, body)
            if landmarks.is_addressee(body) and not landmarks.is_copy(body):
                yield self._fact("addressees", body.rstrip(":："), group)
            if landmarks.is_dated(body):
                yield self._dated("issued", group)
                if place and landmarks.is_organ(above := self._body(self.groups[place - 1])):
                    yield self._fact("signature", _compact(above), self.groups[place - 1])
            elif landmarks.is_printed(body):
                yield self._dated("printed", group)
            elif _PROMULGATED.fullmatch(body) and find_dates(body):
                yield self._dated("promulgated", group)
                if assembly := _ASSEMBLY.search(body):
                    name = assembly["order"] or assembly["place"] + assembly["body"]
                    yield self._fact("assembly", name, group)

    def _plain_facts(self, group: list[int], body: str) -> Iterator[HeaderFact]:
        if serial := _SERIAL.fullmatch(body):
            yield self._fact("number", f"{_compact(serial['organ'])}〔{serial['year']}〕{serial['number']}号", group)
        elif _LABELLED.match(body):
            yield from self._labelled(group)
        elif copied := _COPIED.match(body):
            yield self._fact("copied_to", body[copied.end() :].rstrip("。"), group)

    def _labelled(self, group: list[int]) -> Iterator[HeaderFact]:
        """Yield what a page of the web states in labels: 发布时间：2025-02-18  来源：…."""
        for match in _LABELLED.finditer(self._body(group)):
            day = date_in_name(match["value"]) if match["issued"] else None
            if day:
                yield self._fact("published", day.isoformat(), group)
            elif match["issuer"]:
                yield self._fact("published_by", match["value"], group)

    def _issuers(self) -> Iterator[HeaderFact]:
        """Yield the authorities whose names stand at the top: above the 文号, or before the word 文件."""
        names: list[str] = []
        used: list[int] = []
        for group in self.front:
            body = self._body(group)
            head = _RED_HEAD.fullmatch(body)
            listed = _names(head["issuer"] if head else body)
            if listed:
                names, used = [*names, *listed], [*used, *group]
            if head or _SERIAL.fullmatch(body):
                break
            if not listed and not landmarks.is_note(body):
                return
        else:
            return
        if names:
            yield self._fact("issuer", "、".join(names), used)

    def _titles(self) -> Iterator[HeaderFact]:
        """Yield the title of the notice and that of the issued document below it."""
        above, below = self._title_groups()
        notice = _tidy("".join(self._body(group) for group in above))
        if below:
            yield self._fact(
                "title", _tidy("".join(self._body(group) for group in below)), [i for g in below for i in g]
            )
        if not notice:
            return
        lines = [index for group in above for index in group]
        wrapped = _WRAPPER.search(notice)
        if below or wrapped:
            yield self._fact("notice_title", notice, lines)
        if not below:
            yield self._fact("title", wrapped["title"] if wrapped else notice, lines)
        if about := _ABOUT.match(notice):
            yield self._fact("about", about["issuer"], lines)

    def _title_groups(self) -> tuple[list[list[int]], list[list[int]]]:
        marks = [
            i
            for i, g in enumerate(self.front)
            if _SERIAL.fullmatch(self._body(g)) or _RED_HEAD.fullmatch(self._body(g))
        ]
        start = marks[-1] + 1 if marks else 0
        above, place = self._titled(start)
        if not above:  # pages of the web print the title above the 文号
            above, place = self._titled(0)
        last = max((i + 1 for i, group in enumerate(self.front) if i >= place and self._ends_notice(group)), default=0)
        below = self._titled(last)[0] if last else []
        return above, below if landmarks.looks_like_title(_tidy("".join(self._body(g) for g in below))) else []

    def _titled(self, start: int) -> tuple[list[list[int]], int]:
        found, place = [], start
        for place in range(start, len(self.front)):
            body = self._body(self.front[place])
            if found and (self._ends_title(body) or self._is_whole(found) and not landmarks.is_period(body)):
                break
            if landmarks.is_addressee(body) or landmarks.is_prose(body):
                break
            if not self._ends_title(body):
                found.append(self.front[place])
        return found, place

    def _is_whole(self, found: list[list[int]]) -> bool:
        """Say whether the lines found so far make a whole title."""
        title = _tidy("".join(self._body(group) for group in found))
        return title.count("《") == title.count("》") and landmarks.looks_like_title(title)

    def _ends_title(self, body: str) -> bool:
        checks = (landmarks.is_addressee, landmarks.is_dated, landmarks.is_note, landmarks.is_copy, landmarks.is_printed,
                  ends_sentence, _PROMULGATED.fullmatch, _SERIAL.fullmatch, landmarks.is_contents)  # fmt: skip
        return any(check(body) for check in checks)

    def _ends_notice(self, group: list[int]) -> bool:
        body = self._body(group)
        return landmarks.is_dated(body) or landmarks.is_note(body) or landmarks.ANNEX.fullmatch(body) is not None

    def _body(self, group: list[int]) -> str:
        return "".join(self.sheet.lines[index].body for index in group)

    def _span(self, group: list[int]) -> Span:
        return Span(self.sheet.lines[group[0]].start, self.sheet.lines[group[-1]].end)

    def _fact(self, field: str, value: str, group: list[int]) -> HeaderFact:
        return HeaderFact(field, value, self._span(group))

    def _dated(self, field: str, group: list[int]) -> HeaderFact:
        return self._fact(field, find_dates(self._body(group))[0].value.isoformat(), group)


def _names(line: str) -> list[str]:
    """Return the names of authorities that a line lists, set apart by wide gaps; letters may be spaced out."""
    names = [_compact(name) for name in re.split(r"[ \u3000]{2,}|\t", line.strip())]
    return names if all(landmarks.is_organ(name) for name in names) else []


def _compact(text: str) -> str:
    return "".join(text.split())


def _tidy(title: str) -> str:
    """Return a title without stray spaces, its brackets full width."""
    return re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", title).translate(_BRACKETS)
