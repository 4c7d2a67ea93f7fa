"""Say of a policy that it is not in force, or will not stay so."""

import re
from datetime import date

from index.standing import Standing, Standings, first_day
from index.types import Policy
from rag.replies import Replies
from rag.types import Sentence

_YEAR = re.compile(r"20\d\d(?=年|\b)")


class ValidityNotes:
    """Write the notes on how cited policies stand on the day of the question."""

    def __init__(self, standings: Standings, replies: Replies) -> None:
        self._standings = standings
        self._replies = replies

    def note(self, policy: Policy, today: date) -> Sentence | None:
        """Return the note that an answer from a policy carries, None where it is in force and stays so."""
        standing, title = self._standings.of(policy, today), named(policy)
        if standing is Standing.REPLACED:
            successor = self._standings.successor(policy, today)
            return self._sentence("replaced", title=title, new=named(successor.policy), date=_since(successor.day))
        if standing is Standing.EXPIRED:
            return self._sentence("expired", title=title, date=date_words(policy.expires.isoformat()))
        if standing is Standing.NOT_YET:
            return self._sentence("not_yet", title=title, date=date_words(first_day(policy).isoformat()))
        coming = self._standings.coming(policy, today)
        if coming:
            return self._sentence("coming", title=title, new=named(coming.policy), date=date_words(coming.day.isoformat()))
        return None

    def beyond(self, policy: Policy, question: str, quoted: str) -> Sentence | None:
        """Return the note that a year asked about lies beyond a policy's last day; None where what is quoted names it."""
        years = {year for year in _YEAR.findall(question) if year not in quoted}
        if policy.expires is None or not years or int(max(years)) <= policy.expires.year:
            return None
        return self._sentence("beyond", title=named(policy), date=date_words(policy.expires.isoformat()))

    def over(self, policy: Policy, today: date) -> bool:
        """Say whether a policy has expired or was replaced."""
        return self._standings.of(policy, today) in (Standing.EXPIRED, Standing.REPLACED)

    def past(self, policy: Policy) -> Sentence:
        """Return the sentence that nothing in force answers, but that an expired policy did."""
        return self._sentence("past", title=named(policy), date=date_words(policy.expires.isoformat()))

    def how_to_ask(self) -> Sentence:
        """Return the note on how to ask for what was before."""
        return self._sentence("ask_past")

    def _sentence(self, reply: str, **values: str) -> Sentence:
        return Sentence(self._replies(reply, **values))


def named(policy: Policy) -> str:
    """Return title and 文号 as people write them.

    Example: "《创新券管理办法》（常科发〔2025〕9号）"
    """
    number = policy.number or (f"{policy.edition.year}年版" if policy.edition else "")
    return f"《{policy.title}》" + (f"（{number}）" if number else "")


def date_words(value: str) -> str:
    """Return an ISO date in Chinese, "" for anything else.

    Example: "2025-04-17" -> "2025年4月17日"
    """
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return ""
    return f"{day.year}年{day.month}月{day.day}日"


def _since(day: date | None) -> str:
    return f"自{date_words(day.isoformat())}起" if day else "现在"
