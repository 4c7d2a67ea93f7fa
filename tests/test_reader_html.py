"""Pages of the web: the article in its order, nothing of the portal, nothing that runs."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from index.policy import parse_policy
from index.reader import Reader, policy_files, read_text
from index.reader_html import read
from index.reader_kinds import Kind
from tests.formats import as_html, paragraphs_of
from tests.libraries import POLICIES
from tests.test_reader_docx import plain, tree

ARTICLE = "".join(f"<p>第{n}条　对符合条件的企业给予奖励，具体标准由主管部门另行制定。</p>" for n in "一二三四五")
LINES = [f"第{n}条　对符合条件的企业给予奖励，具体标准由主管部门另行制定。" for n in "一二三四五"]


def lines(page: str) -> list[str]:
    return read(page.encode(), "a.html").text.split("\n")


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("path", policy_files(POLICIES), ids=lambda path: path.stem)
def test_a_policy_has_the_clauses_that_its_text_has(path: Path, charset: str) -> None:
    with Reader() as reader:
        extract = reader.read(as_html(paragraphs_of(path), charset), "政策.html")
    assert extract.kind == Kind.HTML
    assert plain(extract.text) == plain(read_text(path))
    assert tree(extract.text) == tree(read_text(path))


def test_of_an_unknown_site_the_text_is_taken_and_the_links_are_left() -> None:
    links = "".join(f"<li><a href=#>某某栏目名称{n}</a></li>" for n in range(30))
    page = f"<html><body><div><ul>{links}</ul></div><div><div><h2>通知</h2>{ARTICLE}</div></div><div>主办：某市</div></body></html>"
    assert lines(page) == ["通知", *LINES]


def test_a_page_laid_out_by_a_table_and_a_page_that_is_a_table() -> None:
    article = ARTICLE * 4
    left = "".join(f"<a href=#>栏目{n}</a><br>" for n in range(20))
    assert lines(f"<html><body><table><tr><td>{left}</td><td>{article}</td></tr></table></body></html>") == LINES * 4
    rows = "".join(f"<tr><td>企业{n}</td><td>{n}万元</td></tr>" for n in range(50))
    found = lines(f"<html><body><div><table><tr><th>名称</th><th>金额</th></tr>{rows}</table></div></body></html>")
    assert found == [f"名称：企业{n}，金额：{n}万元。" for n in range(50)]


def test_what_the_page_says_of_the_document_beside_the_article_comes_first() -> None:
    page = f"""<html><head><title>江州市促进上云办法_江州市人民政府</title></head><body>
    <table><tr><td>索引号：</td><td>0001</td><td>发文字号：</td><td>江府办〔2030〕7号</td></tr></table>
    <div>发布日期：2030-01-02</div><div>来源：某报</div><div id="zoom">{ARTICLE}</div></body></html>"""
    assert lines(page) == ["江州市促进上云办法", "发文字号：江府办〔2030〕7号", "发布日期：2030-01-02", *LINES]
    policy = parse_policy("\n".join(lines(page)), "a.html", "")
    assert (policy.id, policy.title, str(policy.issued)) == ("江府办〔2030〕7号", "江州市促进上云办法", "2030-01-02")


def test_the_title_comes_once() -> None:
    page = f"<title>江州市促进上云办法</title><h1>江州市促进上云办法</h1><article><p>江州市促进<br>上云办法</p>{ARTICLE}</article>"
    assert lines(page) == ["江州市促进", "上云办法", *LINES]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<p>给予<b>20</b>万元<script>alert(1)</script><!-- 注 -->。</p>", ["给予20万元。"]),
        ("<p>甲&nbsp;&amp;&lt;script&gt;乙&#8212;丙</p>", ["甲 &<script>乙—丙"]),
        ("第一行<br>　　第二行<p>第三行", ["第一行", "第二行", "第三行"]),
        ("<p style='DISPLAY : none'>暗</p><p hidden>暗</p><p>明</p>", ["明"]),
        ("<ol start=3><li>甲</li><li>乙</li></ol><ol style='list-style:none'><li>丙</li></ol><ol><li>（一）丁</li></ol><ul><li>戊</li></ul>",
         ["3. 甲", "4. 乙", "丙", "（一）丁", "戊"]),
        ("<table><tr><th>类别</th><th>标准</th></tr><tr><td rowspan=2>大企业</td><td>20万元</td></tr><tr><td>10万元</td></tr></table>",
         ["类别：大企业，标准：20万元。", "类别：大企业，标准：10万元。"]),
        ("<table><tr><td colspan=2>支持标准</td></tr><tr><td>类别</td><td>标准</td></tr><tr><td>A<br>级</td><td>20万元</td></tr></table>",
         ["支持标准", "类别：A 级，标准：20万元。"]),
        ("<table><tr><td><table><tr><td><p>排版用的表</p><p>不是表格</p></td></tr></table></td></tr></table>", ["排版用的表", "不是表格"]),
        ("<del>旧</del><textarea>填写</textarea><img src=x alt=图 onerror=alert(1)><p>新</p>", ["新"]),
        ("<table><tr><td colspan=99999999>宽</td><td rowspan=99999999>高</td></tr><tr><td>1</td></tr></table>", None),
    ],
)  # fmt: skip
def test_what_a_browser_prints_is_read(inner: str, expected: list[str] | None) -> None:
    found = lines(f'<html><body><div class="TRS_Editor">{ARTICLE}{inner}</div></body></html>')
    assert found[:5] == LINES
    assert expected is None or found[5:] == expected


def test_a_page_that_lies_about_its_encoding_is_read() -> None:
    page = f"<html><head><meta charset=utf-8></head><body>{ARTICLE}</body></html>"
    assert read(page.encode("gb18030"), "a.html").text.split("\n") == LINES


def test_a_few_broken_bytes_do_not_stand_in_the_way() -> None:
    page = f"<html><head><meta charset=utf-8></head><body>{ARTICLE}</body></html>".encode()
    assert read(page.replace("五".encode(), b"\xff"), "a.html").text.split("\n")[:4] == LINES[:4]


def test_a_saved_page_with_its_pictures_is_read() -> None:
    message = EmailMessage()
    message.set_content(f"<html><body>{ARTICLE}</body></html>", subtype="html", charset="utf-8")
    message.add_related(b"\x89PNG", "image", "png")
    with Reader() as reader:
        extract = reader.read(b"MIME-Version: 1.0\n" + bytes(message).replace(b"MIME-Version: 1.0\n", b""), "网页.doc")
    assert (extract.kind, extract.text.split("\n")) == (Kind.HTML, LINES)
