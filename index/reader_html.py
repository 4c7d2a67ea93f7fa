"""Read pages of the web (.html, .mht): the article, not the portal around it."""

import email
import email.policy
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.errors import PolicyFileError
from index.reader_html_lines import UNPRINTED, block_lines, count_tables, is_layout
from index.reader_text import decode
from index.types import Extract

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_CHARSET_WITHIN = 4096  # bytes: browsers look at 1024; portals put scripts before it
_LEGACY = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5-hkscs": "big5"}
_ARCHIVE = re.compile(rb"\s*(?:MIME-Version|From|Subject|Date|Snapshot-Content-Location)\s*:", re.IGNORECASE)
# Where systems that government sites run on put the text of an article, the surest first.
_CONTAINERS = (
    ".TRS_Editor, .TRS_UEDITOR, .trs_editor_view, .trs_paper_default",
    "#UCAP-CONTENT, #ivs_content, #zoom, #zoomcon, #vsb_content, #vsb_content_2, .v_news_content, .wp_articlecontent",
    "[itemprop=articleBody], #articleContent, #article_content, .article_content, .article-content, .pages_content",
    "article",
)
_LEAST = 100  # characters that an article has; a container with less is an empty frame
_MAIN_SHARE = 0.7  # of the text that is no link: who holds so much of it holds the article
_BLOCKS = {"body", "div", "section", "article", "main", "center", "form", "table", "tbody", "tr", "td", "span", "font"}
_TITLE_TAGS = ("meta[name=ArticleTitle]", "meta[property='og:title']")
_SITE = re.compile(r"\s*[_|\-—–]+\s*[^_|\-—–]*$")  # what <title> adds: …通知_某市人民政府
_FACTS = re.compile(
    r"[【\[]?(?P<label>发文字号|文\s*号|发文机关|发布机构|成文日期|发文日期|发布日期|公布日期)[】\]]?\s*(?:[:：]\s*(?P<value>.{0,60}))?"
)
_TOP, _TOP_LINES = 600, 30  # characters, lines: there stands what a document says of itself


def read(data: bytes, name: str) -> Extract:
    """Read a page of the web; a line a paragraph, a line a row of a table.

    Scripts, forms and what is hidden are left out. The title, 文号, authority and date that the page prints beside the
    article come first where the article does not repeat them.

    :raises PolicyFileError: if it is in an unknown encoding or holds no page.
    """
    page = LexborHTMLParser(_characters(_page_of(data, name), name))
    page.strip_tags(sorted(UNPRINTED))
    if page.body is None:
        raise PolicyFileError(f"{name} 里没有网页内容。请用浏览器打开看看，重新保存后再导入。")
    article = _article(page)
    lines = block_lines(article, name)
    return Extract("\n".join([*_header(page, lines, name), *lines]), tables=count_tables(article))


def _page_of(data: bytes, name: str) -> bytes:
    """Return the page within an archive of a page (.mht), or the page itself."""
    if not _ARCHIVE.match(data):
        return data
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if part is None:
        raise PolicyFileError(f"{name} 里没有网页内容。请用浏览器打开看看，重新保存后再导入。")
    charset = (part.get_content_charset() or "utf-8").encode("ascii", "ignore")
    return b"<meta charset=" + charset + b">" + (part.get_payload(decode=True) or b"")


def _characters(data: bytes, name: str) -> str:
    """Return the characters of a page: as it declares, else as a text file; a few broken ones do not matter."""
    told = _CHARSET.search(data[:_CHARSET_WITHIN])
    charset = told[1].decode("ascii").lower() if told else ""
    charset = _LEGACY.get(charset, charset)
    if charset and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(charset)
        except (UnicodeDecodeError, LookupError):
            charset = charset if charset in {"utf-8", "gb18030", "big5"} else ""
    try:
        return decode(data, name)
    except PolicyFileError:
        if not charset:
            raise
        return data.decode(charset, "replace")


def _article(page: LexborHTMLParser) -> LexborNode:
    """Return the element that holds the article: a known container, else the innermost one with most of the text."""
    for selector in _CONTAINERS:
        found = max(page.css(selector), key=_length, default=None)
        if found is not None and _length(found) >= _LEAST:
            return found
    node = page.body
    while True:
        least = max(_prose(node) * _MAIN_SHARE, 1)
        inner = next((child for child in node.iter() if _may_hold(child) and _prose(child) >= least), None)
        if inner is None:
            return node
        node = inner


def _may_hold(node: LexborNode) -> bool:
    return node.tag in _BLOCKS and not (node.tag == "table" and not is_layout(node))


def _length(node: LexborNode) -> int:
    return len("".join(node.text().split()))


def _prose(node: LexborNode) -> int:
    """Return the number of characters that are no links."""
    return _length(node) - sum(_length(link) for link in node.css("a"))


def _header(page: LexborHTMLParser, lines: list[str], name: str) -> Iterator[str]:
    """Yield what the page says of the document beside the article: title, 文号, authority, date."""
    top = "".join("".join(lines).split())[:_TOP]
    title = _title(page)
    if title and "".join(title.split()) not in top:
        yield title
    first, told = set(lines[:_TOP_LINES]), set[str]()
    around = block_lines(page.body, name, with_tables=False)
    for place, line in enumerate(around):
        fact = _FACTS.fullmatch(line.strip())
        if fact is None:
            continue
        following = around[place + 1].strip() if place + 1 < len(around) else ""
        label, value = "".join(fact["label"].split()), (fact["value"] or following).strip()
        known = label in told or not value or _FACTS.fullmatch(value) or {value, f"{label}：{value}"} & first
        told.add(label)
        if not known:
            yield f"{label}：{value}"


def _title(page: LexborHTMLParser) -> str:
    for selector in _TITLE_TAGS:
        found = page.css_first(selector)
        if found is not None and (found.attributes.get("content") or "").strip():
            return " ".join(found.attributes["content"].split())
    for heading in page.css("h1"):
        if heading.text().strip():
            return " ".join(heading.text().split())
    title = page.css_first("title")
    return _SITE.sub("", " ".join(title.text().split())) if title is not None else ""
