"""The shipped policies as files of other formats, made by the tests."""

import html
import re
import zipfile
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


_LINE, _PAGE = 28, 22  # characters a line and lines a page, as official documents are printed
_TYPE = 5.6  # millimetres, the size of their type


def wrapped(text: str) -> list[str]:
    """Return a paragraph as printed lines, the first one two characters in; words and numbers stay whole."""
    lines, line, width = [], "", 2.0
    for word in re.findall(r"[A-Za-z0-9.%]+|\s+|[^A-Za-z0-9.%\s]", text):
        size = sum(0.5 if sign.isascii() else 1.0 for sign in word)
        if width + size > _LINE and word not in "，。；：、）》”":
            lines, line, width = [*lines, line], "", 0.0
        line, width = line + word, width + size
    return [*lines, line]


def as_ofd(texts: Sequence[str]) -> bytes:
    """Return an OFD document of the paragraphs, a text object a line, with page numbers."""
    lines = [(2 * _TYPE if place == 0 else 0.0, line) for text in texts for place, line in enumerate(wrapped(text))]
    pages = [lines[at : at + _PAGE] for at in range(0, len(lines), _PAGE)]
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": "<ofd:OFD {0}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {{0}}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, page in enumerate(pages):
        placed = [(28 + x, 37 + 10 * row, text) for row, (x, text) in enumerate(page)]
        placed.append((100, 280, f"— {number + 1} —"))
        placed.reverse()  # the order in a file is none to rely on
        objects = "".join(
            f'<ofd:TextObject Boundary="{x} {y} 156 8" Size="{_TYPE}" ID="1"><ofd:TextCode X="0" Y="5">{html.escape(text)}'
            "</ofd:TextCode></ofd:TextObject>"
            for x, y, text in placed
        )
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {{0}}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return zipped({name: text.replace("{0}", space).encode() for name, text in parts.items()})


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return an archive of the parts."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


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
