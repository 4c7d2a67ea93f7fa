"""Say where a clause stands, in words and as a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from index.types import Clause, Policy
from rag.address import written
from rag.compose import heading_words

HEADING_LIMIT = 24  # characters of a heading in an address: with the 文号, two lines of a phone 390 px wide
OFFSET_DIGITS = 9  # digits of a character offset: no document has a thousand million characters


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document, as the address bar carries it."""

    clause_id: str
    start: int | None = None  # character span in Policy.text, half-open
    end: int | None = None
    quote: str = ""  # words to find in the clause where no span is given

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Place":
        """Read a link's query parameters; a span that is no span is left out."""
        start, end = _offset(params.get("from", "")), _offset(params.get("to", ""))
        span = (start, end) if start is not None and end is not None else (None, None)
        return cls(params.get("clause", ""), *span, quote=params.get("quote", ""))

    @property
    def params(self) -> dict[str, str]:
        """The query parameters of the link."""
        span = {} if self.start is None else {"from": str(self.start), "to": str(self.end)}
        return {"clause": self.clause_id} | span | ({"quote": self.quote} if self.quote else {})

    @property
    def link(self) -> str:
        """The link, relative to the page."""
        return "?" + urlencode(self.params)

    @property
    def has_words(self) -> bool:
        """Whether it points at words, not at a whole clause."""
        return self.start is not None or bool(self.quote)


def heading_line(heading: str) -> str:
    """Return a heading without its number, shortened to one line.

    Example: "八、完善金融科技企业投融资体系" -> "完善金融科技企业投融资体系"
    """
    words = " ".join(heading_words(heading).split())
    return words if len(words) <= HEADING_LIMIT else words[:HEADING_LIMIT] + "…"


def address(clause: Clause) -> str:
    """Write the address of a clause, with the words of its heading.

    Example: "浦府办〔2025〕29号 · 八 完善金融科技企业投融资体系"
    """
    return f"{written(clause)} {heading_line(clause.heading)}".rstrip()


def validity(policy: Policy, today: date) -> str:
    """Say how long a policy holds, and whether that is over."""
    if policy.expires and policy.expires < today:
        return f"已于 {policy.expires.isoformat()} 到期"
    if policy.effective and today < policy.effective:
        return f"自 {policy.effective.isoformat()} 起施行"
    if policy.expires and not policy.states_expiry:
        return f"方案期间 {policy.period}"
    if policy.expires:
        return f"有效期至 {policy.expires.isoformat()}"
    return "文件未写明有效期"


def _offset(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= OFFSET_DIGITS else None
