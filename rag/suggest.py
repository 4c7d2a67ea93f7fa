"""Questions worth asking: known questions that read well, spread over the policies."""

import re

from index.store import Store

# A question that a stranger can read: Chinese, one sentence, ending as a question does.
_READABLE = re.compile(r"[一-鿿A-Z“”、，0-9]{10,22}[？?吗呢]$")


def suggestions(store: Store, count: int) -> tuple[str, ...]:
    """Return up to `count` known questions, one policy after the other, the same each time."""
    by_policy: dict[str, list[str]] = {policy.id: [] for policy in store.policies}
    titles = {policy.id: policy.title for policy in store.policies}
    for question in store.questions:
        clause = store.clause(question.clause_ids[0])
        if clause and _READABLE.fullmatch(question.text) and _names(question.text, titles[clause.policy_id]):
            by_policy[clause.policy_id].append(question.text)
    lists = [sorted(questions, key=_appeal) for questions in by_policy.values() if questions]
    found = [questions[turn] for turn in range(count) for questions in lists if turn < len(questions)]
    return tuple(found[:count])


def _names(question: str, title: str) -> bool:
    """Tell whether a question begins with a word of the policy's title, so that it can be understood alone."""
    return any(question[start : start + 2] in title for start in range(3))


def _appeal(question: str) -> tuple[bool, int, str]:
    """Sort questions about support first, then those of middling length."""
    return (not re.search(r"补|贴|奖|支持|资助|扶持|住|落户", question), abs(len(question) - 15), question)
