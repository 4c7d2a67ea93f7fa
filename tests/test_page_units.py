"""The parts of the page that need no browser: escaping, addresses, highlighting, headers, the script itself."""

import re
import shutil
import string
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from index.__main__ import main as index_command
from index.types import Clause, ClauseKind, HeaderFact, Policy, Span
from ui.address import Place, address, heading_line, validity
from ui.document import sections
from ui.highlight import UNSHOWN, marked
from ui.markdown import JOINER, plain, readable
from ui.server import ChinesePage, content_security_policy

LOADED_WITHIN = 60  # seconds for AppTest's first run, which reads index and models, on a busy machine


def squeezed(text: str) -> str:
    return UNSHOWN.sub("", text)


# --- text as text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("按*3%*给予[补贴]", r"按\*3\%\*给予\[补贴\]"),
        ("$5$ :red[红] <b>", r"\$5\$ \:red\[红\] \<b\>"),
        ("# 一\n\n- 二", r"\# 一 \- 二"),
        (":smile:", f"\\:{JOINER}smile\\:"),
        ("a -> b", f"a \\-{JOINER}\\> b"),
        ("没有标点", "没有标点"),
    ],
)
def test_plain_escapes_markdown(text: str, escaped: str) -> None:
    assert plain(text) == escaped


@given(st.text())
def test_plain_leaves_no_punctuation_bare_and_loses_nothing(text: str) -> None:
    escaped = plain(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped).replace(JOINER, "") == " ".join(text.split()).replace(JOINER, "")
    bare = re.sub(r"\\.", "", escaped)
    assert not set(bare) & set(string.punctuation)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("贴\x00息\r\n多少", "贴息\n多少"), ("  \x07 ", ""), ("abc\u202edef", "abcdef"), ("\ud800补贴", "补贴")],
)
def test_readable_drops_what_cannot_be_read(typed: str, read: str) -> None:
    assert readable(typed) == read


# --- addresses and links


def clause(path: tuple[str, ...], heading: str, text: str = "", kind: ClauseKind = ClauseKind.CLAUSE) -> Clause:
    text = text or heading
    return Clause("某府〔2025〕1号/" + "/".join(path), "某府〔2025〕1号", path, kind, heading, (), text,
                  (Span(0, len(text)),))


def policy(text: str = "", **fields: object) -> Policy:
    return Policy("某府〔2025〕1号", "某方案", text, "a.txt", "0", number="某府〔2025〕1号", **fields)


def test_address_names_clause_and_heading() -> None:
    assert address(clause(("八",), "八、完善投融资体系")) == "某府〔2025〕1号 · 八 完善投融资体系"
    assert address(clause(("序",), "")) == "某府〔2025〕1号 · 序"


def test_long_heading_is_cut() -> None:
    assert heading_line("一、" + "长" * 30) == "长" * 24 + "…"


@given(st.text(min_size=1), st.none() | st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), st.text())
def test_link_says_where_it_came_from(clause_id: str, span: tuple[int, int] | None, quote: str) -> None:
    place = Place(clause_id, *(span or (None, None)), quote=quote)
    assert Place.read(place.params) == place


@pytest.mark.parametrize("params", [{"from": "1"}, {"from": "-1", "to": "2"}, {"from": "1", "to": "x"},
                                    {"from": "9" * 30, "to": "9" * 30}, {"from": "²", "to": "3"}])
def test_span_that_is_none_is_left_out(params: dict[str, str]) -> None:
    assert Place.read({"clause": "甲/一"} | params) == Place("甲/一")


# The last day worked out from the period in the title: both were read in the same place.
PERIOD = (HeaderFact("period", "2025-2026年", Span(3, 12)), HeaderFact("expires", "2026-12-31", Span(3, 12)))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"expires": date(2026, 12, 31)}, "有效期至 2026-12-31"),
        ({"expires": date(2026, 6, 30)}, "已于 2026-06-30 到期"),
        ({"effective": date(2026, 8, 1), "expires": date(2027, 1, 1)}, "自 2026-08-01 起施行"),
        ({"expires": date(2026, 12, 31), "period": "2025-2026年", "facts": PERIOD}, "方案期间 2025-2026年"),
        ({}, "文件未写明有效期"),
    ],
)
def test_validity_in_words(fields: dict[str, date], words: str) -> None:
    assert validity(policy(**fields), date(2026, 7, 1)) == words


# --- highlighting

BROKEN = "二、支持企\n\n业。**给予**补贴，给予补贴。"  # as scanned
SHOWN = "二、支持企业。给予补贴，给予补贴。"


def broken_clause() -> tuple[Clause, Policy]:
    return Clause("x/二", "x", ("二",), ClauseKind.CLAUSE, "", (), SHOWN, (Span(0, len(BROKEN)),)), policy(BROKEN)


@pytest.mark.parametrize(
    ("quoted", "which", "expected"),
    [("支持企\n\n业", 0, (2, 6)), ("**给予**补贴", 0, (7, 11)), ("给予补贴", 0, (12, 16))],
)
def test_span_of_the_source_is_found_in_what_is_shown(quoted: str, which: int, expected: tuple[int, int]) -> None:
    shown, source = broken_clause()
    start = BROKEN.index(quoted)
    found = marked(shown, source, Place(shown.id, start, start + len(quoted)))
    assert (found.start, found.end) == expected


def test_quote_is_found_without_span_and_missing_words_are_not() -> None:
    shown, source = broken_clause()
    assert marked(shown, source, Place(shown.id, quote="给予 补贴")) == Span(7, 11)
    assert marked(shown, source, Place(shown.id, quote="免费")) is None
    assert marked(shown, source, Place(shown.id, 900, 950)) is None
    assert marked(shown, source, Place(shown.id)) is None


def test_every_clause_of_the_shipped_policies_can_be_marked_whole(pipeline) -> None:
    clauses = pipeline.store.clauses
    assert len(clauses) > 100
    for c in clauses:
        source, span = pipeline.store.policy(c.policy_id), c.spans[0]
        found = marked(c, source, Place(c.id, span.start, span.end))
        assert squeezed(c.text[found.start : found.end]) == squeezed(source.text[span.start : span.end]), c.id


def test_sections_lose_no_character(pipeline) -> None:
    for source in pipeline.store.policies:
        clauses = tuple(c for c in pipeline.store.clauses if c.policy_id == source.id)
        laid_out = sections(clauses, source, Place(clauses[3].id, quote=clauses[3].text[:4]))
        assert ["".join(text for text, _ in s.heading + s.parts) for s in laid_out] == [c.text for c in clauses]
        assert [s.id for s in laid_out if s.marked] == [clauses[3].id]


def test_words_that_recognition_was_unsure_of_are_shown_as_such() -> None:
    shown, source = broken_clause()
    start = BROKEN.index("企\n\n业")
    doubtful = replace(source, doubts=(Span(start, start + 4), Span(BROKEN.index("给予"), BROKEN.index("给予") + 2)))
    laid_out = sections((shown,), doubtful, Place(shown.id, quote="给予"))[0]
    assert laid_out.parts == (
        ("二、支持", ""), ("企业", "doubt"), ("。", ""), ("给予", "mark"), ("补贴，给予补贴。", "")
    )  # fmt: skip


# --- the server


def served(body: bytes, content_type: bytes) -> tuple[dict[str, str], bytes]:
    """Pass one response through the middleware and return its headers and body."""
    sent = []

    async def app(scope: dict, receive: object, send: object) -> None:
        headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:10], "more_body": True})
        await send({"type": "http.response.body", "body": body[10:]})

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/", "headers": [(b"accept", b"text/html"), (b"accept-encoding", b"gzip")]}
    finish = ChinesePage(app)(scope, None, send)
    with pytest.raises(StopIteration):  # nothing in it waits, so one push runs it to its end without an event loop
        finish.send(None)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(message.get("body", b"") for message in sent[1:])


def test_page_is_rewritten_and_keeps_its_length() -> None:
    headers, body = served(b'<html lang="en"><script>a=1</script><title>Streamlit</title>', b"text/html; charset=utf-8")
    assert body.decode() == '<html lang="zh-CN"><script>a=1</script><title>惠企政策问答</title>'
    assert headers["content-length"] == str(len(body))
    assert "'sha256-" in headers["content-security-policy"]


def test_other_files_pass_unchanged_with_headers() -> None:
    headers, body = served(b'lang="en" in a script', b"text/javascript")
    assert body == b'lang="en" in a script'
    assert headers["x-content-type-options"] == "nosniff"


def test_policy_allows_the_inline_script_by_its_hash_only() -> None:
    # printf 'a=1' | openssl dgst -sha256 -binary | base64
    script_src = content_security_policy(b"<script>a=1</script>").split("; ")[1]
    assert script_src == "script-src 'self' blob: 'sha256-wi/qXXQo5c9H72NUyXySI8ldbc3D4NIwD/eQVrH/PYU='"


# --- the script


@pytest.fixture
def app(repo: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("RAG_INDEX", str(index_dir))
    return AppTest.from_file(str(repo / "app.py"), default_timeout=LOADED_WITHIN)


def test_start_offers_questions_and_lists_the_documents(app: AppTest, pipeline) -> None:
    app.run()
    assert not app.exception
    assert list(app.pills[0].options) == [plain(question) for question in pipeline.suggestions(6)]
    listed = [link.label for link in app.sidebar.get("page_link")]
    assert listed[0] == "文件库"
    assert sorted(listed[1:]) == sorted(plain(p.title) for p in pipeline.store.policies)


def test_missing_index_says_what_to_run(app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path))
    app.run()
    assert not app.exception
    assert "python \\-m index build" in app.error[0].value


def test_running_page_sees_a_new_index(app: AppTest, repo: Path, tmp_path: Path, monkeypatch) -> None:
    policies, out = tmp_path / "policies", tmp_path / "index"
    files = sorted((repo / "data/policies").glob("*.txt"))[:2]
    policies.mkdir()
    monkeypatch.setenv("RAG_INDEX", str(out))
    for count, file in enumerate(files, start=1):
        shutil.copy(file, policies)
        assert index_command(["build", "--policies", str(policies), "--out", str(out)]) == 0
        app.run()
        assert len(app.sidebar.get("page_link")) == 1 + count  # the library, and the policies


def test_unknown_clause_says_so_and_leads_back(app: AppTest) -> None:
    app.query_params["clause"] = "没有〔2025〕1号/<b>一"
    app.run()
    assert not app.exception
    assert r"没有〔2025〕1号\/\<b\>一" in app.warning[0].value
    assert [link.label for link in app.get("page_link")][-1] == "返回问答"


def test_too_long_a_question_is_not_asked(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("长" * 2001).run()
    assert "2,001 字" in app.warning[0].value
    assert app.session_state.turns == []


def test_new_conversation_forgets_the_turns(app: AppTest) -> None:
    app.run()
    app.chat_input[0].set_value("你好").run()
    assert len(app.session_state.turns) == 1
    app.sidebar.button[0].click().run()
    assert app.session_state.turns == []
