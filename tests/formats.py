"""The shipped policies as files of other formats, made by the tests."""

import html
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


def as_html(texts: Sequence[str], charset: str = "utf-8") -> bytes:
    """Return a page of a portal: navigation, the paragraphs in the container of a common system, links, a footer."""
    links = "".join(f'<li><a href="/{n}">栏目{n}的名字</a></li>' for n in range(40))
    body = "\n".join(f'<p style="text-indent:2em">&nbsp;&nbsp;{html.escape(text)}</p>' for text in texts)
    page = f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>{html.escape(texts[0])}_某市人民政府</title><style>p {{color: red}}</style></head><body>
<div class="top"><ul>{links}</ul><form><input value="搜索"></form></div>
<div class="content"><div class="TRS_Editor"><style>.TRS_Editor p {{margin: 0}}</style>{body}</div></div>
<div class="share">分享到：<script>var 分享 = "微信";</script></div>
<div class="foot">主办：某市人民政府办公室 备案号：00000001</div></body></html>"""
    return page.encode(charset)
