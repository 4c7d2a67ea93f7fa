"""The chat page as a person uses it."""

from playwright.sync_api import Locator, Page, expect

READY_WITHIN = 20_000  # milliseconds for the first answer on a busy machine: the index is read then


class Chat:
    """A browser tab with the chat page open."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.set_default_timeout(READY_WITHIN)

    def open(self, path: str = "") -> "Chat":
        """Open the page, or a link to it."""
        self.page.goto(self.url + path)
        return self

    @property
    def input(self) -> Locator:
        """Where questions are typed."""
        return self.page.get_by_test_id("stChatInputTextArea")

    @property
    def suggestions(self) -> Locator:
        """The suggested questions on show."""
        return self.page.locator("[class*=st-key-suggested-]").get_by_role("radio")

    @property
    def answers(self) -> Locator:
        """The answers so far."""
        return self.page.locator("[class*=st-key-answer-]")

    @property
    def citations(self) -> Locator:
        """The addresses under the quotes."""
        return self.page.locator("[class*=st-key-source-] a")

    def ask(self, question: str) -> Locator:
        """Type a question, wait for its answer and return it."""
        count = self.answers.count()
        self.input.fill(question)
        self.input.press("Enter")
        return self.answer(count)

    def answer(self, number: int) -> Locator:
        """Wait for an answer (0 is the first) and return it."""
        expect(self.answers).to_have_count(number + 1, timeout=READY_WITHIN)
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        return self.answers.nth(number)
