"""An answer as plain text, for copying, the command line and evaluation."""

from rag.replies import Replies
from rag.types import Answer


def plain_text(answer: Answer) -> str:
    """Return the whole answer, each quote with its address."""
    draft = answer.draft
    by_number = {citation.number: citation for citation in draft.citations}
    lines = [draft.lead.text]
    quoted = {number for sentence in draft.quotes for number in sentence.citations}
    about = ""
    for sentences, start in ((draft.prose, ""), (draft.quotes, "原文：" if draft.prose else "")):
        for sentence in sentences:
            if sentence.about != about:
                about = sentence.about
                lines.append(f"【{about}】")
            addresses = "；".join(dict.fromkeys(by_number[number].address for number in sentence.citations))
            lines.append(f"{start}{sentence.text}（{addresses}）" if addresses else f"{start}{sentence.text}")
    for number, citation in by_number.items():
        if number not in quoted:
            lines.append(f"依据：“{citation.quote}”（{citation.address}）")
    if draft.missing:
        lines.append(Replies.load()("missing", missing="、".join(draft.missing)))
    lines += [note.text for note in draft.notes]
    lines += [f"· {question}" for question in draft.suggestions]
    return "\n".join(lines)
