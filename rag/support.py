"""How far the words of a drafted sentence are met by one sentence of the clause that it cites."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.figures import Figure, figures
from rag.grounds import Ground, figures_of
from rag.wording import OFTEN, PARTICLES, Word, WordReader

# Words that claim nothing by themselves: how a clerk leads up to what the document says.
FRAME = frozenset(
    """
    您好 你好 好的 请问 感谢 谢谢 咨询 来电 提问 问题 关于 对于 根据 按照 依据 依照 按 文件 政策 条款 规定 明确 提出 指出 写明 写道 载明
    提到 要求 内容 方面 情况 具体 主要 包括 包含 其中 同时 以及 此外 另外 并且 而且 还有 还会 还将 还 也 就 则 等 等等 如果 的话 有关 相关 该
    本 此 这 这份 这项 这个 那么 因此 所以 即 也就是说 也就是 就是 属于 作为 进行 予以 可 可以 能 能够 将 会 要 需 应 已 是 有 为 由 在 与 和 及 或 对 给 把
    被 让 使 从 到 向 以 于 之 的 地 得 了 着 时 后 前 中 里 内 上 下 您 他们 它们 他 其 自己 我们 您的 想 想要 希望 下列 以下 如下 分别 工作
    原文 条文 规定了 说明 介绍 简单来说 总的来说 概括 一句话 换言之 本条 该条 这条 条例 办法 通知 方案 意见 本办法 本条例 本法 本方案 依法 事项
    答复 回复 解答 答案 说 写 写着 看 如 比如 例如 又 再 才 还要 不 未 无 非 没有 不得 不能 不会 不可 不予 不可以 不是 无法 并非 是否 情形 情况下
    大家 凡 人 者 方 可用 用 用于 做 做好 去 来 当 自 至 个 家 项 件 名 次 年 月 日 天 元 万元 亿元 左右 约 超过 超 不超过 以上 以下 以内 最高 最低 不少于
    不低于 至少 达到 达 底 末 起 止 期间 之间 每 各 一个 一项 一种 一定 一下 有的 这些 那些 上述 当中 以外 之外 除外 之后 之前 以后 以前 年底
    属 应当 必须 均 都 只 仅 只有 只要 无论 不论 就能 就可以 仍 仍然 暂 须 如何 怎样 什么 哪些 谁 多少 怎么 吗 呢 啊 吧 目标 而 且 若 如果 假如 因 因为 但 但是 不过
    开始 所 一方面 另一方面 目前 现在 现行 整体 总体 设有 涉及 文中 面向 针对 适用 适用于 可按 可获 可以按 不仅 给出 列出 列明 列举 这样 那样 这类 此类 其他 其它 仅限 直接 视为 作出 采取 通过 办理 或者 以及 方式 途径 相应 即可 实际 直接 及时 亦可 也可 都可 均可 并可 还可 还可以 也可以 皆 仅仅 便 便于 受到 得以 便可 联系 拨打 致电 电话 请 拿 算 给予 予以 获得 享受 得到 享有 拿到 领取 需要 已经 后来 同样 还要 不再 不用 之一 那天 之间 当天 其中 问题 帮 帮助 希望 范围 现有 一家 同一家 加起来 领 当日 哪怕 情形之一 规定时间 会 会有 方面的 申请 截至 截止 用来 接着 对象 帮忙 地方 准予 的话 如有 起算 计算 算起 起来 来说 而言 所在 后者 前者
    """.split()
)
# A half that begins so says something of the other half's subject; one that ends so leaves its subject to the other half.
_DEPENDS = re.compile(r"^(?:给予|予以|可|按|并|享|获|最[高低多]|提供|每|由|均|都|也|应|须|不|将|予|其|能|发放|奖励|补|资助|处|自|逾期|否则|一次性|免|从|享有|领|累计|其中|合计|单个|首次|期限|\d|不超|仅|只)")
_OPEN = re.compile(r"(?:的|时|之日起|企业|机构|人才|项目|单位|个人|人员|方面|领域|中|的[^的,]{1,6})$")
_GIVE = re.compile(r"给予|予以|获得|享受|奖励|补贴|资助|补助")
# Weight of words without ground above which a unit is unsupported: a single content word weighs 4 to 12.
UNSUPPORTED = 3.0
_ANYBODY = frozenset("单位 企业 家庭 人 人员 个人 申请人 机构 项目 主体 当事人 者 情形 情况".split())
_FIGURE = 4.0  # weight of a figure, about that of a word, where the sentence is chosen on which a unit rests
_ACTORS = re.compile(r"(?:人|工|者|员|生|家|方|企业|单位|机构|机关|公司|部门|政府|银行|团队|家庭|个人|平台|院|校|局|委|办)$")
_DENIES = re.compile(r"[不未无没]|禁止|严禁")
_DENIED = re.compile(r"[不未无非没][一-鿿]{0,2}$")
_CACHE = 50_000  # texts
_ACTOR = 4.0  # least weight of a word for a person or a body
_WORD = re.compile(r"[一-鿿]{2,}|[a-z][a-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Support:
    """How one unit of a draft rests on one sentence of a clause."""

    ground: Ground
    missing: tuple[tuple[Word, float], ...]  # words not wholly met, each with the weight that is not met
    said: float  # weight of all words of the unit
    figures: int  # figures of the unit that the sentence does not have
    most: float  # weight that may go unmet

    @property
    def loss(self) -> float:
        """The weight of what is not met."""
        return sum(lack for _, lack in self.missing)

    @property
    def holds(self) -> bool:
        """Whether the words of the unit are met."""
        return self.loss <= self.most

    @property
    def whole(self) -> bool:
        """Whether words and figures of the unit are met."""
        return self.holds and not self.figures


class SupportFinder:
    """Find the sentence of a clause on which a unit of a draft rests."""

    def __init__(self, reader: WordReader, most: float = UNSUPPORTED) -> None:
        self.reader = reader
        self._most = most
        # The words of a folded text that claim something; figures are checked elsewhere.
        self.content = lru_cache(maxsize=_CACHE)(self._content)

    def _content(self, unit: str) -> tuple[Word, ...]:
        hidden = list(unit)
        for figure in figures(unit):
            hidden[figure.start : figure.end] = "#" * (figure.end - figure.start)
        words = self.reader.words("".join(hidden))
        return tuple(w for w in words if w.text not in FRAME and _WORD.fullmatch(w.text) and w.text.strip(PARTICLES))

    def best(self, unit: str, sources: Sequence[Ground]) -> Support:
        """Return the support by the sentence that meets most of the unit, its figures among it."""
        numbers = figures(unit)
        supports = []
        for ground in sources:
            elsewhere = "。".join(other.text for other in sources if other is not ground)
            supports.append(self._by(unit, numbers, ground, elsewhere))
        denies = _DENIES.search(unit) is not None
        return min(supports, key=lambda s: s.loss + _FIGURE * s.figures + (denies and not _DENIES.search(s.ground.whole)))

    def _by(self, unit: str, numbers: Sequence[Figure], ground: Ground, elsewhere: str) -> Support:
        words, met = self.content(unit), self.reader.met
        denied = [_DENIED.search(unit[: w.start]) is not None for w in words]
        known = [met(w.text, ground.everything, elsewhere, no) for w, no in zip(words, denied, strict=True)]
        lacks = [(w, 0.0 if _implied(w, unit, ground) else _weight(w) * (1 - share)) for w, share in zip(words, known, strict=True)]
        said = sum(w.weight for w in words)
        return Support(ground, tuple((w, lack) for w, lack in lacks if lack > 0), said, _without(numbers, ground), self._most)


def _weight(word: Word) -> float:
    """Return how much is missing without a word: one for a person or body is never a small thing."""
    heavy = _ACTORS.search(word.text) or OFTEN.search(word.text)
    return max(word.weight, _ACTOR) if heavy else word.weight


def _implied(word: Word, unit: str, ground: Ground) -> bool:
    """Tell whether a draft only names what a clause leaves open with “……的，”: 发生事故的单位."""
    return word.text in _ANYBODY and unit[: word.start].endswith("的") and re.search(r"的(?:[,;:。]|$)", ground.whole) is not None


def _without(numbers: Sequence[Figure], ground: Ground) -> int:
    """Return how many of a draft's figures a sentence does not have."""
    offered = figures_of(ground)
    return sum(not any(number.equals(other) for other in offered) for number in numbers)


def stands_alone(left: str, right: str) -> bool:
    """Tell whether two halves of a unit may rest on different sentences: neither takes its subject from the other."""
    return not is_open(left) and not _DEPENDS.search(right)


def is_open(left: str) -> bool:
    """Tell whether a half only names what the other half speaks of."""
    return _OPEN.search(left) is not None


def goes_on(left: str, right: str, before: Ground, after: Ground, sources: Sequence[Ground]) -> bool:
    """Tell whether a half without a subject of its own rests on a sentence that goes on from the other half's.

    So it does where the clause's sentences stand side by side and the second has no subject either, or where both begin
    with the same word and nothing is given.
    """
    if after.text[:3] == left[:3] and not _GIVE.search(right):
        return True
    if before not in sources or after not in sources:
        return False
    steps = sources.index(after) - sources.index(before)
    return abs(steps) == 1 and not _GIVE.search(right) or steps == 1 and _DEPENDS.search(after.text) is not None
