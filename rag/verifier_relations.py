"""Whether a draft joins what the clause joins: who does what, and or or, whose name stands there."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.types import Clause
from rag.grounds import Ground, segments
from rag.support import Support, SupportFinder
from rag.verifier_surface import Problem
from rag.wording import Word

_NAMED = re.compile(r"“([^”]{2,})”|\"([^\"]{2,})\"|「([^」]{2,})」|『([^』]{2,})』|《([^》]+)》")
_NUMBERED = re.compile(r"[一-鿿]{1,6}[〔\[(【]\d{4}[〕\])】]第?\d+号")
_PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}-?)?\d{7,8}(?!\d|[万亿元])|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)12\d{3}(?!\d|[万亿元家人个])")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_LEVEL = re.compile(r"^(?:县|市|省|区|级|以上|各|地方|当地|本级|人民|同级)*政府$")  # of no one place
_ARTICLE = re.compile(r"第([〇零一二两三四五六七八九十百千\d]+)(条|款|项|章|节|部分|点)")
_ORGANISATION = re.compile(
    r"[一-鿿]*?(?:管理局|管委会|委员会|办公室|领导小组|部门|人民政府|政府|国务院|机关|银行|服务中心|集团|协会|联盟|法院|检察院|街道办事处|税务局|财政局|理事会|[一-鿿](?<![布格结全大开当时定])局|[一-鿿]委(?![托派员以任])|(?:府|金融|网信|侨|台|区|市|县|省|国|研究室|外)办(?![理公法事学好])|[一-鿿]厅(?!堂))"
)
_BREAK = re.compile(r".*(?:由|向|到|在|对|和|与|、|及|为|是|被|受|经|报|从|给|将|把|归|属|或|者|以(?![上下内外])|的|于|等|据|请|各|本|该|请|凭|会同)")
_AND = re.compile(r"^(?:和|与|及|以及|并|且|并且|同时|、)$")
_EITHER, _BOTH = re.compile(r"之一|任一|任何一[项个种]|其中一[项个种]|或者?"), re.compile(r"同时|均|全部|都|且|各项")

_PASSIVE = re.compile(r"[由被为向]")
_BODIES = re.compile(r"(?:企业|机构|单位|银行|公司|部门|政府|人才|人员|职工|申请人|个人|中心|协会|机关|经营者|消费者)$")
_MET = 0.5  # how far a word is said from which it counts as said
_MOST = 0.8  # share of the best part's score from which a part says what is done, too


class RelationCheck:
    """Compare who does what, and what is joined how."""

    def __init__(self, finder: SupportFinder) -> None:
        self._finder = finder

    def __call__(self, unit: str, support: Support) -> Iterator[Problem]:
        """Yield what a folded unit joins otherwise than its sentence of the clause."""
        yield from self._actors(unit, support.ground)
        yield from self._joined(unit, support.ground.whole)
        yield from self._roles(unit, support.ground)
        yield from self._turned(unit, segments(support.ground.text))
        for match in _PHONE.finditer(unit):
            if match.group() not in support.ground.whole:
                yield "figure_of_other", f"条款里的“{match.group()}”说的不是这件事"

    def _actors(self, unit: str, ground: Ground) -> Iterator[Problem]:
        parts = segments(_short(ground.whole))
        everything = _short(ground.everything)
        for drafted in segments(_short(unit)):
            for name in organisations(drafted):
                if tail(name) not in everything and not (_LEVEL.match(name) and "政府" in everything):
                    yield "actor_not_in_clause", f"引用的条款里没有“{name}”"
                    return
            actor = acting(drafted)
            doing = [w for w in self._finder.content(drafted) if w.text not in actor and len(w.text) > 1]
            if actor and doing and not self._does(tail(actor), doing, parts):
                yield "actor_changed", f"条款没有说这件事由“{actor}”做"
                return

    def _does(self, name: str, doing: Sequence[Word], parts: Sequence[str]) -> bool:
        """Tell whether the body that acts in the part that says what is done is the same; parts take it over."""
        scores = [sum(w.weight * self._finder.reader.met(w.text, part) for w in doing) for part in parts]
        for place, score in enumerate(scores):
            if score < _MOST * max(scores):
                continue
            before = [acting(part) for part in parts[: place + 1]]
            found = next((actor for actor in reversed(before) if actor), "")
            if not found or name in found or name in parts[place]:
                return True
        return False

    def _joined(self, unit: str, source: str) -> Iterator[Problem]:
        for match in re.finditer(r"(?<![一-鿿]设)(?:或者?|和|与|以及|及|且|并且)(?!时|其)", unit):
            left, right = self._beside(unit, match.start(), match.end())
            if not left or not right:
                continue
            for other in re.finditer(rf"{re.escape(left)}[^,。;、]{{0,4}}?(或者?|和|与|以及|及|且|并且)[^,。;、]{{0,6}}?{re.escape(right)}", source):
                if other.group(1).startswith("或") is not match.group().startswith("或"):
                    yield "connector_changed", f"条款写的是“{other.group()}”，草稿写的是“{match.group()}”"
                    return
        if re.search(r"之一|任一", source) and re.search(r"同时(?:符合|满足|具备|拥有)|均(?:须|应|需|符合)|全部(?:符合|满足)", unit):
            yield "connector_changed", "条款说符合其中之一即可，草稿要求全部符合"
        if re.search(r"同时(?:符合|满足|具备)", source) and re.search(r"之一|任一|任何一[项个种]|其中一", unit):
            yield "connector_changed", "条款要求同时符合，草稿说符合其中之一"
        if re.search(r"同时(?:拥有|具备|具有|满足|符合)", unit) and "或" in source and not re.search(r"同时|且|并", source):
            yield "connector_changed", "条款没有要求同时具备"

    def _roles(self, unit: str, ground: Ground) -> Iterator[Problem]:
        """Yield what stands behind 从, 向 or 由 where the clause has something else behind it."""
        for match in re.finditer(r"[从向由](?=[一-鿿])", unit):
            words = [w.text for w in self._finder.content(segments(unit[match.end() :])[0])]
            word = next((w for w in words if w not in ground.around), "")
            behind = re.findall(rf"(?<![一-鿿]方){match.group()}([^,。;]{{2,14}})", ground.whole)
            if word and behind and not any(self._finder.reader.met(word, b) >= _MET for b in behind):
                yield "role_changed", f"条款没有说“{match.group()}{word}”"
                return

    def _turned(self, unit: str, parts: Sequence[str]) -> Iterator[Problem]:
        """Yield two bodies that have changed places round the same verb."""
        for drafted in segments(unit):
            words = [] if _PASSIVE.search(drafted) else self._finder.content(drafted)
            bodies = [w for w in words if _BODIES.search(w.text)]
            for first, second in pairwise(bodies):
                verbs = [w.text for w in words if first.end <= w.start < second.start and w not in bodies]
                for part in parts:
                    turned = re.search(rf"{re.escape(second.text)}[^,。;]*?{re.escape(first.text)}", part)
                    straight = re.search(rf"{re.escape(first.text)}[^,。;]*?{re.escape(second.text)}", part)
                    if turned and not straight and any(verb in turned.group() for verb in verbs):
                        yield "role_changed", f"条款里“{first.text}”和“{second.text}”的位置与草稿相反"
                        return

    def _beside(self, text: str, start: int, end: int) -> tuple[str, str]:
        words = self._finder.reader.words(text)
        left = [w.text for w in words if w.end <= start]
        right = [w.text for w in words if w.start >= end]
        return (left[-1] if left else "", right[0] if right else "")


def _short(text: str) -> str:
    return text.replace("人民政府", "政府")


def acting(part: str) -> str:
    """Return the body that acts in a folded part: behind 由, else at its beginning; "" where none does."""
    for name in organisations(part):
        if f"由{name}" in part:
            return name
    return next((name for name in organisations(part) if part.startswith(name)), "")


def tail(name: str) -> str:
    """Return the end of a body's name, by which it is the same with or without its place in front."""
    return name[-3:] if name[-1] in "局委办厅府" else name[-4:]


def organisations(text: str) -> list[str]:
    """Return the public bodies that a folded part names, without the words before their names.

    Example: "由世博管理局统筹负责" -> ["世博管理局"]
    """
    found = []
    for match in _ORGANISATION.finditer(text):
        name = _BREAK.sub("", match.group(), count=1)
        if len(name) > 1:
            found.append(name)
    return found


def names(text: str, source: str, clauses: Sequence[Clause]) -> Iterator[Problem]:
    """Yield the names, 文号 and article numbers of a folded text that the clauses do not have.

    :param source: folded text of the clauses with their headings and their policies' facts, without quotation marks.
    """
    for match in _NAMED.finditer(text):
        name = plain(next(filter(None, match.groups())))
        if name not in source:
            yield "name_not_in_clause", f"引用的条款里没有“{name}”"
    for match in _NUMBERED.finditer(text):
        number = re.sub(r"^.*?(?=[一-鿿]{2,6}[〔\[(【])", "", match.group())
        if not any(number.endswith(clause.policy_id) or clause.policy_id.endswith(number) for clause in clauses) and number not in source:
            yield "name_not_in_clause", f"引用的条款里没有文号“{number}”"
    for match in (*_PHONE.finditer(text), *_CLOCK.finditer(text)):
        if match.group() not in source:
            yield "figure_not_in_clause", f"引用的条款里没有“{match.group()}”"
    for match in _ARTICLE.finditer(text):
        own = "/".join("/".join(clause.path) for clause in clauses)
        if match.group() not in source and match.group(1) not in re.findall(r"[〇零一二两三四五六七八九十百千\d]+", own):
            yield "name_not_in_clause", f"引用的条款不是“{match.group()}”"


def plain(text: str) -> str:
    """Return a text without quotation marks and title marks."""
    return re.sub(r"[“”\"‘’'《》「」『』]", "", text)
