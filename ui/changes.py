"""Set two versions of a policy side by side, clause by clause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from index.types import Clause, ClauseKind
from ui.highlight import UNSHOWN

# Share of pairs of characters that two clauses must have in common to be versions of one another: clauses that were
# reworded keep 0.4 to 0.9 of them, clauses on other matters under the same formula (给予…补贴) share up to 0.25.
ALIKE = 0.35
SAME_PLACE = 0.2  # the same for clauses of one number
_SHORT = 3  # unchanged characters between two changes below which they count as changed: else words fall to confetti
_SIGNS = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+|.", re.DOTALL)  # what is the same or not as a whole: figures, Latin words

Part = tuple[str, bool]  # some text, and whether it is not in the other version


class Change(StrEnum):
    """What became of a clause."""

    SAME = "未变"
    CHANGED = "修改"
    ADDED = "新增"
    REMOVED = "删去"


@dataclass(frozen=True, slots=True)
class Row:
    """A clause in both versions; None where it is not in one."""

    change: Change
    old: Clause | None
    new: Clause | None
    old_parts: tuple[Part, ...] = ()
    new_parts: tuple[Part, ...] = ()


def compare(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[Row, ...]:
    """Return the clauses of two versions in the order of the new one, removed ones after the clause they followed."""
    old, new = _compared(old), _compared(new)
    pairs = _pairs(old, new)
    partner = {b: a for a, b in pairs.items()}
    rows = []
    placed = 0  # old clauses up to here have their row
    for b, clause in enumerate(new):
        a = partner.get(b)
        if a is not None and a >= placed:
            rows += [_removed(old[i]) for i in range(placed, a) if i not in pairs]
            placed = a + 1
        rows.append(_row(old[a], clause) if a is not None else Row(Change.ADDED, None, clause, (), ((clause.text, True),)))
    rows += [_removed(old[i]) for i in range(placed, len(old)) if i not in pairs]
    return tuple(rows)


def _compared(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses with text: headers differ in every line, and bare headings go with what stands below them."""
    return [clause for clause in clauses if clause.kind not in (ClauseKind.HEADER, ClauseKind.HEADING)]


def _pairs(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    """Return which clause of the new version each of the old one became: the same words first, then the likest."""
    words_old, words_new = ([_words(clause) for clause in clauses] for clauses in (old, new))
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, words_old, words_new, autojunk=False).get_matching_blocks():
        pairs.update({block.a + i: block.b + i for i in range(block.size)})
    taken = set(pairs.values())
    grams_old, grams_new = ([_grams(words) for words in several] for several in (words_old, words_new))
    likely = [
        (_likeness(grams_old[a], grams_new[b]), old[a].path == new[b].path, a, b)
        for a in range(len(old)) if a not in pairs
        for b in range(len(new)) if b not in taken
    ]  # fmt: skip
    for share, same_place, a, b in sorted(likely, key=lambda item: (-item[0] - 0.1 * item[1], item[2:])):
        if share >= (SAME_PLACE if same_place else ALIKE) and a not in pairs and b not in taken:
            pairs[a] = b
            taken.add(b)
    return pairs


def _words(clause: Clause) -> str:
    """Return a clause's text without its number and white space, as clauses are matched."""
    return re.sub(r"^第[^条]{1,8}条(?:之[一二三四五六七八九十]+)?|^[（(]?[一二三四五六七八九十\d]+[）)、.．]", "", UNSHOWN.sub("", clause.text))


def _grams(words: str) -> frozenset[str]:
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def _removed(clause: Clause) -> Row:
    return Row(Change.REMOVED, clause, None, ((clause.text, True),), ())


def _row(old: Clause, new: Clause) -> Row:
    if _words(old) == _words(new):
        return Row(Change.SAME, old, new, ((old.text, False),), ((new.text, False),))
    before, after = _SIGNS.findall(old.text), _SIGNS.findall(new.text)
    gone: list[Part] = []
    come: list[Part] = []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, a, b, c, d) in enumerate(steps):
        between = 0 < number < len(steps) - 1 and b - a < _SHORT
        changed = tag != "equal" or between
        _append(gone, "".join(before[a:b]), changed)
        _append(come, "".join(after[c:d]), changed)
    return Row(Change.CHANGED, old, new, tuple(gone), tuple(come))


def _append(parts: list[Part], text: str, changed: bool) -> None:
    """Add text to the last part where that is of its kind, else as a part of its own."""
    if parts and parts[-1][1] == changed:
        parts[-1] = (parts[-1][0] + text, changed)
    elif text:
        parts.append((text, changed))
