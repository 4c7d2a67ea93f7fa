"""Answers from the register: 文号, dates, issuer, validity of a document itself."""

import re
from dataclasses import dataclass

from index.store import Store
from index.types import Clause, HeaderFact, Policy
from rag.types import Query

# Field of the register, its Chinese name, and the words that ask for it; the first that matches is meant.
_FIELDS = (
    ("expires", "有效期截止日", r"有效期|到期|过期|失效|作废|管到|用到|截止到哪|expire|valid|until"),
    ("effective", "施行日期", r"施行|(?:开始|何时|时候|最[早晚先后]|先后|哪天|日期|起|已经)实施|实施(?:日|时间|先后|的时间)|生效|开始管用|开始管事|执行日|起效|take effect|effective"),
    ("number", "文号", r"文号|几号文|多少号|发文字号|文件号|编号|document number"),
    ("printed", "印发日期", r"印发日|印出来|(?:什么时候|何时|哪天|哪一天|几号|几月)印发|印发(?:于|的)?(?:时间|日期)"),
    ("addressees", "主送单位", r"主送|发给(?:谁|哪)|addressed"),
    ("copied_to", "抄送单位", r"抄送|copied"),
    ("issuer", "发文机关", r"谁发|谁印发|(?:哪|什么)(?:个|一级|级)?(?:部门|单位|机关|政府|机构).{0,4}(?:发|印|出台|下)|发文(?:的)?.{0,4}(?:机关|单位|部门)|落款(?:的)?(?:是)?(?:谁|机关|单位|部门|哪个)|issued by|who issued"),
    ("issued", "成文日期", r"落款|落的款|(?:哪|几|什么)(?:一)?(?:天|号|时候|年|月|日).{0,6}(?:发|出台|印|公布|下|定)|(?:发布|印发|出台|成文|公布|发文|下发)(?:的)?(?:日期|时间|日子)|何时|几号发|(?:最[早晚先后新近老]|更[早晚]|先|后|先后|早|晚)(?:是|的|一份|哪份)?.{0,3}(?:出|发|印|公布|批)|最新|年头|when|date|first issued"),
    ("title", "标题", r"全称|标题|叫什么名|文件名|full title|full name"),
)  # fmt: skip
_NAMES = {field: name for field, name, _ in _FIELDS}
_INSTEAD = {"printed": ("printed", "issued")}  # where a document states no day of printing, people mean that of issue
_VAGUE = re.compile(r"when|date|最新|年头|何时", re.IGNORECASE)  # words that only say more of what another field is asked
_PATTERNS = tuple((field, name, re.compile(pattern, re.IGNORECASE)) for field, name, pattern in _FIELDS)


def _asked(question: str) -> list[str]:
    """Return the fields that a question asks for; words that ask for one do not count for another.

    Example: "文号是多少，哪天印发的" -> ["number", "printed"]
    """
    found = []
    for field, _, pattern in _PATTERNS:
        match = pattern.search(question)
        if match and not (found and _VAGUE.fullmatch(match.group())):
            found.append(field)
            question = f"{question[: match.start()]}\n{question[match.end() :]}"
    return found


@dataclass(frozen=True, slots=True)
class HeaderAnswer:
    """One fact of one document, with the clause that states it."""

    policy: Policy
    field: str  # Chinese
    fact: HeaderFact
    clause: Clause


class HeaderReader:
    """Find facts of documents' headers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, query: Query, policies: list[str]) -> list[HeaderAnswer]:
        """Return the asked facts of each of `policies`, those that state none left out."""
        answers: list[HeaderAnswer] = []
        for asked in _asked(query.text):
            for policy in map(self._store.policy, policies):
                stated = (self.stated(policy, field) for field in _INSTEAD.get(asked, (asked,)))
                answers += [answer for answer in stated if answer][:1]
        return answers

    def stated(self, policy: Policy, field: str) -> HeaderAnswer | None:
        """Return a fact of a policy with the clause that states it, None where no clause does."""
        fact = next((fact for fact in policy.facts if fact.field == field), None)
        clause = self._holder(policy.id, fact) if fact else None
        return HeaderAnswer(policy, _NAMES[field], fact, clause) if clause else None

    def _holder(self, policy_id: str, fact: HeaderFact) -> Clause | None:
        """Return the clause in whose span a fact was read."""
        for clause in map(self._store.passages.__getitem__, self._store.passage_rows(policy_id)):
            if any(span.start <= fact.span.start and fact.span.end <= span.end for span in clause.spans):
                return clause
        return None
