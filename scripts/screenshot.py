"""Make docs/images/*.png from the real page: .venv/bin/python -m scripts.screenshot (needs var/index)."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chat import Chat
from tests.browser.chromium import started
from tests.browser.server import serving

REPO = Path(__file__).resolve().parent.parent
IMAGES = REPO / "docs/images"
QUESTION = "孵化器能拿到资金支持吗"
WINDOW = {"width": 1180, "height": 760}  # CSS pixels: a question, its verdict and a first citation fit


def main() -> None:
    """Take the picture of an answer, and of the library."""
    with (
        tempfile.TemporaryDirectory() as folder,
        started() as browser,
        serving(REPO, REPO / "var/index", Path(folder) / "log") as url,
    ):
        page = browser.new_page(viewport=WINDOW, locale="zh-CN", color_scheme="light")
        chat = Chat(page, url).open()
        chat.ask(QUESTION)
        _take(page, "chat.png")
        chat.open("/library")
        page.get_by_role("combobox").last.wait_for()
        _take(page, "library.png")


def _take(page: Page, name: str) -> None:
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=IMAGES / name, animations="disabled")
    print(f"已生成 {(IMAGES / name).relative_to(REPO)}")


if __name__ == "__main__":
    main()
