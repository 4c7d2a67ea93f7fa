"""Say yes or no, where the question asks so and all that is quoted says so."""

import re
from collections.abc import Sequence

from rag.evidence import Evidence

# Words by which a clause grants, and by which it forbids; they decide the first word of an answer to “may we …”.
_GRANTS = re.compile(r"支持|鼓励|给予|提供|可以|可(?:向|按|凭|申请|享受)|资助|奖励|补贴|享受|优先")
_FORBIDS = re.compile(r"不得|禁止|不予|不能|不可以|不享受|不适用|不再")
# Words that make a question one of yes or no.
_YES_NO = re.compile(r"[吗么嘛]|能不能|可不可以|有没有|是不是|会不会|行不行|给不给|算不算|要不要|能否|是否|可否|[^什怎多那这]么[？?]?$|不$|没$|\b(?:can|does|do|is|are)\b", re.IGNORECASE)
# Words that ask for something else than yes or no.
_OPEN = re.compile(r"哪|什么|多少|多大|几|谁|怎|为何|为啥|啥|何时|分别|各|\b(?:what|which|how|who|when|where|why)\b", re.IGNORECASE)
_PARTS = re.compile("[，,。；;？?！!]")  # a question may ask for more: 能贴息吗，贴多少
_SURE = 0.8  # probability of every quoted passage's best sentence from which the verdict says yes or no


def verdict(question: str, evidence: Sequence[Evidence]) -> str:
    """Return "yes" or "no" where a part of the question asks so and all that is quoted says so, else ""."""
    asked = any(_YES_NO.search(part) and not _OPEN.search(part) for part in _PARTS.split(question) if part)
    text = "".join(piece.text for piece in evidence)
    grants, forbids = _GRANTS.search(text) is not None, _FORBIDS.search(text) is not None
    if not asked or grants is forbids or min(piece.probability for piece in evidence) < _SURE:
        return ""
    return "yes" if grants else "no"
