"""Cut a sheet into the document and its annexes, and set tables of contents and signatures apart."""

import re
from dataclasses import dataclass

from index import structure_landmarks as landmarks
from index.headings import Family, Marker, parse_marker
from index.numerals import to_int
from index.structure_lines import Sheet, ends_sentence, is_bare

_ENTRY_END = re.compile(r"[\s.·…—-]*\d*$")
_REACH = 12  # lines from the title of an annex to its first number: title lines, a note, a preamble of one paragraph
_TITLE_LINES = 3
_ENTRY = 60  # characters: longer lines are no entries of a table of contents


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines [start, stop) of the document itself (label "") or of an annex."""

    start: int
    stop: int
    label: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of every line before its headings are read."""

    sheet: Sheet
    markers: tuple[Marker | None, ...]
    contents: frozenset[int]  # lines of tables of contents
    signatures: frozenset[int]  # signatures and the dates under them
    segments: tuple[Segment, ...]


def plan(sheet: Sheet) -> Plan:
    """Look at every line once."""
    markers = tuple(parse_marker(line.body) for line in sheet.lines)
    contents = _contents(sheet, markers)
    return Plan(sheet, markers, contents, _signatures(sheet, markers), _segments(sheet, markers, contents))


def _contents(sheet: Sheet, markers: tuple[Marker | None, ...]) -> frozenset[int]:
    """Return the lines of the tables of contents: from 目录, or from a first chapter without text, to its repetition."""
    found: set[int] = set()
    for index, line in enumerate(sheet.lines):
        marker = markers[index]
        told = line.body[0] == "目" and landmarks.is_contents(line.body)
        bare = marker is not None and marker.family < Family.ARTICLE and marker.number == 1
        if index in found or not (told or bare):
            continue
        entries, repeated = _entries(sheet, markers, index + told)
        if told or (repeated and len(entries) > 1):
            found.update(range(index, index + told), entries)
    return frozenset(found)


def _entries(sheet: Sheet, markers: tuple[Marker | None, ...], first: int) -> tuple[range, bool]:
    """Return the lines that could be entries of a table of contents, and whether its first entry comes again after."""
    for index in range(first, len(sheet.lines)):
        marker, body = markers[index], sheet.lines[index].body
        if index > first and _entry(sheet, markers, index) == _entry(sheet, markers, first):
            return range(first, index), True
        if (marker and marker.family is Family.ARTICLE) or ends_sentence(body) or len(body) > _ENTRY:
            return range(first, index), False
    return range(first, len(sheet.lines)), False


def _entry(sheet: Sheet, markers: tuple[Marker | None, ...], index: int) -> object:
    if index >= len(sheet.lines):
        return None
    marker = markers[index]
    return (marker.family, marker.number) if marker else _ENTRY_END.sub("", sheet.lines[index].body)


def _signatures(sheet: Sheet, markers: tuple[Marker | None, ...]) -> frozenset[int]:
    """Return the dates that stand alone at the end of a text, and the names above them."""
    found: set[int] = set()
    for index, line in enumerate(sheet.lines):
        if line.body[-1] != "日" or not landmarks.is_dated(line.body) or not _ends_text(sheet, index + 1):
            continue
        found.add(index)
        above = index - 1
        while above >= 0 and markers[above] is None and landmarks.is_organ(sheet.lines[above].body):
            found.add(above)
            above -= 1
    return frozenset(found)


def _ends_text(sheet: Sheet, index: int) -> bool:
    if index >= len(sheet.lines):
        return True
    body = sheet.lines[index].body
    checks = (landmarks.is_note, landmarks.is_copy, landmarks.is_printed, landmarks.is_list, landmarks.is_contact,
              landmarks.is_organ, landmarks.looks_like_title)  # fmt: skip
    return any(check(body) for check in checks) or body.startswith("附件")


def _segments(sheet: Sheet, markers: tuple[Marker | None, ...], contents: frozenset[int]) -> tuple[Segment, ...]:
    starts: list[tuple[int, str]] = [(0, "")]
    counted = 0
    for index in range(1, len(sheet.lines)):
        if index in contents:
            continue
        annex = _annex(sheet, markers, index)
        if annex is None and _untold_annex(sheet, markers, starts[-1][0], index):
            annex = ""
        if annex is not None:
            counted += 1
            starts.append((index, f"附件{annex or (counted if counted > 1 else '')}"))
    stops = [start for start, _ in starts[1:]] + [len(sheet.lines)]
    return tuple(Segment(start, stop, label) for (start, label), stop in zip(starts, stops, strict=True))


def _annex(sheet: Sheet, markers: tuple[Marker | None, ...], index: int) -> str | None:
    """Return the number of the annex that begins with this line ("" for none), None where none begins."""
    body = sheet.lines[index].body
    match = landmarks.ANNEX.fullmatch(body) if body[0] == "附" else None
    if match is None or index + 1 >= len(sheet.lines) or sheet.goes_on(index):
        return None
    number = str(to_int(match["number"])) if match["number"] else ""
    if not match["title"]:
        listed = match["mark"].strip() and markers[index + 1] is not None and markers[index + 1].number == 1
        return None if listed else number
    titled = landmarks.looks_like_title(match["title"]) and markers[index + 1] is None
    return number if titled and _first_number(sheet, markers, index + 1) else None


def _untold_annex(sheet: Sheet, markers: tuple[Marker | None, ...], start: int, index: int) -> bool:
    """Say whether an issued document begins here without the word 附件.

    Its title stands under the date of a notice with clauses of its own, or between those clauses and a 第一条.
    """
    lines = sheet.lines
    body, above = lines[index].body, lines[sheet.before(index)].body
    under_date = landmarks.is_dated(above) or landmarks.is_note(above)
    if markers[index] or ends_sentence(body) or not (under_date or ends_sentence(above)):
        return False
    if not _titled(sheet, index):
        return False
    first = _first_number(sheet, markers, index + 1)
    wanted = (Family.HAN, Family.CHAPTER, Family.ARTICLE) if under_date else (Family.CHAPTER, Family.ARTICLE)
    return first in wanted and any(m and m.number == 1 and m.family is Family.HAN for m in markers[start:index])


def _titled(sheet: Sheet, index: int) -> bool:
    """Say whether the title of a document begins with this line and ends with it or one of the next two."""
    title = ""
    for line in sheet.lines[index : index + _TITLE_LINES]:
        title += line.body
        if not is_bare(line.body):
            return False
        if landmarks.looks_like_title(title):
            return True
    return False


def _first_number(sheet: Sheet, markers: tuple[Marker | None, ...], first: int) -> Family | None:
    """Return the family of the numbering that begins soon, before any date, signature or other annex."""
    for index in range(first, min(first + _REACH, len(sheet.lines))):
        marker, body = markers[index], sheet.lines[index].body
        if landmarks.is_dated(body) or body.startswith("附件"):
            return None
        if marker and marker.number == 1 and marker.family <= Family.HAN and not marker.reference:
            return marker.family
    return None
