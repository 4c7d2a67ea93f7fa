"""Tell a message that changes the topic, though it is worded like a follow-up, from one that goes on."""

from rag.followup import bare
from rag.matching import WordMatcher
from rag.matter import matter
from rag.ranker import Ranking
from rag.reader import QuestionReader
from rag.searcher import Searcher
from rag.types import Query

_NAMES = 2  # characters with which a message has a subject of its own: “那上限呢” has none
# Relevance of what the message finds by itself, and share of its words that what it finds with the turns before meets, below
# which it changes the topic: “我家猫丢了找谁” after a question on subsidies. Of 20 such messages put to 14 sets of cases half
# are told by their words; of the rest this tells 0.37, and loses 0.02 of the follow-ups that are quoted an answer.
_FINDS_NOTHING, _HARDLY_MET = 0.05, 0.25


class Switching:
    """Find changes of topic by what the documents hold."""

    def __init__(self, reader: QuestionReader, searcher: Searcher, matcher: WordMatcher) -> None:
        self._reader = reader
        self._searcher = searcher
        self._matcher = matcher

    def switched(self, query: Query, ranking: Ranking) -> Query | None:
        """Return the query of a message without the turns before it where it changes the topic, else None.

        :param ranking: what was found for `query`.
        """
        if not query.carried or not ranking.passages or len(matter(bare(query.focus))) < _NAMES:
            return None
        alone = self._reader.read(query.original)
        if alone.named or alone.foreign or alone.abroad:  # “那静安呢”
            return None
        text = ranking.passages[0].clause.text
        met = self._matcher.compare(self._searcher.focus(query), self._matcher.views([text])).covers[0]
        goes_on = met >= _HARDLY_MET or self._searcher.search(alone).relevance >= _FINDS_NOTHING
        return None if goes_on else alone
