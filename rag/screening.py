"""Screen messages: small talk, attacks, and what is too long never reach the documents."""

from collections.abc import Sequence

from rag.compose import Composer
from rag.reader import QuestionReader
from rag.replies import Replies
from rag.route import Route, Router
from rag.splitter import asks
from rag.text import normalise
from rag.types import Draft, Status, Turn

QUESTION_LIMIT = 2000  # characters; the longest case that a clerk pastes has a few hundred


class Screening:
    """Reply to messages that are no question to the documents."""

    def __init__(self, router: Router, reader: QuestionReader, composer: Composer, replies: Replies) -> None:
        self._router = router
        self._reader = reader
        self._composer = composer
        self._replies = replies

    def reply(self, question: str, turns: Sequence[Turn]) -> Draft | None:
        """Return the reply to a message that is no question to the documents, None for a question."""
        text = normalise(question)
        if not text:
            return self._composer.fixed(Status.CHITCHAT, self._replies("empty"))
        if len(question) > QUESTION_LIMIT:
            reply = self._replies("too_long", length=len(question), limit=QUESTION_LIMIT)
            return self._composer.fixed(Status.REFUSED, reply)
        route = self._router.route(text)
        if route is Route.HARMFUL or route is Route.CHITCHAT and asks(text):  # a follow-up may sound so by itself
            route = self._router.route(self._reader.standalone(question, turns))
        if route is Route.CHITCHAT:
            return self._composer.chitchat()
        if route in (Route.INJECTION, Route.HARMFUL):
            return self._composer.fixed(Status.REFUSED, self._replies("refused"))
        return None
