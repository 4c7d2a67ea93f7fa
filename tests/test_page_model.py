"""The page with a language model, in a real browser: prose over the quotes, who worded it, the stop button."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import Chat
from tests.browser.server import serving as page_serving
from tests.model_server import ModelServer
from tests.model_server import serving as model_serving

LOAN = "浦东的金融科技企业贷款有没有贴息"
FIRST = "对符合条件的金融科技企业，浦东按照规定给予贷款贴息和担保费补贴"
KEY = "sk-geheim-0123456789"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_serving() as server:
        yield server


@pytest.fixture(scope="module")
def page_server(repo: Path, index_dir: Path, model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {"BASE_URL": model.url, "MODEL": "stub-7b", "KEY": KEY, "ANSWER_SECONDS": "60"}.items():
            patched.setenv(f"RAG_LLM_{name}", value)
        log = tmp_path_factory.mktemp("server") / "log"
        with page_serving(repo, index_dir, log) as url:
            yield url
        assert KEY not in log.read_text()


@pytest.fixture
def chat(browser: Browser, page_server: str) -> Iterator[Chat]:
    context = browser.new_context(locale="zh-CN")
    yield Chat(context.new_page(), page_server).open()
    context.close()


def test_prose_stands_over_the_quotes_and_says_who_worded_it(chat: Chat, model: ModelServer) -> None:
    model.reset(f"{FIRST}[1]。<b>最高200万元</b>[1]。")
    text = chat.ask(LOAN).inner_text()
    parts = ["可以，文件有相关规定", FIRST, "由模型 stub-7b 组织语言", "“", "浦府办〔2025〕29号 · 八"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "200万元" not in text
    expect(chat.citations.first).to_be_visible()


def test_an_answer_without_the_model_says_why(chat: Chat, model: ModelServer) -> None:
    model.reset(mode="503")
    text = chat.ask(LOAN).inner_text()
    assert "原文摘录：模型的服务出错" in text
    assert "浦府办〔2025〕29号 · 八" in text
    assert KEY not in chat.page.content()


def test_the_stop_button_ends_the_writing_and_keeps_what_was_shown(chat: Chat, model: ModelServer) -> None:
    model.reset(f"{FIRST}[1]。" + "浦东给予担保费补贴，这一句很长很长写不完，" * 10, pause=0.1)
    chat.input.fill(LOAN)
    chat.input.press("Enter")
    expect(chat.page.get_by_text(FIRST)).to_be_visible()
    expect(chat.citations.first).to_be_visible()  # the quotes are there before the model is done
    chat.page.get_by_test_id("stChatInputStopButton").click()
    stopped = chat.answer(0)
    label = chat.page.locator(".stMarkdownShimmer")
    assert label.evaluate("e => getComputedStyle(e, '::after').content + getComputedStyle(e).animationName") == '"（已停止）"none'
    expect(stopped.get_by_text(FIRST)).to_be_visible()
    model.reset(f"{FIRST}[1]。")
    chat.ask("孵化器能拿到资金支持吗")
    again = chat.answers.nth(0)
    expect(again.get_by_text(FIRST)).to_be_visible()
    expect(again.get_by_text(re.compile("由模型 stub-7b 组织语言（已停止）"))).to_be_visible()
    expect(again.get_by_role("button", name="复制回答")).to_be_visible()
