"""Decide what an answer rests on: a fact of a header, quoted sentences, an expired policy, or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.store import Store
from rag.compose import Composer
from rag.evidence import Evidence
from rag.gather import Gatherer
from rag.header import HeaderAnswer, HeaderReader
from rag.matter import matter
from rag.ranker import Ranking
from rag.searcher import Searcher
from rag.sufficiency import WHAT_IS_ASKED, Sufficiency, missing
from rag.types import Draft, Query

# Probability that what is found is on the matter at all, below which nothing is quoted; that it answers; and that what is
# quoted of it does: below either, it is offered as the nearest that there is. Chosen on the cases of training/answering
# (docs/cases.md), with dev in view. Of those that the documents answer 0.05 are then told that nothing was found, and of those
# on other matters 0.12 of the plain and a third of the contrived are not; with 0.7 it is 0.08, 0.10 and a quarter.
RELEVANT, ANSWERABLE, _QUOTED = 0.6, 0.8, 0.5
_NEAR = 0.3  # the former from which the nearest clause is named though nothing is quoted: below it, it is of another matter
# The latter for a question about a place that no policy covers, or none that was found: near certainty, since to give one
# place's rule to another misleads. On the cases every answerable question of this kind has less than 0.87 too: a place
# that is only somebody's origin is then lost with the others.
_ANSWERABLE_ELSEWHERE = 0.99
# Of a question that asks for what documents mostly leave open: probability that it does; characters that name a matter; and
# rank up to which the clause on the matter must stand. Keywords as clerks type them (“贷款贴息要交什么材料”) hold few words
# that the clause meets; on the cases one more question in 270 is rightly partial, and none wrongly.
_UNSTATED, _NAMES, _FIRST = 0.5, 2, 3
WHETHER_IT_IS_MEANT = "所引规定是否就是您问的情形"  # what is missing where it is unsure that the evidence answers
_CHAT = 0.7  # probability from which a message that nothing answers was small talk; questions off the subject have less
_ASKS_HEADER = 0.5  # probability from which a fact of a document's header is asked for: likelier than not


class Drafter:
    """Turn a query and its ranking into a draft."""

    def __init__(
        self, store: Store, searcher: Searcher, gatherer: Gatherer, sufficiency: Sufficiency, composer: Composer
    ) -> None:
        self._store = store
        self._searcher = searcher
        self._gatherer = gatherer
        self._sufficiency = sufficiency
        self._composer = composer
        self._header = HeaderReader(store)

    def gather(self, query: Query, ranking: Ranking) -> list[Evidence]:
        """Return the evidence for an answer, none where nothing answers."""
        elsewhere = self._searcher.elsewhere(query, ranking.passages)
        if elsewhere:
            found = ranking.probability >= _ANSWERABLE_ELSEWHERE
        else:
            found = ranking.relevance >= RELEVANT or self._leaves_open(query, ranking)
        return self._gatherer.gather(query, ranking) if found else []

    def _leaves_open(self, query: Query, ranking: Ranking) -> bool:
        """Tell whether what is found is on the matter of a question, and only a detail that it asks for is not there."""
        about = matter(query.text)
        open_mostly = query.unstated >= _UNSTATED or query.carried  # “那上限呢” by itself tells little
        if not open_mostly or ranking.relevance < _NEAR or len(about) < _NAMES or about == query.text:
            return False
        without = self._searcher.search(replace(query, text=about, unstated=0.0))
        near = [passage.clause.id for passage in ranking.passages[:_FIRST]]
        return without.relevance >= ANSWERABLE and without.passages[0].clause.id in near

    def draft(self, query: Query, ranking: Ranking, evidence: list[Evidence], today: date) -> Draft:
        """Return the draft of an answer of any status."""
        if query.asks_header >= _ASKS_HEADER and (facts := self._facts(query, ranking)):
            return self._composer.header(facts, today)
        if not evidence and query.chat >= _CHAT and not query.foreign:
            return self._composer.chitchat()
        if not evidence:
            nearest = ranking.passages[0] if ranking.relevance >= _NEAR else None
            return self._past(query) or self._composer.not_found(query, nearest)
        if query.compares:
            return self._composer.answer(query, evidence, (), today)
        stated = self._sufficiency.probability(query, self._searcher.focus(query), evidence)
        lacking = missing(dict(query.details), evidence, stated)
        if query.contrasts:  # the evidence of one side states what the other leaves open: only a kind that neither has is missed
            return self._composer.answer(query, evidence, lacking if lacking != (WHAT_IS_ASKED,) else (), today)
        if not lacking and (ranking.probability < ANSWERABLE or _quoted(ranking, evidence) < _QUOTED):
            return self._composer.answer(query, evidence, (WHETHER_IT_IS_MEANT,), today, sure=False)
        return self._composer.answer(query, evidence, lacking, today)

    def _past(self, query: Query) -> Draft | None:
        """Return the draft on an expired policy that would have answered were it in force, None where there is none."""
        former = self._searcher.search_former(query)
        if former is None or former.relevance < RELEVANT or (query.foreign and not query.named):
            return None
        policy = self._store.policy(former.passages[0].clause.policy_id)
        if query.named and policy.id not in dict(query.named):
            return None
        return self._composer.past(policy, self._header.stated(policy, "expires"))

    def _facts(self, query: Query, ranking: Ranking) -> list[HeaderAnswer]:
        """Return the asked fact of each policy that a comparison is between, or of the one that is asked about."""
        ranked = list(dict.fromkeys(p.clause.policy_id for p in ranking.passages))
        sides = [aspect.policies for aspect in query.aspects if aspect.policies]
        if sides:  # a name that several policies share stands for the one that the question is nearest to
            policies = [min(side, key=lambda p: ranked.index(p) if p in ranked else len(ranked)) for side in sides]
        elif query.contrasts:
            found = (self._searcher.search(replace(query, text=aspect.text)).passages for aspect in query.aspects)
            policies = list(dict.fromkeys(passages[0].clause.policy_id for passages in found if passages))
        elif query.compares and not query.named:
            policies = ranked
        else:
            named = dict(query.named)
            best = max(named.values(), default=0.0)
            policies = [policy for policy in ranked if named.get(policy, 0.0) == best][:1]
        return self._header.find(query, policies)


def _quoted(ranking: Ranking, evidence: Sequence[Evidence]) -> float:
    """Return the probability that one of the clauses quoted is the one that answers."""
    quoted = {piece.clause.id for piece in evidence}
    return sum(passage.score for passage in ranking.passages if passage.clause.id in quoted)
