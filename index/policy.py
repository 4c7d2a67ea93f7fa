"""Read a document as a policy: its 文号, title, issuer, dates and addressees, each with its place in the text."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePath

from index.dates import date_in_name
from index.structure_blocks import blocks
from index.structure_header import header_facts
from index.structure_lines import read_lines
from index.structure_parts import read_document
from index.structure_regions import region_of
from index.structure_repeals import repeals
from index.structure_terms import plan_period, terms
from index.types import HeaderFact, Policy, Span

_VERSION = re.compile(r"\s*[（(]\d{4}[-.]\d{1,2}[-.]\d{1,2}[)）]$")
_FIELDS = ("number", "title", "issuer", "issued", "printed", "revised", "addressees", "copied_to", "notice_title")
_ELSEWHERE = {
    "issuer": ("signature", "published_by", "assembly", "about"),
    "issued": ("promulgated", "published"),
}  # where a field stands otherwise


def parse_policy(text: str, source: str, sha256: str, doubts: tuple[Span, ...] = ()) -> Policy:
    """Return the policy that a text is; its id is the 文号, or the title where it has none.

    Title: that of the issued document, without 关于印发…的通知 around it; the notice's own title is the fact
    `notice_title`. A date in the file name is the date of issue where the text has none.
    """
    sheet = read_lines(text)
    parts = read_document(sheet)
    back = [line for part in parts for line in part.back]
    facts = _settled(header_facts(blocks(sheet, parts[0].header), blocks(sheet, back)))
    title = facts["title"].value if "title" in facts else _VERSION.sub("", PurePath(source).stem)
    issued, printed = _day(facts, "issued") or date_in_name(source), _day(facts, "printed")
    facts.update({fact.field: fact for fact in terms(text, issued, printed)})
    period = plan_period(title)
    if period:
        span = facts["title"].span if "title" in facts else Span(0, 0)
        facts["period"] = HeaderFact("period", period[0], span)
        facts.setdefault("expires", HeaderFact("expires", period[1].isoformat(), span))
    facts.update({fact.field: fact for fact in _whose(facts)})
    void = tuple(repeals(text))
    values = {field: facts[field].value if field in facts else "" for field in (*_FIELDS, "period", "level", "region")}
    return Policy(
        id=values["number"] or title,
        title=title,
        text=text,
        source=source,
        sha256=sha256,
        number=values["number"],
        issuer=values["issuer"],
        issued=issued,
        printed=printed,
        effective=_day(facts, "effective"),
        expires=_day(facts, "expires"),
        period=values["period"],
        addressees=values["addressees"],
        copied_to=values["copied_to"],
        revised=_day(facts, "revised"),
        named=date_in_name(source),
        level=values["level"],
        region=values["region"],
        repeals=tuple(fact.value for fact in void),
        facts=tuple(sorted((*facts.values(), *void), key=lambda fact: fact.span)),
        doubts=doubts,
    )


def _settled(found: Iterable[HeaderFact]) -> dict[str, HeaderFact]:
    """Return one fact a field: the first that was read, of revisions the last, from its own place before any other."""
    first: dict[str, HeaderFact] = {}
    for fact in found:
        if fact.field == "revised" and fact.value > first.get("revised", fact).value:
            first["revised"] = fact
        first.setdefault(fact.field, fact)
    facts = {field: first[field] for field in _FIELDS if field in first}
    for field, others in _ELSEWHERE.items():
        instead = next((first[other] for other in others if other in first), None)
        if field not in facts and instead:
            facts[field] = HeaderFact(field, instead.value, instead.span)
    return facts


def _whose(facts: dict[str, HeaderFact]) -> Iterator[HeaderFact]:
    """Yield the region and the level, read from the issuer, else from the notice's title or the title."""
    for field in ("issuer", "notice_title", "title"):
        region, level = region_of(facts[field].value) if field in facts else ("", "")
        if level:
            yield from (HeaderFact(name, value, facts[field].span) for name, value in (("region", region), ("level", level)) if value)
            return


def _day(facts: dict[str, HeaderFact], field: str) -> date | None:
    try:
        return date.fromisoformat(facts[field].value) if field in facts else None
    except ValueError:  # stated in words: 自发布之日
        return None
