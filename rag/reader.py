"""Read a question: what it takes from the turns before, what it names, and what it asks for."""

import re
from collections.abc import Mapping, Sequence

from rag.english import translate
from rag.followup import FollowUp, bare
from rag.ngrams import NgramClassifier
from rag.places import SURELY_NAMED, PlaceIndex
from rag.spelling import Speller
from rag.text import normalise
from rag.types import Query, Turn

HEADER, BODY = "header", "body"  # labels: asks for 文号, date, issuer, validity of a document, or for its content
# Words that set policies side by side: all there are, …
_EACH = re.compile(
    r"各(?:个)?(?:分)?(?:园|区|地|家|自|份)|(?:几|两|三|四|五|多)(?:个|家|份)?(?:分)?(?:园|区|方案|文件|地方|办法|条例)|each|all of",
    re.IGNORECASE,
)
# … or those that are named.
_BESIDE = re.compile(
    r"对比|比较|相比|比一比|区别|差别|不同|不一样|一样(?:吗|么|不)|分别|谁(?:更|高|低|大|多|少|早|晚)|另一|哪边|"
    r"哪(?:个|家|边|份|里)?(?:更|多|高|大|少|早|晚)|摆一块|vs|versus|compare|which one|both",
    re.IGNORECASE,
)
# Words that ask which policy or place has something.
_WHICH = re.compile(r"哪(?:些|几)?(?:个)?(?:园区|园|区|地方|城市|省|份)|which (?:park|district|city)", re.IGNORECASE)
_TELLING = 5  # characters from which a follow-up says what it asks for; “世博呢” asks for what was asked before
_FEW = 6  # policies that “each” may mean: a library of hundreds has no “each”


class QuestionReader:
    """Turn a question and the turns before it into a query."""

    def __init__(
        self,
        follow_up: FollowUp,
        places: PlaceIndex,
        speller: Speller,
        details: NgramClassifier,
        header: NgramClassifier,
    ) -> None:
        self._follow_up = follow_up
        self._places = places
        self._speller = speller
        self._details = details
        self._header = header

    def read(self, question: str, turns: Sequence[Turn] = ()) -> Query:
        """Return the query of a question as typed; `turns` oldest first."""
        text = self._speller.spelt(self._places.spelt(normalise(question)))
        standalone = self._follow_up.resolve(text, turns)
        searched = f"{standalone.text} {translate(standalone.text)}".strip()
        named = self._places.named(standalone.text)
        whole = text if len(bare(text)) >= _TELLING else standalone.text
        details = self._details.probabilities(translate(whole) or whole)
        beside = self._beside(text, named.policies)
        return Query(
            original=question,
            text=searched,
            carried=standalone.carried,
            previous=standalone.clause_ids,
            named=tuple(sorted(named.policies.items())),
            foreign=named.foreign,
            details=tuple(details.items()),
            asks_header=max(self._asks_header(text), self._asks_header(self._places.topic(text))),
            focus=translate(text) or text,
            compares=bool(beside) or (len(named.policies) != 1 and bool(_WHICH.search(text))),
            policies_asked=beside,
        )

    def _asks_header(self, text: str) -> float:
        """Return the probability that a fact of a document's header is asked for; names of places only distract."""
        return self._header.probabilities(text)[HEADER]

    def _beside(self, text: str, named: Mapping[str, float]) -> tuple[str, ...]:
        """Return the policies that a question sets side by side, none where it does not.

        A region that several policies share (浦东) adds the one that it names most surely.
        """
        sure = [policy_id for policy_id, weight in named.items() if weight >= SURELY_NAMED]
        shared = {policy_id: weight for policy_id, weight in named.items() if weight < SURELY_NAMED}
        if sure and shared and _BESIDE.search(text) or len(sure) > 1 and shared:
            sure.append(max(shared, key=shared.__getitem__))
        if len(sure) > 1:
            return tuple(sure)
        everyone = self._places.policies
        return everyone if not named and len(everyone) <= _FEW and _EACH.search(text) else ()
