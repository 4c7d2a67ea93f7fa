"""Whether the figures of a draft are the clause's: number, unit, bound, and the thing that is counted or limited."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.figures import DATE, Bound, Figure, figures
from rag.grounds import Ground, figures_of
from rag.support import SupportFinder
from rag.verifier_surface import Problem

# Share of the words around a figure that the clause must have around it too; what another figure of the same unit may
# have more; and what words elsewhere in the sentence count for.
_ENOUGH, _RIVAL, _ELSEWHERE = 0.3, 0.15, 0.6
_BESIDE = 0.3  # what all words of the unit count for beside those near its figure
# How much less a figure may be surrounded like the draft's and still lend it its bound.
_BOUND = 0.3
_STOPS = ",，;；。:：、!?！？"
# Bounds that a date may have in a draft where the clause has the one named first.
_DATES_ALIKE = {(Bound.UNTIL, Bound.NONE), (Bound.FROM, Bound.NONE)}
HEADER = re.compile(r"印发|发布|成文|公布|施行|实施|有效|到期|失效|文号|日期|生效|截止")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure with the words around it."""

    figure: Figure
    near: str  # between the figures beside it, in its part of the sentence
    wide: str  # the sentence, with all that may be read with it
    text: str  # the sentence


def placed(text: str, wide: str) -> list[Placed]:
    """Return the figures of a folded sentence, each with its surroundings."""
    found = figures(text)
    spans = sorted({(f.start, f.end) for f in found})
    return [Placed(figure, _near(text, figure, spans), wide, text) for figure in found]


def _near(text: str, figure: Figure, spans: Sequence[tuple[int, int]]) -> str:
    """Return the words of the figure's part; where it has none, those before it up to a part that has some."""
    others = [span for span in spans if span != (figure.start, figure.end)]
    stop = min((i for i in range(figure.end, len(text)) if text[i] in _STOPS), default=len(text))
    right = min([stop, *(start for start, _ in others if start >= figure.end)])
    left = max((end for _, end in others if end <= figure.start), default=0)
    starts = [i + 1 for i in range(left, figure.start) if text[i] in _STOPS]
    for start in [*reversed(starts), left]:
        words = re.sub(r"[^一-鿿a-z]", "", text[start : figure.start])
        if len(words) + len(text[figure.end : right]) >= 4:
            return text[start : figure.start] + "#" + text[figure.end : right]
    start = max((end for _, end in others if end <= left and end != left), default=0)
    return text[start : figure.start] + "#" + text[figure.end : right]


class FigureCheck:
    """Compare the figures of a draft with those of the cited clauses."""

    def __init__(self, finder: SupportFinder) -> None:
        self._finder = finder

    def __call__(self, unit: str, sources: Sequence[Ground], own: Ground, header: str) -> Iterator[Problem]:
        """Yield what is wrong with the figures of a folded unit.

        :param own: the sentence on which the unit rests: a day must be its day, where it has one.
        """
        here = figures_of(own)
        offered = [p for ground in sources for p in placed(ground.whole, ground.everything)]
        if HEADER.search(unit):
            offered += placed(header, header)
        labelled = placed(own.whole, own.everything)
        drafted = placed(unit, unit)
        for draft in drafted:
            if draft.figure.article or _yearly(draft.figure, own):
                continue
            problems = list(self._one(draft, offered, own.whole))
            yield from problems
            alone = sum(other.figure.unit == draft.figure.unit for other in drafted) == 1
            threshold = draft.figure.bound is Bound.LEAST or draft.figure.unit == "个月"  # told apart by their numbers
            if not problems and not threshold and self._mislabelled(draft, labelled, unit if alone else draft.near):
                problems = [("figure_of_other", f"条款里的“{draft.figure.written}”说的不是这件事")]
                yield from problems
            undated = draft.figure.unit == DATE and not any(figure.unit == DATE for figure in here)
            if not problems and not undated and not any(draft.figure.equals(figure) for figure in here):
                yield "figure_of_other", f"条款里的“{draft.figure.written}”说的不是这件事"

    def _one(self, draft: Placed, offered: Sequence[Placed], own: str) -> Iterator[Problem]:
        written = draft.figure.written
        same = [p for p in offered if draft.figure.equals(p.figure)]
        if not same:
            yield "figure_not_in_clause", f"引用的条款里没有“{written}”"
            return
        scores = {id(p): self._score(draft, p) for p in offered if p.figure.unit == draft.figure.unit}
        rivals = [scores[id(p)] for p in offered if p.text == own and id(p) in scores]
        best = max(scores[id(p)] for p in same)
        named = self._finder.content(draft.near)
        if draft.figure.unit != DATE and named and (best < _ENOUGH or best < max(rivals, default=0.0) - _RIVAL):
            yield "figure_of_other", f"条款里的“{written}”说的不是这件事"
            return
        near = [p for p in same if p.text == own] or [p for p in same if scores[id(p)] >= best - _BOUND]
        if not any(_bounds_agree(draft.figure, p.figure) for p in near):
            said, real = draft.figure.bound.value or "没有界限", near[0].figure.bound.value or "没有界限"
            yield "bound_changed", f"“{written}”的界限与条款不同：草稿是“{said}”，条款是“{real}”"

    def _mislabelled(self, draft: Placed, sources: Sequence[Placed], said: str) -> bool:
        """Tell whether a draft names what stands beside another figure of the sentence and not what stands beside its own."""
        rivals = [p for p in sources if p.figure.unit == draft.figure.unit]
        near = [{w.text for w in self._finder.content(p.near)} for p in rivals]
        own = [words for p, words in zip(rivals, near, strict=True) if draft.figure.equals(p.figure)]
        if not own or len(own) == len(rivals):
            return False
        others = set().union(*(words for words in near if words not in own))
        mine = set().union(*own)
        return any(w in said for w in others - mine) and bool(mine - others) and not any(w in said for w in mine - others)

    def _score(self, draft: Placed, source: Placed) -> float:
        near = self._met(draft.near, source)
        return near + _BESIDE * self._met(draft.wide, source)

    def _met(self, drafted: str, source: Placed) -> float:
        """Return the share of words met near the source's figure; those met elsewhere in its sentence count for less."""
        words, met = self._finder.content(drafted), self._finder.reader.met
        weight = sum(word.weight for word in words)
        found = sum(max(met(w.text, source.near), _ELSEWHERE * met(w.text, source.wide)) * w.weight for w in words)
        return found / weight if weight else 1.0


def _yearly(figure: Figure, own: Ground) -> bool:
    """Tell whether a draft says 一年 for 年度 or 每年."""
    return figure.written in ("一年", "1年") and re.search(r"年度|每年|当年", own.everything) is not None


def _bounds_agree(draft: Figure, source: Figure) -> bool:
    if draft.bound is source.bound:
        return True
    if draft.unit == DATE:
        return (source.bound, draft.bound) in _DATES_ALIKE
    return False
