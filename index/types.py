"""The values that pass between the offline stages: frozen, slotted, never dicts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters of `Policy.text`."""

    start: int
    end: int


class ClauseKind(StrEnum):
    """What part of a policy a clause is."""

    HEADER = "header"  # …/题: title, issuer, 文号, dates, addressees, 抄送
    PREAMBLE = "preamble"  # …/序
    HEADING = "heading"  # a numbered heading with no text of its own
    CLAUSE = "clause"  # numbered text: the unit of indexing and citing
    CLOSING = "closing"  # …/附则 without a number of its own
    TAIL = "tail"  # …/尾: lists after the text


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader found in a file."""

    text: str  # paragraphs and rows of tables one a line
    doubts: tuple[Span, ...] = ()  # what character recognition was unsure of, in order, spans of `text`
    tables: int = 0
    kind: str = ""  # of the file, by its content; set by the dispatcher


@dataclass(frozen=True, slots=True)
class HeaderFact:
    """One fact of the register, with the characters it was read from."""

    field: str  # a field name of Policy: number, title, issuer, issued, printed, effective, expires, …
    value: str  # ISO 8601 for dates
    span: Span


@dataclass(frozen=True, slots=True)
class Policy:
    """One published document, as published."""

    id: str  # 文号; the title where the document has none
    title: str
    text: str  # the published characters, line breaks and all
    source: str  # file name
    sha256: str  # of the file's bytes
    number: str = ""  # 文号 in normal form, e.g. 浦府〔2025〕64号
    issuer: str = ""
    issued: date | None = None  # 成文日期
    printed: date | None = None  # 印发日期
    effective: date | None = None  # first day in force, where stated
    expires: date | None = None  # last day in force: stated, or the last day of the plan period in the title
    period: str = ""  # plan period as the title states it, e.g. 2025-2026年
    addressees: str = ""  # 主送
    copied_to: str = ""  # 抄送
    revised: date | None = None  # 修正、修订日期: the last one that the header states
    named: date | None = None  # the day that the file's name carries, if any: of one version among several
    level: str = ""  # 国家, 省, 市, 区县, 园区: whose document it is; "" where neither issuer nor title says
    region: str = ""  # where it holds, widest first: 全国, 上海市, 上海市浦东新区
    topics: tuple[str, ...] = ()  # of the list in data/dictionary/topics.tsv, the surest first
    repeals: tuple[str, ...] = ()  # 文号, or titles without one, that it declares void
    corrected: tuple[str, ...] = ()  # fields that a person put right; they have no fact
    facts: tuple[HeaderFact, ...] = ()  # where each field was read
    doubts: tuple[Span, ...] = ()  # what character recognition was unsure of

    @property
    def edition(self) -> date | None:
        """The day that tells its versions apart: the latest of issue, revision and the day in the file's name."""
        return max((day for day in (self.revised, self.issued, self.named) if day), default=None)

    @property
    def states_expiry(self) -> bool:
        """Whether the text states the last day in force; else `expires` is worked out from the period in the title."""
        spans = {fact.field: fact.span for fact in self.facts}
        if "expires" in self.corrected:
            return self.expires is not None
        return self.expires is not None and spans.get("expires") != spans.get("period", ())


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of a policy's clause tree."""

    id: str  # 文号/path, survives a rebuild
    policy_id: str
    path: tuple[str, ...]  # normal form, e.g. ("二", "（一）", "1") or ("第九条",)
    kind: ClauseKind
    heading: str  # the numbered heading as published, e.g. "（一）深化体制机制改革创新"; "" for 序, 题, 附则
    ancestors: tuple[str, ...]  # headings above it, outermost first
    text: str  # published characters, wrapped lines rejoined, markdown emphasis dropped
    spans: tuple[Span, ...]  # where `text` stands in Policy.text; more than one for 题


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question that people ask and clauses answer; indexed beside them."""

    text: str
    clause_ids: tuple[str, ...]
    source: str  # file name, or who confirmed it


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of an index, as far as the next build must know it."""

    id: str
    own: str  # the id that its own text gives; of several versions only the newest keeps it
    source: str  # file name
    sha256: str
    edition: date | None  # the day that tells its versions apart
    corrected: tuple[str, ...]  # what a person put right in its register, field=value
    names: tuple[str, ...]  # that stay whole when its text is cut into words

    @property
    def content(self) -> tuple[str, str]:
        """What the same document has in another index: file name and content."""
        return self.source, self.sha256
