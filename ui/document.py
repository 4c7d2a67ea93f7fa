"""Lay a policy out for reading: one section a clause, the quoted words marked."""

from dataclasses import asdict, dataclass
from itertools import pairwise

from index.types import Clause, ClauseKind, Policy, Span
from ui.address import Place, heading_line
from ui.highlight import marked

CONTENTS_DEPTH = 2  # levels of headings in the table of contents: chapters and their sections

MARK, DOUBT = "mark", "doubt"  # words that are pointed at; words that character recognition was unsure of
Part = tuple[str, str]  # some text, and "", MARK or DOUBT


@dataclass(frozen=True, slots=True)
class Section:
    """A clause as the reader draws it."""

    id: str
    link: str
    kind: str  # a ClauseKind
    level: int  # 1 is outermost
    heading: tuple[Part, ...]
    runs_in: bool  # whether the text goes on in the line of the heading
    parts: tuple[Part, ...]  # the text below the heading
    contents: str  # its line in the table of contents, or ""
    cited: bool

    @property
    def marked(self) -> bool:
        """Whether any of its words are marked."""
        return any(style == MARK for _, style in self.heading + self.parts)


def sections(clauses: tuple[Clause, ...], policy: Policy, place: Place) -> tuple[Section, ...]:
    """Lay out `clauses` of one policy, in order, marking what `place` points at."""
    return tuple(_section(clause, policy, place) for clause in clauses)


def as_data(laid_out: tuple[Section, ...]) -> list[dict[str, object]]:
    """Turn sections into what crosses over to the browser."""
    return [asdict(section) for section in laid_out]


def _section(clause: Clause, policy: Policy, place: Place) -> Section:
    # The header is where a policy begins: pointed at as a whole, it stands for the document and needs no mark.
    cited = clause.id == place.clause_id and (place.has_words or clause.kind is not ClauseKind.HEADER)
    mark = marked(clause, policy, place) if cited else None
    doubts = _doubts(clause, policy)
    below = len(clause.heading) if clause.heading and clause.text.startswith(clause.heading) else 0
    goes_on = clause.text[below : below + 1].strip()
    return Section(
        id=clause.id,
        link=Place(clause.id).link,
        kind=clause.kind,
        level=len(clause.path),
        heading=_parts(clause.text, Span(0, below), mark, doubts),
        runs_in=bool(below and goes_on),
        parts=_parts(clause.text, Span(below, len(clause.text)), mark, doubts),
        contents=_contents_line(clause),
        cited=cited,
    )


def _doubts(clause: Clause, policy: Policy) -> list[Span]:
    """Return what character recognition was unsure of, as spans of `clause.text`."""
    inside = (d for d in policy.doubts if any(s.start <= d.start and d.end <= s.end for s in clause.spans))
    found = (marked(clause, policy, Place(clause.id, doubt.start, doubt.end)) for doubt in inside)
    return [span for span in found if span]


def _parts(text: str, window: Span, mark: Span | None, doubts: list[Span]) -> tuple[Part, ...]:
    """Cut the window of `text` at the borders of `mark` and `doubts`; where both cover some words, `mark` counts."""
    styled = [(mark, MARK)] if mark else []
    styled += [(doubt, DOUBT) for doubt in doubts]
    borders = {window.start, window.end}
    borders.update(place for span, _ in styled for place in (span.start, span.end))
    places = sorted(place for place in borders if window.start <= place <= window.end)
    return tuple((text[a:b], next((s for span, s in styled if span.start <= a and b <= span.end), "")) for a, b in pairwise(places))


def _contents_line(clause: Clause) -> str:
    if len(clause.path) > CONTENTS_DEPTH or clause.kind is ClauseKind.HEADER:
        return ""
    return f"{clause.path[-1]} {heading_line(clause.heading)}".rstrip()
