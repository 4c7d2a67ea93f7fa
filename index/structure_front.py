"""Tell the header of a document from its preamble, and the paragraphs of a text without numbers from both."""

import re

from index import structure_landmarks as landmarks
from index.structure_lines import Sheet, is_row

_PREFACE = re.compile(r"序\s*言|前\s*言|引\s*言")


def paragraphs(sheet: Sheet, lines: list[int]) -> list[list[int]]:
    """Group lines into paragraphs."""
    groups: list[list[int]] = []
    for index in lines:
        if groups and not sheet.begins_paragraph(index):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def split_front(sheet: Sheet, lines: list[int]) -> tuple[list[int], list[int]]:
    """Cut the lines above the first number into header and preamble: the running text nearest to the number."""
    groups = paragraphs(sheet, lines)
    first = len(groups)
    while first and _is_prose(sheet, groups[first - 1]):
        first -= 1
    if first and first < len(groups) and _PREFACE.fullmatch(_joined(sheet, groups[first - 1])):
        first -= 1
    kept = sum(len(group) for group in groups[:first])
    return lines[:kept], lines[kept:]


def split_plain(sheet: Sheet, lines: list[int]) -> tuple[list[int], list[list[int]]]:
    """Cut a text without numbers into header and paragraphs; a short unnumbered heading stays with what follows."""
    groups = paragraphs(sheet, lines)
    first = _issued_text(sheet, groups)
    while first < len(groups) and not _is_prose(sheet, groups[first]):
        first += 1
    header = [index for group in groups[:first] for index in group]
    merged: list[list[int]] = []
    open_heading = False
    for group in groups[first:]:
        if merged and (open_heading or is_row(sheet.lines[group[0]].body)):
            merged[-1].extend(group)
        else:
            merged.append(list(group))
        open_heading = not _is_prose(sheet, group) and not is_row(sheet.lines[group[-1]].body)
    return header, merged


def _issued_text(sheet: Sheet, groups: list[list[int]]) -> int:
    """Return the group where an issued text begins below the date of its notice, 0 where none does."""
    for place in range(1, len(groups)):
        above, body = _joined(sheet, groups[place - 1]), _joined(sheet, groups[place])
        if (landmarks.is_dated(above) or landmarks.is_note(above)) and landmarks.looks_like_title(body):
            return place
    return 0


def _is_prose(sheet: Sheet, group: list[int]) -> bool:
    body = _joined(sheet, group)
    bracketed = body[0] in "（(" and body[-1] in "）)"
    return landmarks.is_prose(body) and not bracketed and not landmarks.is_list(body)


def _joined(sheet: Sheet, group: list[int]) -> str:
    return "".join(sheet.lines[index].body for index in group)
