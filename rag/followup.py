"""Make a question standalone from the turns before it, and drop them when the topic changes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.address import AddressBook
from rag.matter import matter
from rag.ngrams import NgramClassifier
from rag.places import PlaceIndex
from rag.text import normalise
from rag.types import Turn

LEANING, ALONE = "leaning", "alone"  # labels of the classifier
# Words by which a message only leads over to its question.
_LEAD = re.compile(r"^(?:那么?|还有|换(?:一)?个(?:话题|问题)|另外|再问(?:一下|个)?|顺便问(?:一下)?|请问|and|what about|how about)[\s，,:：]*", re.IGNORECASE)
# Particles at the end, which say that something is asked but not what.
_ASK = re.compile(r"(?:呢|吗|吧|啊|呀|么|嘛)?[？?。！!～~]*$")


_REACH = 4  # turns before an earlier question in which its own topic is looked for


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question with what it takes from the turns before."""

    text: str
    carried: str = ""  # the earlier question taken along; "" where the question stands alone
    clause_ids: tuple[str, ...] = ()  # cited in the answer before


def bare(question: str) -> str:
    """Return a question without leading words and particles.

    Example: "那静安呢？" -> "静安"
    """
    return _ASK.sub("", _LEAD.sub("", question)).strip()


class FollowUp:
    """Resolve follow-up questions.

    :param classifier: tells questions that lean on the turns before them from those that stand alone.
    """

    def __init__(self, book: AddressBook, places: PlaceIndex, classifier: NgramClassifier) -> None:
        self._book = book
        self._places = places
        self._classifier = classifier

    def resolve(self, question: str, turns: Sequence[Turn]) -> Standalone:
        """Return the question standalone; `question` is normalised, `turns` oldest first.

        An earlier question that leaned on the turns before it is made standalone first.
        """
        asked = [number for number, turn in enumerate(turns) if turn.role == "user"]
        if not asked or not self.leans(question):
            return Standalone(question)
        before = turns[: asked[-1]][-_REACH:]
        topic = self._topic(self.resolve(normalise(turns[asked[-1]].content), before).text, question)
        answers = [turn.content for turn in turns if turn.role == "assistant"]
        cited = self._book.find(answers[-1]) if answers else ()
        own = _LEAD.sub('', question)
        if not matter(bare(own)):  # another detail of the same matter
            topic = matter(topic) or topic
        return Standalone(f"{topic} {own} {bare(own)}".strip(), topic, cited)

    def leans(self, question: str) -> bool:
        """Tell whether a normalised question leans on the turns before it."""
        probabilities = self._classifier.probabilities(question)
        return probabilities[LEANING] >= probabilities[ALONE]

    def _topic(self, earlier: str, question: str) -> str:
        """Return the earlier question without its particles, and without its place where the new one names another."""
        topic = bare(earlier)
        if self._places.mentions(question):
            for place in self._places.mentions(topic):
                topic = re.sub(re.escape(place), "", topic, flags=re.IGNORECASE)
        return topic.strip()
