"""Tell questions from small talk and from what must be refused."""

from enum import StrEnum

from rag.ngrams import NgramClassifier


class Route(StrEnum):
    """Where a message goes; the labels of the classifier."""

    QUESTION = "question"
    CHITCHAT = "chitchat"
    INJECTION = "injection"
    HARMFUL = "harmful"


# Probability from which a message is not treated as a question: refusing a question costs more than answering small
# talk with “not found”, so the other labels must be likelier than not by two to one.
_SURE = 0.67


class Router:
    """Choose the route of a message."""

    def __init__(self, classifier: NgramClassifier) -> None:
        self._classifier = classifier

    def route(self, text: str) -> Route:
        """Return the route of a normalised message."""
        label, probability = max(self._classifier.probabilities(text).items(), key=lambda item: item[1])
        return Route(label) if probability >= _SURE else Route.QUESTION
