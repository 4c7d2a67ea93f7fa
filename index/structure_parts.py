"""Sort the lines of a segment into the parts of a clause tree: header, preamble, clauses, closing, tail."""

from dataclasses import dataclass, field

from index import structure_landmarks as landmarks
from index.structure_closing import split_last
from index.structure_front import split_front, split_plain
from index.structure_lines import Sheet
from index.structure_lists import lift_paragraphs
from index.structure_mode import Mode, mode_of
from index.structure_outline import Heading, Outline
from index.structure_segments import Plan, Segment, plan

ANNEX = "附件"
_DISPATCH = 300  # characters: a notice that says more than 现将…印发给你们 has a text of its own (40 to 120 seen)


@dataclass(slots=True)
class Parts:
    """The line numbers of every part of a segment."""

    segment: Segment
    mode: Mode
    is_annex: bool
    header: list[int] = field(default_factory=list)  # above the text
    back: list[int] = field(default_factory=list)  # what belongs to the header but is printed below the text
    preamble: list[int] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    clauses: list[list[int]] = field(default_factory=list)  # one for each heading, in order
    paragraphs: list[list[int]] = field(default_factory=list)  # of a text without numbers
    closing: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)


def read_document(sheet: Sheet) -> list[Parts]:
    """Sort the lines of a document, the body first.

    A notice without clauses of its own is the header of what it issues: of the one document, which becomes the body,
    or of several, which stay annexes.
    """
    layout = plan(sheet)
    parts = [read_parts(layout, segment) for segment in layout.segments]
    numbered = [part for part in parts[1:] if part.headings]
    notice = parts[0]
    text = sum(len(sheet.lines[line].body) for paragraph in notice.paragraphs for line in paragraph)
    if notice.headings or not numbered or text > _DISPATCH:
        return parts
    if len(numbered) == 1 or numbered[0].segment.label == ANNEX:
        body = numbered[0]
        body.header = [*range(notice.segment.start, notice.segment.stop), *body.header]
        body.is_annex = False
        return [body, *(part for part in parts[1:] if part is not body)]
    parts[0] = Parts(notice.segment, notice.mode, is_annex=False, header=list(range(notice.segment.stop)))
    return parts


def read_parts(layout: Plan, segment: Segment) -> Parts:
    """Sort the lines of a segment."""
    parts = Parts(segment, mode_of(layout, segment), is_annex=bool(segment.label))
    outline = Outline(layout, segment, parts.mode)
    front: list[int] = []
    where = "front"
    for line in range(segment.start, segment.stop):
        if line in layout.contents:
            parts.header.append(line)
        elif outline.take(line, listed=where in ("list", "tail")):
            parts.clauses.append([line])
            where = "clause"
        elif not parts.clauses:
            front.append(line)
            where = _front_state(layout, line, where)
        else:
            where = _sort_back(layout, line, where, parts)
    parts.headings = outline.headings
    if parts.clauses:
        header, parts.preamble = split_front(layout.sheet, front)
        parts.header = sorted(parts.header + header)
        parts.closing, contacts = split_last(layout.sheet, parts.clauses[-1], parts.headings[-1].unit)
        parts.tail = contacts + parts.tail
        lift_paragraphs(layout.sheet, parts.headings, parts.clauses)
    else:
        _read_plain(layout, front, parts)
    return parts


def _front_state(layout: Plan, line: int, where: str) -> str:
    body = layout.sheet.lines[line].body
    if landmarks.is_list(body):
        return "list"
    ended = (
        line in layout.signatures
        or landmarks.is_dated(body)
        or (layout.markers[line] is None and landmarks.looks_like_title(body))
    )
    return "front" if ended else where


def _sort_back(layout: Plan, line: int, where: str, parts: Parts) -> str:
    """Put a line that no heading begins with into its part; return where the next line stands."""
    body = layout.sheet.lines[line].body
    if where == "copy" or _is_back(layout, line):
        parts.back.append(line)
        return "copy" if where == "copy" or landmarks.is_copy(body) else "tail"
    if where == "tail" or (landmarks.is_list(body) and not layout.sheet.goes_on(line)):
        parts.tail.append(line)
        return "tail"
    parts.clauses[-1].append(line)
    return where


def _is_back(layout: Plan, line: int) -> bool:
    """Say whether a line is header matter that is printed below the text."""
    lines = layout.sheet.lines
    body = lines[line].body
    if line in layout.signatures or landmarks.is_copy(body) or landmarks.is_printed(body):
        return True
    if layout.sheet.goes_on(line):
        return False
    above_printed = line + 1 < len(lines) and landmarks.is_printed(lines[line + 1].body) and landmarks.is_organ(body)
    return above_printed or landmarks.is_dismissal(body) or landmarks.is_note(body)


def _read_plain(layout: Plan, front: list[int], parts: Parts) -> None:
    """Sort the lines of a segment without numbers."""
    text: list[int] = []
    where = "front"
    for line in front:
        body = layout.sheet.lines[line].body
        if text and (where == "copy" or _is_back(layout, line)):
            parts.back.append(line)
            where = "copy" if where == "copy" or landmarks.is_copy(body) else "tail"
        elif text and landmarks.is_list(body):
            parts.tail.append(line)
            where = "tail"
        elif where == "tail" and (layout.markers[line] is not None or not landmarks.looks_like_title(body)):
            parts.tail.append(line)
        else:
            text.append(line)
            where = "front"
    header, parts.paragraphs = split_plain(layout.sheet, text)
    parts.header = sorted(parts.header + header)
