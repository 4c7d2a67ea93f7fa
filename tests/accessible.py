"""Hold a page in a browser against axe's rules."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
_AGAIN_AFTER, _TIMES = 1000, 8  # milliseconds: a sidebar that folds, or a button that is being drawn, is no violation


def assert_accessible(page: Page) -> None:
    """Fail if a page that has come to rest breaks a rule."""
    for _ in range(_TIMES - 1):
        if not _violations(page):
            return
        page.wait_for_timeout(_AGAIN_AFTER)
    assert _violations(page) == []


def _violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=_RULES).response["violations"]
    return [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found]
