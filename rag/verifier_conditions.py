"""The conditions and exceptions of a clause's sentence that a draft leaves out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from rag.figures import figures
from rag.grounds import Ground, segments
from rag.support import FRAME, SupportFinder
from rag.wording import Word

_DONE_BY = "认定|备案|批准|审核|审查|评审|评估|审批|同意|核准|公示|验收|鉴定|许可|登记|评定|核实|检验|考核|推荐|委托|授权|书面"
# Pattern of a condition, and what keeps it in a draft (None: its words).
_CONDITIONS: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        re.compile(r"(?:符合|满足|达到|具备)[^,。;、\s]{0,8}(?:条件|要求|标准|资格|规定)的?[^,。;、的给按]{0,8}"),
        re.compile(r"(?:符合|满足|达到|具备|够|合乎|有)[^,。;]{0,10}(?:条件|要求|标准|资格|规定)|条件"),
    ),
    (
        re.compile(r"(?:按照|按|根据|依据|依照|参照)(?:国家|本市|本省|市、?区|有关|相关|法律|法规|行政|、|和|及|的)*规定"),
        re.compile(r"规定|依法|依规|法律|法规|符合条件"),
    ),
    (re.compile(rf"经[^,。;、]{{0,16}}?(?P<key>{_DONE_BY})[^,。;、]{{0,4}}"), None),
    (re.compile(r"(?<!不)在[^,。;不]{2,24}?(?:(?:前提|情况|条件|基础|范围|期限|区域|期)(?:之?下|之?上|之?内)|期间)"), None),
    (re.compile(r"(?:试点|试行|过渡|有效|建设|运营|服务|任职|在职|考核|孵化|承诺|疫情)期(?:间|内|限内)?"), None),
    (re.compile(r"原则上"), re.compile(r"原则上|一般|通常")),
    (re.compile(r"(?<!不)必要时|确需|确有必要|确有困难|有条件的|特殊情况"), None),
    (re.compile(r"因[^,。;]{2,16}(?:需要|原因|困难)的?"), None),
    (re.compile(r"(?:按照?|根据)(?!照)[^,。;、规定]{0,10}(?:级别|等级|比例|标准|程度|差额|档次|类别)(?=给予|予以|提供|发放|奖励|资助|补助|兑付)"), None),
)
_EXCEPTIONS = (
    re.compile(r"但是?[^。;]{2,}"),
    re.compile(r"除[^,。;]{2,30}(?:以外|之外|外)"),
    re.compile(r"[^,。;]{2,30}除外"),
    re.compile(r"[^,。;]{0,16}另有(?:约定|规定)的?[^,。;]{0,12}"),
    re.compile(r"不(?:含|包括)[^,。;)]{2,}"),
)
_EXCEPTED = re.compile(r"除外|除非|例外|另有|之外|以外|但|不过|不含|不包括|除了")
# A part that ends so says to whom or when what follows applies.
_IF = re.compile(r"(?:的|时|后|前|之日起|以上的|以下的|期间|之一|(?:前提|情况|条件|基础)之?下)$")
_IF_HEAD = re.compile(r"^(?:如果?|若|凡|因|经|自|当|未|逾期|超过|除)")
# A part that only names what the next one speaks of: “为实施改造项目而新增的银行贷款，按……”.
_TOPIC, _PREDICATE = re.compile(r"^.{4,}的[^的]{1,8}$"), re.compile(r"^(?:按|给予|可|应|由|每|一次性|奖励|最高|予以|享受|不)")
# Words of giving: in the clause, and in a draft that says so of it.
_GIVES = re.compile(r"给予|予以|提供|发放|奖励|奖补|补贴|资助|补助|享受|领取|兑付|拨付|减免|贴息|支付|免收|免征|优惠")
_GIVEN = re.compile(r"给予|予以|提供|发放|奖励|奖补|补贴|资助|补助|享受|享有|领取|兑付|拨付|减免|贴息|支付|免|优惠|获得|得到|拿到")
# Share of a part's words that a draft must use to say what the part says; less where both say that something is given,
# since of what is given a draft may name one thing only.
_USED, _USED_GIVING = 0.5, 0.25
_ALL_OF_IT = 0.8  # share of the unit's words that are of the part, from which it speaks of nothing else
_LIGHT = frozenset("领域 方面 行业 相关 有关 各类 类 本 等 该 我市 本市 全市 本区 我区 本省 全省".split())  # words that limit nothing
# Share of a condition's words that a draft must keep, and of those of a group to whom something is given.
_KEPT, _KEPT_LONG, _KEPT_GROUP, _KEPT_FIGURE = 0.6, 0.5, 0.7, 0.3
_LONG = 16  # characters of a condition from which it repeats the subject, too
_HEADS = r"企业|机构|人才|项目|单位|个人|组织|高校|院所|主体|载体|园区|孵化器|加速器|平台|基金|公司|人员|家庭|团队|毕业生|研究生|学校|协会|中心|银行|工厂|车间|场所|商户|工商户|职工|劳动者|居民|产品|群体|对象"
_GROUP = re.compile(
    rf"(?:对于?|为|向|鼓励|支持|引导|吸引|扶持|给予|培育|引进)(?P<group>[^,。;]{{0,40}}?(?:{_HEADS})(?:以及[^,。;]{{0,40}}?(?:{_HEADS}))?)(?![、和及与或的]|以及|[一-鿿]{{0,4}}(?:{_HEADS}))"
)
# What something is said of, with what limits it: “犬龄满三个月但未接种的犬只”禁止销售.
_WHICH = re.compile(r"^[^,。;]{4,40}的[^,。;的]{1,6}(?=禁止|不得|应当|可以|必须|免|由|不予)")
_BOTH = re.compile(r"(?P<one>[一-鿿]{2,8})[和与及](?P<other>[一-鿿]{2,8})均")
_WHO = re.compile(r"企业|单位|机构|人才|人员|公司|研究生|毕业生|家庭|职工|项目|银行|园区|团队|学校")
_SUBJECT = re.compile(rf"^(?P<group>[^,。;、]{{2,30}}?的[^,。;、的]{{0,8}}(?:{_HEADS}))(?=[一-鿿])")
_DENIED = re.compile(r"[未不无][一-鿿]$")  # 未作, 不予: whether it is denied is checked elsewhere
_BUT = re.compile(r"^但")
_REFERENCE = re.compile(r"(?:本(?:细则|办法|条例|方案|规定|法|标准|条|款)|前款|前条|上述|该)(?:第[一-鿿]{1,4}[条款项])*(?:规定)?的?|第[一-鿿]{1,4}[条款项]规定的")


class ConditionFinder:
    """Find the conditions that a draft leaves out."""

    def __init__(self, finder: SupportFinder) -> None:
        self._finder = finder

    def dropped(self, unit: str, ground: Ground, said: str = "") -> Iterator[str]:
        """Yield the phrases of a ground that limit what a folded unit says and that it leaves out, folded.

        :param said: the whole drafted sentence, where it has more units: a condition may stand in another one.
        """
        whole = said or unit
        parts = segments(ground.text)
        used = [part for part in parts if len(parts) == 1 or self._uses(unit, part)]
        for part in used:
            if not _IF.search(part):
                yield from self._phrases(whole, part)
            yield from self._groups(whole, part, ground.around)
            yield from self._pairs(whole, part)
            if (match := _WHICH.match(part)) and self._lacks_half(match.group(), whole):
                yield match.group()
        yield from self._bare(unit, whole, ground)
        if ground.lead and _IF.search(ground.text.rstrip(";。")) and self._lacks_half(ground.text, whole):
            yield ground.text.rstrip(";。")
        if used:
            yield from self._clauses(whole, parts, used)
            yield from self._exceptions(whole, ground.text, used)

    def _bare(self, unit: str, said: str, ground: Ground) -> Iterator[str]:
        """Yield who the clause speaks of, where it always says which and a draft says only 企业 or 人员."""
        source = self._finder.reader.words(ground.whole)
        for head in {w.text for w in self._finder.content(unit) if _WHO.fullmatch(w.text)}:
            which = [_which(source, place, head) for place, w in enumerate(source) if w.text.endswith(head)]
            named = [words for words in which if words and not self._known(words, said, ground.around)]
            if which and len(named) == len(which):
                yield named[0] + head

    def _known(self, words: str, said: str, around: str) -> bool:
        verb = words in self._finder.reader.synonyms  # 解决|人才: what is done to them, not which they are
        return verb or words in around or words in _LIGHT or self._finder.reader.met(words, said) >= _KEPT

    def _pairs(self, said: str, part: str) -> Iterator[str]:
        """Yield two things that must both hold, where a draft has one of them."""
        for match in _BOTH.finditer(part):
            if any(self._share(one, said) < _KEPT for one in (match["one"], match["other"])):
                yield match.group()

    def _phrases(self, said: str, part: str) -> Iterator[str]:
        for pattern, kept in _CONDITIONS:
            for match in pattern.finditer(part):
                if kept is None:
                    key = match.groupdict().get("key")
                    if (key and key in said) or self._share(match.group(), said) >= _KEPT:
                        continue
                elif kept.search(said):
                    continue
                yield match.group()

    def _groups(self, said: str, part: str, around: str) -> Iterator[str]:
        """Yield the group to whom something is given, where the draft speaks of a wider one."""
        for match in (*_GROUP.finditer(part), *_SUBJECT.finditer(part)):
            items = [item for item in re.split(r"、|以及|和|及|与|或者?", match["group"]) if len(item) > 2]
            lacking = [item for item in items if self._widened(item, said, around)]
            if items and len(lacking) == len(items):
                yield match["group"]

    def _widened(self, item: str, said: str, around: str) -> bool:
        """Tell whether a draft names the head of a group without what limits it."""
        words = self._finder.content(item)
        if not words or self._finder.reader.met(words[-1].text, said) < _KEPT:
            return True
        limits = [w for w in words[:-1] if w.text not in around and w.text not in _LIGHT]
        weight = sum(w.weight for w in limits)
        met = sum(w.weight * self._finder.reader.met(w.text, said) for w in limits)
        return weight > 0 and met < _KEPT_GROUP * weight

    def _clauses(self, said: str, parts: Sequence[str], used: Sequence[str]) -> Iterator[str]:
        """Yield the parts that say when what follows them applies, up to the next such part or a “but”."""
        for place, part in enumerate(parts[:-1]):
            topic = _TOPIC.search(part) and _PREDICATE.match(parts[place + 1])
            if not (_IF.search(part) or _IF_HEAD.match(part) or topic) or _GROUP.search(part) and not topic:
                continue
            held = takewhile(lambda other: not _BUT.match(other), parts[place + 1 :])
            if not any(other in used for other in held):
                continue
            if self._lacks_half(part, said):
                yield part

    def _lacks_half(self, part: str, said: str) -> bool:
        """Tell whether a draft leaves out one of the conditions that must hold together."""
        return any(self._lacks(half, said) for half in re.split(r"且|并且|同时|但", part) if len(half) > 2)

    def _lacks(self, half: str, said: str) -> bool:
        """Tell whether a draft leaves out a condition; of alternatives one is enough, and figures say most of it."""
        if figures(half):
            return self._figures_left_out(half, said) or self._share(half, said) < _KEPT_FIGURE
        kept = _KEPT_LONG if len(half) > _LONG else _KEPT
        return all(self._share(other, said) < kept for other in re.split(r"或者?", half) if len(other) > 2)

    def _figures_left_out(self, half: str, said: str) -> bool:
        drafted = figures(said)
        return any(not any(figure.equals(f) or f.equals(figure) for f in drafted) for figure in figures(half))

    def _exceptions(self, said: str, source: str, used: Sequence[str]) -> Iterator[str]:
        """Yield the exception behind or in front of what a draft says."""
        for pattern in _EXCEPTIONS:
            match = pattern.search(source)
            before = source[: match.start()] if match else ""
            if match and not before:  # in front: it governs what follows at once
                before = "".join(segments(source)[:2])
            governs = match and any(part in before for part in used) and not any(p in match.group() for p in used)
            if governs and not _EXCEPTED.search(said) and self._share(match.group(), said) < _KEPT:
                yield match.group()
                return

    def _share(self, phrase: str, said: str) -> float:
        """Return the share of a phrase's words that are said."""
        words = [w for w in self._finder.content(_REFERENCE.sub("", phrase)) if not _DENIED.match(w.text)]
        weight = sum(w.weight for w in words)
        return sum(w.weight * self._finder.reader.met(w.text, said) for w in words) / weight if weight else 1.0

    def _uses(self, unit: str, part: str) -> bool:
        """Tell whether a unit says what a part of a sentence says."""
        gives = _GIVES.search(part) and _GIVEN.search(unit)
        said = self._share(part, unit)
        return said >= (_USED_GIVING if gives else _USED) or said > 0 and self._share(unit, part) >= _ALL_OF_IT


def _which(words: Sequence[Word], place: int, head: str) -> str:
    """Return what stands right before a head, in its word or in the word before; "" where nothing says which."""
    word = words[place]
    if word.text != head:
        return word.text.removesuffix(head)
    before = words[place - 1] if place else None
    joined = before and before.end == word.start and len(before.text) > 1 and before.text not in FRAME
    return before.text if joined else ""


def longest(phrases: Iterable[str]) -> list[str]:
    """Return phrases in order, each once, without those that stand inside another.

    Example: ["符合条件的企业", "对符合条件的企业"] -> ["对符合条件的企业"]
    """
    found = list(dict.fromkeys(phrases))
    return [phrase for phrase in found if not any(phrase in other for other in found if other != phrase)]
