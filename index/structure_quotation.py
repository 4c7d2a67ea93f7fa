"""Follow quotations over lines: the articles that an amendment quotes are not its own."""

import re
from dataclasses import dataclass

from index.headings import Family, Marker
from index.structure_stack import Stack

_QUOTED = re.compile(
    r"[“「]\s*(?:第[^章节条]{1,8}(?P<unit>[章节条])|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])"
)


@dataclass(slots=True)
class Quotation:
    """The quotation marks that are open in the current clause."""

    depth: int = 0
    unit: str = ""  # what the open quotation numbers, e.g. 条

    def close(self) -> None:
        """Begin a clause: whatever was never closed is forgotten."""
        self.depth, self.unit = 0, ""

    def read(self, body: str) -> None:
        """Count the marks of a line; each paragraph of a quotation opens it anew, only the last closes it."""
        if "“" not in body and "”" not in body:
            return
        again = self.depth > 0 and body.startswith("“")
        quoted = _QUOTED.search(body)
        self.depth = max(0, self.depth + body.count("“") - body.count("”") - again)
        if self.depth and quoted:
            self.unit = quoted["unit"] or ""

    def holds(self, marker: Marker, stack: Stack) -> bool:
        """Say whether a number is quoted; one that goes on with an open level shows that a closing mark is missing."""
        if self.depth == 0:
            return False
        same = self.unit == "条" and marker.family is Family.ARTICLE
        return same or stack.place(marker.family) is None or not stack.fits(marker)
