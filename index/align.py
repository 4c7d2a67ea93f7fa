"""Find a quotation in the published characters, white space and markdown emphasis aside."""

from array import array
from collections.abc import Iterable

from index.types import Clause, Span


def squeeze(text: str, spans: Iterable[Span]) -> tuple[str, array]:
    """Return the characters of the spans without white space and emphasis, and where each stands in `text`.

    Example: "到 2026\\n年", [Span(0, 8)] -> ("到2026年", [0, 2, 3, 4, 5, 7])
    """
    signs, places = [], array("L")
    for span in spans:
        for place in range(span.start, span.end):
            if not text[place].isspace() and text[place] != "*":
                signs.append(text[place])
                places.append(place)
    return "".join(signs), places


def locate(policy_text: str, clause: Clause, quote: str) -> Span | None:
    """Return where a quotation of a clause stands in the text of its policy, None where the clause has no such words.

    A quotation never runs from one span of a clause into the next.
    """
    wanted = "".join(sign for sign in quote if not sign.isspace() and sign != "*")
    if not wanted:
        return None
    for span in clause.spans:
        signs, places = squeeze(policy_text, (span,))
        found = signs.find(wanted)
        if found >= 0:
            return Span(places[found], places[found + len(wanted) - 1] + 1)
    return None
