"""Read a question: what it takes from the turns before, what it names, and what it asks for."""

import re
from collections.abc import Sequence

from rag.contrast import contrast
from rag.english import translate
from rag.followup import FollowUp, bare
from rag.matter import matter
from rag.ngrams import NgramClassifier
from rag.places import Named, PlaceIndex
from rag.route import Route
from rag.spelling import Speller
from rag.splitter import parts, questions, says
from rag.text import normalise
from rag.types import Aspect, Query, Turn

HEADER, BODY = "header", "body"  # labels: asks for 文号, date, issuer, validity of a document, or for its content
STATED, UNSTATED = "stated", "unstated"  # labels: asks for what documents state, or for what they mostly leave open
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
# Words of comparing, which no clause is about.
_COMPARING = re.compile(_BESIDE.pattern + r"|各(?=[是几多有怎自家给要做定算拿]|$)|[谁哪]|分园|横着|两边|这?(?:两|几|三|四|五)(?:份|个园|个|家)", re.IGNORECASE)
# Words that ask which policy or place has something.
_WHICH = re.compile(r"哪(?:些|几)?(?:个)?(?:园区|园|区|地方|城市|省|份)|which (?:park|district|city)", re.IGNORECASE)
# Words that ask for everything there is.
_ALL = re.compile(r"都列|列(?:一下|出|全|个|举)|全部|所有|越全|汇总|盘点|梳理|都有(?:哪|什么|啥)|list all|everything", re.IGNORECASE)
# Characters from which a follow-up says what it asks for: “世博呢” asks for what was asked before, “上限呢” only for a detail.
_TELLING = 5
_FEW = 6  # policies that “each” may mean: a library of hundreds has no “each”


# Words that ask something of each thing before them: “钱、办公桌、住处，各有什么好处”, “这三样分别怎么办”.
_OF_EACH = re.compile("各自|分别|各(?![地类级种项方界位区市县省国个])|[这那][两三四五几][样种件块条个项类]|一样一样|一样样|逐一|逐个|一一")


class QuestionReader:
    """Turn a question and the turns before it into a query."""

    def __init__(
        self,
        follow_up: FollowUp,
        places: PlaceIndex,
        speller: Speller,
        details: NgramClassifier,
        header: NgramClassifier,
        unstated: NgramClassifier,
        route: NgramClassifier,
    ) -> None:
        self._follow_up = follow_up
        self._places = places
        self._speller = speller
        self._details = details
        self._header = header
        self._unstated = unstated
        self._route = route

    def read(self, question: str, turns: Sequence[Turn] = ()) -> Query:
        """Return the query of a question as typed; `turns` oldest first."""
        text = self._speller.spelt(self._places.spelt(normalise(question)))
        standalone = self._follow_up.resolve(text, turns)
        searched = f"{standalone.text} {translate(standalone.text)}".strip()
        named = self._places.named(standalone.text)
        whole = text if len(bare(text)) >= _TELLING or not matter(bare(text)) else standalone.text
        details = self._details.probabilities(translate(whole) or whole)
        sides = self._sides(text, named)
        situations = () if sides else contrast(text, self._places.edges)
        aspects = self._aspects(text, standalone.text, sides) if sides else tuple(map(Aspect, situations)) or self._parts(text)
        return Query(
            original=question,
            text=searched,
            carried=standalone.carried,
            previous=standalone.clause_ids,
            named=tuple(sorted(named.policies.items())),
            foreign=named.foreign,
            abroad=named.abroad,
            chat=self._route.probabilities(text).get(Route.CHITCHAT, 0.0),
            details=tuple(details.items()),
            asks_header=max(map(self._asks_header, (text, self._places.topic(text), *(self._frame(text) if sides else ())))),
            unstated=self._unstated.probabilities(text)[UNSTATED],
            focus=translate(text) or text,
            compares=bool(sides) or (len(named.policies) != 1 and bool(_WHICH.search(text))),
            contrasts=bool(situations),
            aspects=aspects,
            asks_all=_ALL.search(text) is not None,
            asks_each=_OF_EACH.search(text) is not None,
        )

    def leans(self, question: str) -> bool:
        """Tell whether a question leans on what was said before it."""
        return self._follow_up.leans(normalise(question))

    def standalone(self, question: str, turns: Sequence[Turn]) -> str:
        """Return a question as typed with what it takes from the turns before, normalised."""
        return self._follow_up.resolve(normalise(question), turns).text

    def _asks_header(self, text: str) -> float:
        """Return the probability that a fact of a document's header is asked for; names of places only distract."""
        return self._header.probabilities(text)[HEADER]

    def _sides(self, text: str, named: Named) -> tuple[tuple[str, ...], ...]:
        """Return the policies that a question sets side by side, a tuple a side; empty where it does not.

        A name that several policies share (浦东) makes a side of those that no other name stands for.
        """
        groups = sorted(named.groups, key=len)
        sides = [group for group in groups if not any(set(other) < set(group) for other in groups)]
        if len(sides) > 1 or (sides and _BESIDE.search(text)):
            taken = {policy for group in sides for policy in group}
            sides += [rest for group in groups if (rest := tuple(p for p in group if p not in taken)) and group not in sides]
        if len(sides) > 1:
            return tuple(sides)
        everyone = self._places.policies
        each = not named.policies and len(everyone) <= _FEW and _EACH.search(text)
        return tuple((policy,) for policy in everyone) if each else ()

    def _aspects(self, text: str, standalone: str, sides: tuple[tuple[str, ...], ...]) -> tuple[Aspect, ...]:
        """Return what is asked of each side: what the parts that name it say, with the parts that name none.

        Where all sides are only named, the other parts are asked of each; where only some are (A、B和C的补贴), the whole
        question is, without names.
        """
        found = [(part, {p for group in self._places.named(part).groups for p in group}) for part in self._cut(text)]
        frame = list(self._frame(text))
        own = [[self._places.unnamed(part) for part, owners in found if owners.intersection(side)] for side in sides]
        telling = [any(says(self._places.untitled(part, side)) for part in parts) for parts, side in zip(own, sides, strict=True)]
        if not all(telling):
            own = [[] for _ in sides]
            frame = frame if frame and not any(telling) else [self._places.unnamed(standalone)]
        asked = [_COMPARING.sub(" ", " ".join((*several, *frame))) for several in own]
        return tuple(Aspect(words, side) for words, side in zip(asked, sides, strict=True))

    def _frame(self, text: str) -> tuple[str, ...]:
        """Return the parts of a question that name no policy."""
        return tuple(part for part in self._cut(text) if not self._places.named(part).policies)

    def _parts(self, text: str) -> tuple[Aspect, ...]:
        """Return the parts that each ask for something; of a question for everything there is, every part does."""
        found = self._cut(text)
        return tuple(map(Aspect, found if _ALL.search(text) and len(found) > 1 else questions(found)))

    def _cut(self, text: str) -> tuple[str, ...]:
        return parts(text, self._places.edges)
