"""Tell whether a message holds several questions, to be answered one by one, or one question in several sentences."""

from collections.abc import Sequence

from rag.reader import QuestionReader
from rag.searcher import Searcher
from rag.splitter import messages
from rag.types import Turn

# Probability from which a sentence by itself finds something, though vaguely: “谁能领、怎么用” has a third. On the cases of
# training/answering 0.2 to 0.5 come out alike.
_FINDS = 0.3
# Rank up to which what a sentence finds is in place for the message as a whole: of two questions of their own each has a
# passage near the top, what a sentence torn from its context finds lies far down.
_IN_PLACE = 3


class Divider:
    """Cut messages into the questions that they hold."""

    def __init__(self, reader: QuestionReader, searcher: Searcher) -> None:
        self._reader = reader
        self._searcher = searcher

    def divide(self, message: str, turns: Sequence[Turn] = ()) -> tuple[str, ...]:
        """Return the questions of a message in order; the message itself where it holds but one.

        It holds but one where a sentence, torn from its context, finds what is out of place for the message as a whole.

        Example: "孵化器有补贴吗？人才公寓怎么申请？" -> ("孵化器有补贴吗", "人才公寓怎么申请")
        Example: "黄浦园的架子怎么搭的？干活的又是谁？" -> itself
        """
        found = messages(message)
        if len(found) == 1:
            return found
        queries = [self._reader.read(sentence, turns) for sentence in found]
        if len({query.named for query in queries if query.named}) > 1:  # each on a policy of its own
            return found
        whole = self._searcher.search(self._reader.read(message, turns))
        near = {passage.clause.id for passage in whole.passages[:_IN_PLACE]}
        for sentence, query in zip(found, queries, strict=True):
            if not self._reader.leans(sentence):  # what leans is read with the sentences before it
                alone = self._searcher.search(query)
                if alone.probability >= _FINDS and alone.passages[0].clause.id not in near:
                    return (message,)
        return found
