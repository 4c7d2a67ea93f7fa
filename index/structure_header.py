"""Read the facts of a document's header, each with the characters that it was read from."""

import re
from collections.abc import Iterator

from index import structure_landmarks as landmarks
from index.dates import date_in_name, find_dates
from index.structure_blocks import PROMULGATED, RED_HEAD, SERIAL, Block, compact, fact
from index.structure_titles import title_facts
from index.types import HeaderFact

_LABELS = re.compile(
    r"[【\[]?(?:(?P<issued>成文日期|发文日期|发布日期|发布时间|公布日期)|(?P<issuer>发文机关|发布机构|发文单位|来\s*源))[】\]]?"
    r"\s*[:：]\s*(?P<value>[^\s|；]+)"
)
_ASSEMBLY = re.compile(
    r"日\s*(?:(?P<place>[\u4e00-\u9fff]*?)第[^届]{1,6}届(?P<body>(?:全国)?人民代表大会(?:常务委员会)?)第"
    r"|(?P<order>[\u4e00-\u9fff]{2,20}?)令)"
)
# After its day a revision is named before the next day, and not as what something is based on.
_REVISED = re.compile(r"(?:(?!\d{4}\s*年\s*\d{1,2}\s*月)[\s\S])*?(?:修\s*[正订改]|第[一二三四五六七八九十]+次修)")
_COPIED = re.compile(r"(?:抄\s*送|抄\s*报)\s*[:：]\s*")


def header_facts(front: list[Block], back: list[Block]) -> Iterator[HeaderFact]:
    """Yield what the header states, above the text (`front`) and below it (`back`), in no order.

    Besides the fields of a policy: `signature`, `assembly`, `about`, `published`, `published_by`, `promulgated`, which
    stand for the issuer and the day of issue where nothing better does.
    """
    yield from _issuers(front)
    yield from title_facts(front)
    above = None
    for block in (*front, *back):
        yield from _plain_facts(block)
        if landmarks.is_dated(block.body):
            yield _dated("issued", block)
            if above and landmarks.is_organ(above.body):
                yield fact("signature", compact(above.body), [above])
        elif PROMULGATED.fullmatch(block.body) and find_dates(block.body):
            yield from _promulgation(block)
        above = block


def _plain_facts(block: Block) -> Iterator[HeaderFact]:
    body = block.body
    if serial := SERIAL.fullmatch(body):
        yield fact("number", f"{compact(serial['organ'])}〔{serial['year']}〕{serial['number']}号", [block])
    elif copied := _COPIED.match(body):
        yield fact("copied_to", body[copied.end() :].rstrip("。"), [block])
    elif landmarks.is_addressee(body):
        yield fact("addressees", body.rstrip(":："), [block])
    elif landmarks.is_printed(body):
        yield _dated("printed", block)
    for label in _LABELS.finditer(body) if _LABELS.match(body) else ():
        day = date_in_name(label["value"]) if label["issued"] else None
        if day:
            yield fact("published", day.isoformat(), [block])
        elif label["issuer"]:
            yield fact("published_by", label["value"], [block])


def _promulgation(block: Block) -> Iterator[HeaderFact]:
    """Yield from （2019年11月15日…第十五次会议通过） the day and the assembly, or the authority of an order.

    A later day that the line ends with is that of the last revision: 根据2018年5月24日…《…的决定》修正.
    """
    yield _dated("promulgated", block)
    days = [hit for hit in find_dates(block.body) if _REVISED.match(block.body, hit.span.end)]
    if days:
        yield fact("revised", days[-1].value.isoformat(), [block])
    if assembly := _ASSEMBLY.search(block.body):
        yield fact("assembly", assembly["order"] or assembly["place"] + assembly["body"], [block])


def _issuers(front: list[Block]) -> Iterator[HeaderFact]:
    """Yield the authorities whose names stand at the top: above the 文号, or before the word 文件."""
    names: list[str] = []
    read: list[Block] = []
    for block in front:
        head = RED_HEAD.fullmatch(block.body)
        listed = _names(head["issuer"] if head else block.body)
        if listed:
            names += listed
            read.append(block)
        if head or SERIAL.fullmatch(block.body):
            break
        if not listed and not landmarks.is_note(block.body):
            return
    else:
        return
    if names:
        yield fact("issuer", "、".join(names), read)


def _names(line: str) -> list[str]:
    """Return the names of authorities that a line lists, set apart by wide gaps; letters may be spaced out."""
    names = [compact(name) for name in re.split(r"[ \u3000]{2,}|\t", line.strip())]
    return names if all(landmarks.is_organ(name) for name in names) else []


def _dated(field: str, block: Block) -> HeaderFact:
    return fact(field, find_dates(block.body)[0].value.isoformat(), [block])
