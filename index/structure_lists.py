"""Give a paragraph below the last item of a list to the clause that has the list."""

from collections.abc import Sequence

from index.structure_lines import Sheet
from index.structure_outline import Heading

# A paragraph that begins like this goes on about the last item.
_OF_ITEM = ("但", "其中", "本项", "该项", "前项", "此项")


def lift_paragraphs(sheet: Sheet, headings: Sequence[Heading], clauses: list[list[int]]) -> None:
    """Move what stands below a list from its last item to the clause above the list.

    Only where the item before ends with ；: such a list is one sentence, which ends with the last item's full stop, so
    that what follows is about all of them. Where each item ends with a full stop of its own, it stays: it may be about
    the last one. Articles are no items of a list.
    """
    for place in range(1, len(headings)):
        above = headings[place].above
        if not above or headings[place].unit or headings[place - 1].above != above or _has_items(headings, place):
            continue
        if not sheet.lines[clauses[place - 1][-1]].body.endswith(("；", ";")):
            continue
        below = _below(sheet, clauses[place])
        if below:
            clauses[above[-1]] += clauses[place][below:]
            del clauses[place][below:]


def _has_items(headings: Sequence[Heading], place: int) -> bool:
    return place + 1 < len(headings) and place in headings[place + 1].above


def _below(sheet: Sheet, item: list[int]) -> int:
    """Return where a paragraph begins that does not belong to the item, 0 where none does."""
    second = next((place for place in range(1, len(item)) if sheet.begins_paragraph(item[place])), 0)
    ended = second and sheet.lines[item[second - 1]].body.endswith("。")
    return second if ended and not sheet.lines[item[second]].body.startswith(_OF_ITEM) else 0
