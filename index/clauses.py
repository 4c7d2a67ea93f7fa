"""Split a policy into its clause tree, by its own numbering and nothing else."""

from dataclasses import dataclass, field

from index.headings import parse_marker
from index.structure_lines import Sheet, read_lines
from index.structure_outline import Heading
from index.structure_parts import Parts, read_document
from index.structure_text import heading_of, is_heading_only, join, lead_of, spans
from index.types import Clause, ClauseKind, Policy

HEADER, PREAMBLE, CLOSING, TAIL, PARAGRAPH = "题", "序", "附则", "尾", "段"


def split_clauses(policy: Policy) -> tuple[Clause, ...]:
    """Return every node of the clause tree: the header first, then as published.

    Each character of the text that is not white space stands in one node.
    """
    sheet = read_lines(policy.text)
    if not sheet.lines:
        return ()
    tree = _Tree(policy, sheet)
    for parts in read_document(sheet):
        tree.grow(parts)
    return tree.finish()


@dataclass(slots=True)
class _Tree:
    policy: Policy
    sheet: Sheet
    clauses: list[Clause] = field(default_factory=list)
    header: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    used: dict[tuple[str, ...], int] = field(default_factory=dict)  # how often each path was asked for

    def grow(self, parts: Parts) -> None:
        """Add the nodes of a segment."""
        self.header += parts.back
        prefix: tuple[str, ...] = ()
        above: tuple[str, ...] = ()
        if parts.is_annex and not parts.headings:
            lines = sorted(parts.header + parts.tail + [i for group in parts.paragraphs for i in group])
            self._add((parts.segment.label,), ClauseKind.TAIL, "", (), lines)
            return
        if parts.is_annex:
            prefix = (parts.segment.label,)
            title = " ".join(join(self.sheet, parts.header).split())
            self._add(prefix, ClauseKind.HEADING, title, (), parts.header)
            above = (title,)
        else:
            self.header += parts.header
        if parts.preamble:
            self._add((*prefix, PREAMBLE), ClauseKind.PREAMBLE, "", above, parts.preamble)
        self._add_numbered(parts, prefix, above)
        for number, group in enumerate(parts.paragraphs, start=1):
            self._add((*prefix, f"{PARAGRAPH}{number}"), ClauseKind.CLAUSE, "", above, group)
        if parts.closing:
            self._add((*prefix, CLOSING), ClauseKind.CLOSING, "", above, parts.closing)
        if parts.tail and parts.is_annex:
            self._add((*prefix, TAIL), ClauseKind.TAIL, "", above, parts.tail)
        elif parts.tail:
            self.tail += parts.tail

    def finish(self) -> tuple[Clause, ...]:
        """Return all nodes, the header before and the tail after the text."""
        body, self.clauses = self.clauses, []
        if self.header:
            self._add((HEADER,), ClauseKind.HEADER, "", (), sorted(self.header))
        first, self.clauses = self.clauses, []
        if self.tail:
            self._add((TAIL,), ClauseKind.TAIL, "", (), self.tail)
        return (*first, *body, *self.clauses)

    def _add_numbered(self, parts: Parts, prefix: tuple[str, ...], above: tuple[str, ...]) -> None:
        parents = {index for heading in parts.headings for index in heading.above}
        questions = [heading.label for heading in parts.headings if heading.is_question]
        flat = len(questions) == len(set(questions))  # else every section counts its questions from 1
        paths: list[tuple[str, ...]] = []
        leads: list[str] = []
        for index, heading in enumerate(parts.headings):
            text = join(self.sheet, parts.clauses[index])
            over = paths[heading.above[-1]] if heading.above and not (heading.unit and flat) else prefix
            label = _published_label(text, heading)
            kind = ClauseKind.HEADING if is_heading_only(text) and index in parents else ClauseKind.CLAUSE
            asked = text.partition("\n")[0] if heading.is_question else ""
            title = asked or (lead_of(text, label) if kind is ClauseKind.HEADING else heading_of(text, label))
            ancestors = (*above, *(leads[i] for i in heading.above))
            paths.append(self._add((*over, heading.label), kind, title, ancestors, parts.clauses[index]))
            leads.append(lead_of(text, label))

    def _add(
        self, path: tuple[str, ...], kind: ClauseKind, heading: str, ancestors: tuple[str, ...], lines: list[int]
    ) -> tuple[str, ...]:
        """Add a node under its path, or under `path#2` where the document used that path before."""
        own = path
        while own in self.used:
            self.used[path] += 1
            own = (*path[:-1], f"{path[-1]}#{self.used[path]}")
        self.used[own] = 1
        identity = f"{self.policy.id}/{'/'.join(own)}"
        text, where = join(self.sheet, lines), spans(self.sheet, lines)
        self.clauses.append(Clause(identity, self.policy.id, own, kind, heading, ancestors, text, where))
        return own


def _published_label(text: str, heading: Heading) -> str:
    marker = parse_marker(text)
    return text[: len(text) - len(marker.rest)].rstrip() if marker else heading.label
