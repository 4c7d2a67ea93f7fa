"""Whether a draft says it as strongly as the clause: not, may, must, gives, tries, all."""

import re
from collections.abc import Iterator

from rag.grounds import segments
from rag.support import Support, SupportFinder
from rag.verifier_surface import Problem

# Negations; what only looks like one is taken out first.
_LOOKS = re.compile(
    r"不(?:得|能|可|应|会|准|许|要)?(?:少于|低于|高于|多于|超过|超出|大于|小于|短于|长于)|不(?:断|仅|但|同|足|限于|良|动产|到|满|论|管|可抗力|正当|合理|当(?!然)|等|良|久|合格|法|宜公开)"
    r"|未(?:来|成年|满|达)|无(?:人机|线|形|论|障碍|偿|关|害|缝|人驾驶|纸)|非(?:法|公|银|营利|住宅|盈利|常|物质|遗|机动|税|居民|全日制|经营|金融|本市|户籍)|否则|能否|是否|可否|莫|绝缘"
)
_NOT = re.compile(
    r"不(?:得|予|能|可以|可|准|许|应当|应|会|再|适用|属于|享受|支持|鼓励|允许|需要|需|必|用|受|在|纳入|包括|含|符合|是|收取|收|给予|对|承担|要求|要|由|作|计|具备|具有|提供|参与)?"
    r"|未|无(?:法|权|需|须)?|没有|没|禁止|严禁|拒绝|停止|取消|除外|排除|免予|免除|避免|防止|杜绝|非"
)
_MUST = re.compile(r"应当|应该|必须|务必|(?<![供需按响对相适因不])应(?![用对急届收付税计变聘])|(?<![必无])须(?!知)|一律|有义务|责令")
# “须符合条件” says of a condition what the clause says with “符合条件的”.
_MUST_BE = re.compile(r"(?:应当|应该|必须|应|须|需要|需)(?:同时)?(?:先)?(?:符合|满足|达到|具备|具有|属于|是|在|按照?|依法|经|取得|注意)")
_BOUND_TO = re.compile(rf"{_MUST.pattern}|不得|禁止|严禁|要求|严格|负责|由")
_FORBIDS = re.compile(r"不得|禁止|严禁|不予|不能|不准")
_ALLOWS = re.compile(r"可以|允许|有权|(?<![许认不])可(?![靠持信行能控再比视])|能(?![源力量])|给予|享受|免")
# Comparisons that a 不 turns round.
_COMPARES = re.compile(r"(?P<no>不(?:得|能|可|应|会|准|许|要)?)?(?P<stem>超过|超出|低于|高于|少于|多于|短于|长于|大于|小于)")
_MAY = re.compile(r"(?<!不)可以|(?<![许认不])可(?![靠持信行能控再比视])|有权|允许|能够?(?![源力量])|自愿")
_GIVES = re.compile(r"(?<![不未无没])(?<!不[予能得可再])(?<![没不][有会])(?<!无法)(?:给予|予以(?!公示|公布|移出|取消)|发放|奖励|奖补|补贴|资助|补助|获得|享受|享有|领取|领到|拿到|得到|申领|兑付|拨付|减免|贴息|免费|返还|报销)")
_GIVEN = re.compile(r"给予|予以|提供|发放|奖励|奖补|奖金|补贴|资助|补助|获得|取得|享受|享有|领取|申领|兑付|拨付|支付|减免|免收|免征|贴息|优惠|免费|处|罚|警告|待遇|便利|保障|支持|补偿|报销|返还|配套|费用|服务|奖|补|贴|免|领|授予|给")
_VAGUE = re.compile(r"(?:给予|予以|获得|享受|得到|拿到|享有)[^,。;]{0,10}?(?:支持|扶持|鼓励|帮助|服务|便利|引导|指导|保障)")
_TRIES = re.compile(r"探索|争取|力争|研究(?:制定|建立|出台|设立|推动)|(?<![模虚比])拟(?:建|定|于|在|对|将|出|设)|试点|试行|逐步|适时|尝试")
_TRIED = re.compile(r"探索|争取|力争|努力|目标|计划|研究|拟|试点|试行|逐步|适时|尝试|希望|推动|谋划|要求|力求")
_URGES = re.compile(r"鼓励|支持|引导|倡导|提倡")
_URGED = re.compile(r"鼓励|支持|引导|倡导|提倡|推动|促进|可以|可|能|帮助|助力|扶持|欢迎|推进|协助|给予|提供|希望|倡议|积极|培育|获得|得到")
_DONE = re.compile(r"已经?|曾经|(?:制定|设立|建立|完成|实现|达到|出台|发放|获得|建成|成立|给予)了")
_SAID = re.compile(r"(?:规定|明确|提出|写明|列出|说明|要求|包括|给出|作出|提供|设置|列举|公布)了")
# All-words: any of a row in the draft needs one of the same row in the clause.
_ALL = (
    re.compile(r"所有|全部|全体|一切|任何|任意|凡是?(?!例)"),
    re.compile(r"一律|一概|(?<![平人])均(?!衡|价|等|匀|值|收|可支配|增|住|月|产)|(?<![首成])都(?=可|能|给|享|有|应|予|得|获|按|须)|皆|统统|普遍|无一例外"),
    re.compile(r"每[家户个位名人](?!月|季|年)|各类|各种|各(?=企业|单位|机构|人)|人人|家家"),
    re.compile(r"无论|不论|不管|不限(?!于)|不分|不设|没有限制"),
    re.compile(r"只要|无条件|免审|免申"),
    re.compile(r"只(?:有|能|限|对|给|面向|支持|适用)|仅(?!仅)|唯一|专门|(?<!人)才(?:能|可)|只(?=[一-鿿])"),
    re.compile(r"直接|自动|立即|马上|立刻|当场|即时|当天|随时"),
    re.compile(r"保证|确保|肯定|一定(?:能|会|可以|要)|必定|必然|绝对|必将|势必"),
    re.compile(r"永久|终身|长期|永远|无限期|不限期"),
    re.compile(r"全额|足额|百分百|全免|免费|无偿"),
    re.compile(r"优先|免抵押|全程"),
    re.compile(r"额外|另外再|叠加|重复享受|同时享受|累加|双重"),
)
_BOTH = re.compile(r"(?<=[和与及、])([^,。;]{1,20}?)(?:都|均)")  # 甲和乙都: of what is named, not of all
_HALF = 0.5  # share of a scope's words that a draft must use to speak of it


class StanceCheck:
    """Compare how a unit says things with how its sentence of the clause says them."""

    def __init__(self, finder: SupportFinder) -> None:
        self._finder = finder

    def __call__(self, unit: str, support: Support) -> Iterator[Problem]:
        """Yield what is said more, or less, strongly than the clause says it."""
        said, source = _unquoted(unit), support.ground.whole
        yield from self._polarity(said, source)
        yield from _compared(said, source)
        yield from _often(said, support.ground.everything)
        yield from self._strength(said, source, support.ground.everything)
        yield from _widened(_BOTH.sub("", said), support.ground.everything)
        done = _DONE.search(_SAID.sub("", said))
        if done and done.group() not in source and "已" not in source:
            yield "tense_changed", f"条款没有说“{done.group()}”：它写的是要做的事，不是做完的事"

    # --- not

    def _polarity(self, unit: str, source: str) -> Iterator[Problem]:
        denied, drafted = list(_negations(source)), list(_negations(unit))
        for word, scope, _ in drafted:
            if not denied:
                yield "negation_changed", f"条款没有说“{word}{scope[:8]}”"
                return
            first = self._first(scope)
            if first and not any(self._finder.reader.met(first, other) >= _HALF for _, other, _ in denied):
                if first in _without_negated(source):
                    yield "negation_changed", f"条款没有说“{word}{scope[:8]}”"
                    return
        plain = _without_negated(unit)
        for word, scope, before in denied:
            words = [w for w in self._finder.content(scope) if len(w.text) > 1][:3]
            words = words or list(self._finder.content(before))
            weight = sum(w.weight for w in words)
            used = sum(w.weight for w in words if w.text in plain)
            if words and used > _HALF * weight and not drafted and words[0].text in plain:
                yield "negation_changed", f"条款说的是“{word}{scope[:8]}”，草稿没有说“{word}”"
                return

    def _first(self, scope: str) -> str:
        return next((w.text for w in self._finder.content(scope)), "")

    # --- may, must, gives, tries

    def _strength(self, unit: str, source: str, everything: str) -> Iterator[Problem]:
        parts = segments(source)
        for drafted in segments(unit):
            must = _MUST.search(_MUST_BE.sub("", drafted))
            if must and not _BOUND_TO.search(self._until(drafted, parts)):
                yield "modality_strengthened", f"条款没有说“{must.group()}”"
        allowed = re.search(r"可以|能够?(?=[一-鿿])|允许", unit)
        if allowed and not _NOT.search(_LOOKS.sub("", unit)):
            before = self._until(unit, parts)
            forbids = _FORBIDS.search(before)
            if forbids and not _ALLOWS.search(before[forbids.end() :]) and not _ALLOWS.search(self._aligned(unit, parts)):
                yield "negation_changed", f"条款说的是“{forbids.group()}”，草稿说的是“{allowed.group()}”"
        gives = _GIVES.search(_VAGUE.sub("", unit))
        if gives and not _GIVEN.search(everything):
            yield "modality_strengthened", f"条款没有说“{gives.group()}”"
        for drafted in segments(unit):
            part = self._aligned(drafted, parts)
            bound = re.search(r"应当|必须|一律", drafted)
            if bound and re.search(r"可以|(?<![许认不])可(?=[一-鿿])", part) and not _MUST.search(part):
                yield "modality_strengthened", f"条款说的是“可以”，草稿说的是“{bound.group()}”"
            if _MUST.search(part) and not _MAY.search(part) and _MAY.search(drafted) and not _MUST.search(unit):
                yield "modality_weakened", f"条款说的是“{_MUST.search(part).group()}”，草稿说的是“{_MAY.search(drafted).group()}”"
            yield from self._soft(drafted, unit, part)

    def _soft(self, drafted: str, unit: str, part: str) -> Iterator[Problem]:
        for soft, kept in ((_TRIES, _TRIED), (_URGES, _URGED)):
            match = soft.search(part)
            if match and not kept.search(unit) and self._speaks_of(drafted, part[match.end() :]):
                yield "modality_strengthened", f"条款只说“{match.group()}”，草稿没有说"
                return

    def _until(self, drafted: str, parts: list[str]) -> str:
        """Return a sentence up to the part that meets most of a segment: an “应当” holds for the parts behind it."""
        return ",".join(parts[: parts.index(self._aligned(drafted, parts)) + 1])

    def _aligned(self, drafted: str, parts: list[str]) -> str:
        """Return the part of the clause's sentence that meets most of a segment."""
        words = self._finder.content(drafted)
        return max(parts, key=lambda part: sum(w.weight * self._finder.reader.met(w.text, part) for w in words))

    def _speaks_of(self, drafted: str, scope: str) -> bool:
        words = self._finder.content(drafted)
        weight = sum(w.weight for w in words)
        return weight > 0 and sum(w.weight * self._finder.reader.met(w.text, scope) for w in words) >= _HALF * weight


def _compared(unit: str, source: str) -> Iterator[Problem]:
    """Yield a comparison that the clause denies or the draft denies alone."""
    offered = {(match["stem"], bool(match["no"])) for match in _COMPARES.finditer(source)}
    for match in _COMPARES.finditer(unit):
        said = (match["stem"], bool(match["no"]))
        if said not in offered and (match["stem"], not said[1]) in offered:
            yield "bound_changed", f"条款没有说“{match.group()}”"


# How often: what a draft may say, and what says the same in the clause.
_TIMES = {
    "月": re.compile(r"[按每逐]个?月|月度"),
    "季": re.compile(r"[按每]个?季|季度"),
    "年": re.compile(r"[按每逐]年|年度|一年|当年|年末|1年"),
    "周": re.compile(r"每周|按周"),
    "天": re.compile(r"每[日天]|按[日天]|日利率"),
    "次": re.compile(r"每次|一次|次"),
}


def _often(unit: str, source: str) -> Iterator[Problem]:
    """Yield how often something is said to be where the clause says another interval."""
    for match in re.finditer(r"(?:[按每逐]个?(?P<unit>月|季|年|周)|每(?P<other>天|次))(?!龄|末|底|初)", unit):
        if not _TIMES[match["unit"] or match["other"]].search(source):
            yield "figure_not_in_clause", f"引用的条款里没有“{match.group()}”"


def _negations(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each negation with the words behind it and before it in its part of the sentence."""
    hidden = _LOOKS.sub(lambda m: "＿" * len(m.group()), text)
    for match in _NOT.finditer(hidden):
        behind = re.split(r"[,，;；。:：]", text[match.end() :])[0]
        before = re.split(r"[,，;；。:：]", text[: match.start()])[-1]
        yield match.group(), behind if len(behind) > 1 else before, before


def _without_negated(text: str) -> str:
    """Return a text without its negations and the eight characters behind each."""
    hidden = _LOOKS.sub(lambda m: "＿" * len(m.group()), text)
    spans = [(m.start(), m.end() + 8) for m in _NOT.finditer(hidden)]
    return "".join(sign for i, sign in enumerate(text) if not any(start <= i < end for start, end in spans))


def _unquoted(text: str) -> str:
    """Return a text without what stands in quotation marks and title marks: names are checked elsewhere."""
    return re.sub(r"“[^”]*”|《[^》]*》", "＿", text)


# How a clerk begins: yes or no in a word or two, then what the clause says.
_OPENING = re.compile(
    r"^(?:(?:您好|你好|好的)[,!。])?(?P<verdict>(?:可以|能|会|要|有|不|没|无|须|需|得|免|支持|鼓励|行|是|对|属于)[^,，。:：0-9]{0,5})[,，:：](?P<claim>[^。]{6,}.*)$"
)
_NO = re.compile(r"^(?:不|没|无)")
_FREE = re.compile(r"免|停|取消|追回|退|除外|超过|低于|以内|以下")


def opened(unit: str) -> tuple[str, str]:
    """Cut the verdict at the beginning of a folded unit from what it says; the verdict is "" where there is none.

    Example: "不行,贷款不得用于转贷。" -> ("不行", "贷款不得用于转贷。")
    """
    match = _OPENING.match(unit)
    return (match["verdict"], match["claim"]) if match else ("", unit)


def _widened(said: str, source: str) -> Iterator[Problem]:
    for pattern in _ALL:
        match = pattern.search(said)
        if match and not pattern.search(source):
            yield "scope_widened", f"引用的条款里没有“{match.group()}”"


def verdict_problems(verdict: str, claim: str, source: str, finder: SupportFinder) -> Iterator[Problem]:
    """Yield what is wrong with a verdict: the words behind it turn it round, or it says more than the clauses."""
    plain = _LOOKS.sub("", claim)
    denies = _NO.match(verdict) and not _NOT.search(plain) and not _FREE.search(claim)
    allows = verdict.startswith(("可以", "能", "行")) and _FORBIDS.search(plain) and not _ALLOWS.search(plain)
    if verdict and (denies or allows):
        yield "verdict_unsupported", f"“{verdict}”与后面的话不一致"
    yield from _widened(verdict, source)
    for word in finder.content(verdict):
        if finder.reader.met(word.text, source, denied=True) < _HALF:
            yield "verdict_unsupported", f"引用的条款里没有“{word.text}”"
