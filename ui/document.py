"""Lay a policy out for reading: one section a clause, the quoted words marked."""

from dataclasses import asdict, dataclass

from index.types import Clause, ClauseKind, Policy, Span
from ui.address import Place, heading_line
from ui.highlight import marked

CONTENTS_DEPTH = 2  # levels of headings in the table of contents: chapters and their sections

Part = tuple[str, bool]  # some text, and whether it is marked


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
        return any(is_marked for _, is_marked in self.heading + self.parts)


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
    below = len(clause.heading) if clause.heading and clause.text.startswith(clause.heading) else 0
    goes_on = clause.text[below : below + 1].strip()
    return Section(
        id=clause.id,
        link=Place(clause.id).link,
        kind=clause.kind,
        level=len(clause.path),
        heading=_parts(clause.text, Span(0, below), mark),
        runs_in=bool(below and goes_on),
        parts=_parts(clause.text, Span(below, len(clause.text)), mark),
        contents=_contents_line(clause),
        cited=cited,
    )


def _parts(text: str, window: Span, mark: Span | None) -> tuple[Part, ...]:
    """Cut the window of `text` at the borders of `mark`."""
    if mark is None:
        mark = Span(window.end, window.end)
    start = min(max(mark.start, window.start), window.end)
    end = min(max(mark.end, start), window.end)
    cut = ((window.start, start, False), (start, end, True), (end, window.end, False))
    return tuple((text[a:b], is_marked) for a, b, is_marked in cut if b > a)


def _contents_line(clause: Clause) -> str:
    if len(clause.path) > CONTENTS_DEPTH or clause.kind is ClauseKind.HEADER:
        return ""
    return f"{clause.path[-1]} {heading_line(clause.heading)}".rstrip()
