"""The page in a real browser, over the real engine and index."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.accessible import assert_accessible
from tests.browser.chat import Chat
from ui.highlight import UNSHOWN

GRANT = "孵化器能拿到资金支持吗"
FOREIGN = "北京市朝阳区的租房补贴一个月多少钱"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
# A question that would be another one if any of it were taken for Markdown, HTML or a shortcode.
MARKED_UP = r"<b>贴息</b> $x$ **重** :red[红] :smile: [链](http://x.y) `c` -> # 题 | 表 | <img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser: what it has fetched once stays fetched, as at a counter."""
    context = browser.new_context(locale="zh-CN", permissions=["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def chat(context: BrowserContext, server: str) -> Iterator[Chat]:
    """A fresh tab of that browser."""
    page = context.new_page()
    yield Chat(page, server).open()
    page.close()


def squeezed(text: str) -> str:
    return UNSHOWN.sub("", text)


def marked(page: Page) -> str:
    """Wait for the highlighted words and return them, squeezed."""
    page.locator("mark").first.wait_for()
    return squeezed("".join(page.locator("mark").all_inner_texts()))


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def focus_by_tab(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until `target` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"{most} presses of Tab did not reach {target}")


def test_suggested_question_is_answered(chat: Chat) -> None:
    first = chat.suggestions.first
    question = first.inner_text()
    first.click()
    answer = chat.answer(0)
    expect(chat.page.locator(".st-key-exchange-0").get_by_test_id("stText").first).to_have_text(question)
    expect(answer.get_by_text("文件有依据")).to_be_visible()
    expect(chat.citations.first).to_be_visible()


def test_typed_question_is_answered_with_a_verdict_first(chat: Chat) -> None:
    answer = chat.ask(GRANT)
    lead = answer.locator("[class*=st-key-lead-]")
    assert answer.inner_text().startswith(lead.inner_text())
    expect(lead).to_be_in_viewport()
    expect(chat.citations.first).to_have_text(re.compile(r"^\[1\] \S+〔20\d\d〕\d+号 · \S+"))


def test_citation_opens_the_original_at_the_quoted_words(chat: Chat) -> None:
    answer = chat.ask(GRANT)
    quote = answer.locator("[class*=st-key-quote-]").first
    words = squeezed(quote.get_by_test_id("stText").inner_text()).strip("“”")
    quote.get_by_role("link").first.click()
    assert marked(chat.page) == words
    expect(chat.page.locator("mark").first).to_be_in_viewport()
    chat.page.get_by_role("link", name="返回问答").click()
    expect(chat.answers).to_have_count(1)


def test_link_can_be_shared(chat: Chat, browser: Browser) -> None:
    chat.ask(GRANT)
    chat.citations.first.click()
    words = marked(chat.page)
    shared = chat.page.url
    assert "clause=" in shared
    fresh = browser.new_context()
    try:
        page = fresh.new_page()
        page.goto(shared)
        assert marked(page) == words
        expect(page.locator("mark").first).to_be_in_viewport()
        expect(page.get_by_text("引文出自")).to_be_attached()
    finally:
        fresh.close()


def test_browser_back_returns_to_the_conversation(chat: Chat) -> None:
    chat.ask(GRANT)
    chat.citations.first.click()
    marked(chat.page)
    chat.page.go_back()
    expect(chat.answers).to_have_count(1)


def test_contents_lead_to_a_clause(chat: Chat) -> None:
    chat.page.locator(".st-key-policies").get_by_test_id("stPageLink-NavLink").first.click()
    chat.page.locator(".contents summary").click()
    last = chat.page.locator(".contents a").last
    label = last.inner_text().split()[0]
    last.click()
    expect(chat.page.locator("section:focus")).to_have_attribute("data-clause", re.compile(f"/{label}$"))


def test_unknown_clause_leads_back(chat: Chat) -> None:
    chat.open("/?clause=没有/<i>一")
    expect(chat.page.get_by_text("没有/<i>一")).to_be_visible()
    chat.page.get_by_role("link", name="返回问答").click()
    expect(chat.input).to_be_visible()


def test_follow_up_stands_below_its_question(chat: Chat) -> None:
    chat.ask(GRANT)
    second = chat.ask("那具体给多少钱")
    expect(second.locator("[class*=st-key-lead-]")).to_be_in_viewport()
    expect(chat.answers).to_have_count(2)


def test_outside_question_is_not_found_in_words(chat: Chat) -> None:
    answer = chat.ask(FOREIGN)
    expect(answer.get_by_text("文件里没有找到")).to_be_visible()
    expect(chat.citations).to_have_count(0)


def test_markup_in_a_question_is_shown_as_text(chat: Chat) -> None:
    chat.page.on("dialog", lambda dialog: pytest.fail(f"the question ran: {dialog.message}"))
    chat.ask(MARKED_UP)
    assert chat.page.locator(".st-key-exchange-0").get_by_test_id("stText").first.inner_text() == MARKED_UP


def test_too_long_a_question_stays_in_the_input(chat: Chat) -> None:
    chat.input.fill("长" * 2001)
    chat.input.press("Enter")
    expect(chat.page.get_by_text("问题有 2,001 字，超过 2,000 字的上限")).to_be_visible()
    expect(chat.input).to_have_value("长" * 2001)


def test_answer_can_be_copied(chat: Chat) -> None:
    answer = chat.ask(GRANT)
    lead = answer.locator("[class*=st-key-lead-] strong").inner_text()
    answer.get_by_role("button", name="复制回答").click()
    expect(answer.get_by_text("已复制")).to_be_visible()
    assert chat.page.evaluate("navigator.clipboard.readText()").startswith(lead)


def test_copy_falls_back_where_the_clipboard_is_refused(chat: Chat) -> None:
    chat.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    chat.open()
    answer = chat.ask(GRANT)
    answer.get_by_role("button", name="复制回答").click()
    expect(answer.get_by_text("已复制")).to_be_visible()
    assert chat.page.evaluate("navigator.clipboard.readText()")


def test_new_conversation_starts_over(chat: Chat) -> None:
    chat.ask(GRANT)
    chat.page.get_by_role("button", name="新对话").click()
    expect(chat.answers).to_have_count(0)
    expect(chat.suggestions.first).to_be_visible()


def test_two_people_never_see_each_other(chat: Chat, browser: Browser, server: str) -> None:
    other_context = browser.new_context()
    try:
        other = Chat(other_context.new_page(), server).open()
        chat.ask(GRANT)
        other.ask(FOREIGN)
        expect(chat.answers).to_have_count(1)
        expect(other.page.get_by_text(GRANT)).to_have_count(0)
        expect(chat.page.get_by_text(FOREIGN)).to_have_count(0)
    finally:
        other_context.close()


def test_keyboard_alone_is_enough(chat: Chat) -> None:
    focus_by_tab(chat.page, chat.input.first)
    chat.page.keyboard.type(GRANT)
    chat.page.keyboard.press("Enter")
    chat.answer(0)
    focus_by_tab(chat.page, chat.citations.first)
    chat.page.keyboard.press("Enter")
    marked(chat.page)
    focus_by_tab(chat.page, chat.page.get_by_role("link", name="返回问答"))
    chat.page.keyboard.press("Enter")
    expect(chat.answers).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_at_start_answer_and_source(browser: Browser, server: str, scheme: str) -> None:
    context = browser.new_context(locale="zh-CN", color_scheme=scheme, reduced_motion="reduce")
    try:
        chat = Chat(context.new_page(), server).open()
        expect(chat.suggestions.first).to_be_visible()
        assert_accessible(chat.page)
        chat.ask(GRANT)
        chat.ask(FOREIGN)
        assert_accessible(chat.page)
        chat.citations.first.click()
        marked(chat.page)
        assert_accessible(chat.page)
        background = chat.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        darkness = sum(int(part) for part in re.findall(r"\d+", background)[:3]) < 3 * 128
        assert darkness == (scheme == "dark")
    finally:
        context.close()


def test_phone_needs_no_sideways_scrolling(browser: Browser, server: str) -> None:
    context = browser.new_context(locale="zh-CN", **PHONE)
    try:
        chat = Chat(context.new_page(), server).open()
        expect(chat.suggestions.first).to_be_visible()
        assert overflow(chat.page) <= 0
        chat.ask(GRANT)
        assert overflow(chat.page) <= 0
        chat.citations.first.click()
        marked(chat.page)
        assert overflow(chat.page) <= 0
        chat.page.get_by_test_id("stExpandSidebarButton").click()
        chat.page.get_by_role("button", name="新对话").click()
        expect(chat.suggestions.first).to_be_visible()
        expect(chat.page.get_by_test_id("stExpandSidebarButton")).to_be_visible()  # the sidebar made way
    finally:
        context.close()


def test_nothing_leaves_the_machine(chat: Chat) -> None:
    troubles = []
    chat.page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    chat.open()
    chat.ask(GRANT)
    chat.citations.first.click()
    marked(chat.page)
    local = re.compile(r"^(?:https?|wss?)://127\.0\.0\.1:\d+/|^(?:data|blob):")
    assert chat.requests
    assert [url for url in chat.requests if not local.match(url)] == []
    assert troubles == []  # the content security policy reports what it blocks here


def test_page_is_chinese_and_guarded(chat: Chat, server: str) -> None:
    response = chat.page.goto(server)
    assert chat.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "SAMEORIGIN"
    assert response.headers["referrer-policy"] == "no-referrer"
    script_src = next(part for part in response.headers["content-security-policy"].split("; ") if "script" in part)
    assert "unsafe" not in script_src
    expect(chat.page).to_have_title("惠企政策问答")
