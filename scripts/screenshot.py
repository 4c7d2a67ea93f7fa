"""Make docs/images/chat.png from the real page: .venv/bin/python -m scripts.screenshot (needs var/index)."""

import tempfile
from pathlib import Path

from tests.browser.chat import Chat
from tests.browser.chromium import started
from tests.browser.server import serving

REPO = Path(__file__).resolve().parent.parent
PICTURE = REPO / "docs/images/chat.png"
QUESTION = "孵化器能拿到资金支持吗"
WINDOW = {"width": 1180, "height": 760}  # CSS pixels: a question, its verdict and a first citation fit


def main() -> None:
    """Ask one question and take the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        started() as browser,
        serving(REPO, REPO / "var/index", Path(folder) / "log") as url,
    ):
        page = browser.new_page(viewport=WINDOW, locale="zh-CN", color_scheme="light")
        chat = Chat(page, url).open()
        chat.ask(QUESTION)
        page.evaluate("document.activeElement.blur()")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=PICTURE, animations="disabled")
    print(f"已生成 {PICTURE.relative_to(REPO)}")


if __name__ == "__main__":
    main()
