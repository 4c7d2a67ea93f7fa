"""Files that nobody would write, by the hundred: a text or a clear message, and a tree that holds every character.

RAG_FUZZ_MINUTES=10 tries new ones for so long, shared out among the tests; every failure stays here as an example.
"""

import io
import os
import random
import re
import time
import zipfile
from collections.abc import Callable

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from index import reader_docx, reader_html, reader_ofd
from index.errors import PolicyFileError
from index.reader import cleaned
from index.reader_kinds import kind_of
from index.table_text import table_lines
from index.types import Extract, Span
from tests.formats import as_docx, as_html, as_ofd, zipped
from tests.test_clauses import test_every_character_stands_in_exactly_one_node as holds_every_character

MINUTES = float(os.environ.get("RAG_FUZZ_MINUTES", "0"))
SHARE = 60 / 7  # seconds of a minute for each of the seven tests
EXAMPLES = 40
TEXTS = [
    "江州市企业上云补贴办法",
    "江府办〔2030〕7号",
    "第一条 对上云企业给予补贴，最高20万元。",
    "第二条 本办法自2030年1月1日起施行。",
]

one_node = holds_every_character.hypothesis.inner_test
PHRASES = [
    "一、", "（一）", "1.", "1．", "（1）", "①", "第一条", "第二条 ", "第一章 总则", "第三条之一", "附件", "附件1", "附件：1.", "目录", "问：", "答：",
    "问1：", "抄送：", "2030年1月1日", "（此件公开发布）", "江府办〔2030〕7号", "江州市人民政府", "关于印发《", "》的通知", "办法", "（试行）", "为了",
    "本办法自公布之日起施行，有效期5年。", "同时废止《", "联系人：", "给予最高20万元奖励", "。", "；", "：", "，", "“", "”", "\n", "\n\n", "\t", "|", "    ",
    "　　", "**", "# ", "- 3 -", "第 2 页", "附则", "\x0c", "\u2028", "\u200b", "𠮷", "é", "A", "10%", "《", "》",
]  # fmt: skip
INLINE = [phrase for phrase in PHRASES if phrase.isprintable()]
phrases = st.sampled_from(PHRASES)
texts = st.lists(st.one_of(phrases, st.text(max_size=3)), max_size=40).map("".join)

WORDS = {
    "docx": ["w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:tcPr", "w:gridSpan", "w:vMerge", "w:hMerge", "w:pPr", "w:numPr", "w:numId",
             "w:ilvl", "w:rPr", "w:vanish", "w:del", "w:ins", "w:sdt", "w:sdtContent", "w:br", "w:tab", "w:trPr", "w:tblHeader",
             "w:gridBefore", "w:pStyle", "w:hyperlink", "w:ruby", "w:rubyBase", "w:AlternateContent", "w:Choice", "w:oMath"],
    "html": ["p", "div", "table", "tr", "td", "th", "br", "ol", "ul", "li", "script", "style", "span", "a", "b", "h1", "article", "form",
             "tbody", "select", "template", "svg", "title", "meta", "del", "pre", "caption"],
    "ofd": ["ofd:TextObject", "ofd:TextCode", "ofd:Layer", "ofd:PageBlock", "ofd:PathObject", "ofd:CGTransform"],
}  # fmt: skip
# What usually stands in an element, or at the top of a format.
USUAL = {
    "docx": ["w:p", "w:p", "w:tbl"], "w:p": ["w:r", "w:r", "w:pPr", "w:ins", "w:hyperlink"], "w:r": ["w:t", "w:t", "w:rPr", "w:br"],
    "w:tbl": ["w:tr"], "w:tr": ["w:tc", "w:tc", "w:trPr"], "w:tc": ["w:p", "w:p", "w:tcPr", "w:tbl"],
    "w:tcPr": ["w:gridSpan", "w:vMerge", "w:hMerge"], "w:pPr": ["w:numPr", "w:pStyle", "w:rPr"], "w:numPr": ["w:numId", "w:ilvl"],
    "w:rPr": ["w:vanish", "w:del"], "w:ins": ["w:r"], "w:hyperlink": ["w:r"], "w:trPr": ["w:tblHeader", "w:gridBefore"],
    "table": ["tr", "tbody", "caption"], "tbody": ["tr"], "tr": ["td", "td", "th"], "ol": ["li"], "ul": ["li"],
    "ofd": ["ofd:TextObject", "ofd:Layer"], "ofd:Layer": ["ofd:TextObject"], "ofd:TextObject": ["ofd:TextCode"],
}  # fmt: skip
MARKS = re.compile(r"[\s【】]")  # what is put around the numbers of rows
HOLD_TEXT = {"w:t", "ofd:TextCode"}
ATTRIBUTES = {
    "docx": ["w:val", "w:type", "w:abstractNumId"],
    "html": ["colspan", "rowspan", "style", "class", "id", "start", "value", "hidden", "content", "name"],
    "ofd": ["Boundary", "CTM", "Size", "X", "Y", "DeltaX"],
}
VALUES = ["", "0", "1", "2", "-1", "9", "999999999", "restart", "continue", "toc 1", "display:none", "TRS_Editor", "ArticleTitle", "zoom",
          "1 2 3 4", "1 0 0 1 0 0", "nan inf -inf 1e999", "x", "0.0001", "TOC1"]  # fmt: skip


def markup(form: str) -> st.SearchStrategy[str]:
    """Draw well-formed elements within one another, of the names that a format has."""

    def element(chance: random.Random, depth: int, above: str = "") -> str:
        usual = USUAL.get(above, ()) if chance.random() < 0.8 else ()
        name = chance.choice(usual or WORDS[form])
        keys = chance.sample(ATTRIBUTES[form], chance.randrange(3))
        shown = "".join(f' {key}="{chance.choice(VALUES)}"' for key in keys)
        deeper = depth and name not in HOLD_TEXT
        inner = (
            element(chance, depth - 1, name) if deeper and chance.random() < 0.9 else chance.choice(INLINE)
            for _ in range(chance.randrange(1, 4))
        )
        return f"<{name}{shown}>{''.join(inner)}</{name}>"

    def elements(number: int) -> str:
        chance = random.Random(number)
        return "".join(element(chance, chance.randrange(1, 9), form) for _ in range(chance.randrange(1, 9)))

    return st.integers(0, 2**63).map(elements)


def often(strategy: st.SearchStrategy, *known: object) -> Callable:
    """Run a test on its known failures and on drawn values; for minutes where that is asked for."""

    def decorate(test: Callable[[object], None]) -> Callable[[], None]:
        def run() -> None:
            for value in known:
                test(value)
            until, turn, count = time.monotonic() + MINUTES * SHARE, 0, 0

            def counted(value: object) -> None:
                nonlocal count
                count += 1
                test(value)

            while turn == 0 or time.monotonic() < until:
                drawn = settings(max_examples=EXAMPLES if not MINUTES else 500, deadline=None, database=None,
                                 suppress_health_check=list(HealthCheck))(given(strategy)(counted))  # fmt: skip
                seed(turn)(drawn)()
                turn += 1
            if MINUTES:
                print(f"\n{test.__name__}: {count}")

        run.__name__ = test.__name__
        return run

    return decorate


def reads(read: Callable[[bytes, str], Extract], data: bytes, name: str) -> str:
    """Return what a reader makes of a file, "" where it refuses it as it should."""
    try:
        text = cleaned(read(data, name)).text
    except PolicyFileError as error:
        assert str(error).startswith(name) and str(error).endswith("。")
        return ""
    one_node(text)
    return text


@often(texts)
def test_every_text_has_a_tree(text: str) -> None:
    one_node(text)


@often(markup("docx"))
def test_word_documents_of_any_elements(elements: str) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {
        "word/document.xml": f"<w:document {space}><w:body>{elements}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {space}><w:style w:styleId='1' w:type='paragraph' w:default='1'>{elements}</w:style></w:styles>",
        "word/numbering.xml": f"<w:numbering {space}><w:abstractNum w:abstractNumId='1'><w:lvl w:ilvl='0'>{elements}</w:lvl></w:abstractNum>"
                              f"<w:num w:numId='1'><w:abstractNumId w:val='1'/>{elements}</w:num></w:numbering>",
        "word/_rels/document.xml.rels": "<Relationships><Relationship Type='x/styles' Target='styles.xml'/>"
                                        "<Relationship Type='x/numbering' Target='numbering.xml'/></Relationships>",
    }  # fmt: skip
    reads(reader_docx.read, zipped({name: text.encode() for name, text in parts.items()}), "怪.docx")


@often(markup("html"))
def test_pages_of_any_elements(elements: str) -> None:
    reads(reader_html.read, f"<html><body>{elements}".encode(), "怪.html")


@often(markup("ofd"))
def test_pages_of_ofd_of_any_elements(elements: str) -> None:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocRoot>Document.xml</ofd:DocRoot></ofd:OFD>",
        "Document.xml": f"<ofd:Document {space}><ofd:Page BaseLoc='Page.xml'/></ofd:Document>",
        "Page.xml": f"<ofd:Page {space}>{elements}</ofd:Page>",
    }
    reads(reader_ofd.read, zipped({name: text.encode() for name, text in parts.items()}), "怪.ofd")


WHOLE = {"docx": as_docx(TEXTS), "ofd": as_ofd(TEXTS), "html": as_html(TEXTS)}
READERS = {"docx": reader_docx.read, "ofd": reader_ofd.read, "html": reader_html.read}
damage = st.tuples(
    st.integers(0, 2**20), st.integers(0, 64), st.binary(max_size=64)
)  # where, how much goes, what comes


@often(st.tuples(st.sampled_from(sorted(WHOLE)), st.lists(damage, min_size=1, max_size=4), st.booleans()))
def test_documents_damaged_anywhere(drawn: tuple[str, list[tuple[int, int, bytes]], bool]) -> None:
    form, damages, within = drawn

    def harmed(data: bytes) -> bytes:
        for place, gone, come in damages:
            at = place % (len(data) + 1)
            data = data[:at] + come + data[at + gone :]
        return data

    if form == "html" or not within:
        data = harmed(WHOLE[form])
    else:  # within the parts of the archive, which stays whole
        with zipfile.ZipFile(io.BytesIO(WHOLE[form])) as archive:
            data = zipped({name: harmed(archive.read(name)) for name in archive.namelist()})
    try:
        kind_of(data, f"坏.{form}")
    except PolicyFileError as error:
        assert str(error).startswith("坏.")
    reads(READERS[form], data, f"坏.{form}")


@often(
    st.integers(0, 6).flatmap(
        lambda n: st.lists(st.lists(st.one_of(phrases, st.just("")), min_size=n, max_size=n), max_size=6)
    ),
    [["一、", "（一）", ""], ["", "", "一、"]],
    [["", "一、", "（一）"], ["", "一、", "一、"]],
)
def test_tables_of_any_cells(grid: list[list[str]]) -> None:
    lines = table_lines(grid)
    assert all(line.strip() and "\n" not in line for line in lines)
    shown = MARKS.sub("", "".join(lines))
    for row in grid:
        for cell in row:
            assert MARKS.sub("", cell).rstrip("。；;，,、：:") in shown


@often(st.tuples(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=5)))
def test_doubts_stay_where_they_were(drawn: tuple[str, list[tuple[int, int]]]) -> None:
    text, places = drawn
    spans, at = [], 0
    for gap, length in places:
        start, end = at + gap, at + gap + length
        if end <= len(text):
            spans.append(Span(start, end))
            at = end
    moved = cleaned(Extract(text, tuple(spans)))
    assert [plain(moved.text[span.start : span.end]) for span in moved.doubts] == [
        kept for span in spans if (kept := plain(text[span.start : span.end]))
    ]


def plain(text: str) -> str:
    return cleaned(Extract(text)).text
