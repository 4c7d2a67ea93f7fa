"""The shipped policies as files of other formats, made by the tests."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import docx

from index.clauses import split_clauses
from index.policy import parse_policy
from index.reader import read_text
from index.structure_lines import read_lines
from index.structure_text import join


def paragraphs_of(path: Path) -> list[str]:
    """Return the paragraphs of a policy as its clauses have them, wrapped lines rejoined."""
    policy = parse_policy(read_text(path), path.name, "")
    starts = {span.start for clause in split_clauses(policy) for span in clause.spans}
    sheet = read_lines(policy.text)
    groups: list[list[int]] = []
    for index, line in enumerate(sheet.lines):
        if line.start in starts or sheet.begins_paragraph(index):
            groups.append([])
        groups[-1].append(index)
    return [join(sheet, group) for group in groups]


def as_docx(texts: Sequence[str]) -> bytes:
    """Return a Word document of the paragraphs."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    """Return a Word document as bytes."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()
