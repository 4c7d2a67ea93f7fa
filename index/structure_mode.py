"""Tell what the units of a document are: articles, questions, the levels of an outline."""

from enum import Enum

from index.headings import Family, is_answer, parse_question
from index.structure_segments import Plan, Segment


class Mode(Enum):
    """What the units of a segment are."""

    ARTICLE = "article"  # 第X条 stands alone, with all items in it
    QUESTION = "question"  # a question with its answer stands alone
    OUTLINE = "outline"  # every numbered level is a node; no numbers at all: paragraphs


def mode_of(plan: Plan, segment: Segment) -> Mode:
    """Say what the units of a segment are, by the presence of articles or questions, not by their share."""
    lines = [i for i in range(segment.start, segment.stop) if i not in plan.contents]
    questions = sum(parse_question(plan.sheet.lines[i].body) is not None for i in lines)
    if questions > 1 or questions and any(is_answer(plan.sheet.lines[i].body) for i in lines):
        return Mode.QUESTION
    numbered = [(i, plan.markers[i]) for i in lines if plan.markers[i]]
    articles = [m for i, m in numbered if m.family is Family.ARTICLE and not m.reference and not plan.sheet.goes_on(i)]
    if any(m.number == 1 for m in articles):
        return Mode.ARTICLE
    outlined = any(m.family is Family.HAN and m.number == 1 for _, m in numbered)
    return Mode.OUTLINE if outlined or sum(m.clear for m in articles) < 2 else Mode.ARTICLE
