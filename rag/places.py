"""Places and policies that a question names, with aliases derived from the policies themselves."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.gazetteer import places
from index.lexicon import Matcher, fold
from index.store import Store
from rag.regions import RegionIndex, abroad
from rag.sounds import sounds

# Count in jieba's dictionary above which the X of a name “X园” is an everyday word: 产业 and 软件 have thousands, the
# names of places (黄浦, 静安) tens.
_EVERYDAY = 500
SURELY_NAMED = 0.9  # weight of a policy that is named by its own name, not by the region that it shares with others
_TITLE_SHARE = 0.3  # share of the titles above which a word tells no policy from another: 改革, 发展, 条例
_ISSUER_WEIGHT = 0.6  # a region that only issued the policy names it less surely than one in its title
_SPELT = re.compile(r"[一-鿿]{2,4}")
_SUFFIX = re.compile(r"(?:园区|园)$")
_WHERE = re.compile(r"[园区城带镇乡县市省州岛湾港村]$|街道$")  # the last character of a place's name
_ZONE = re.compile(r"(?:片区|新城|园区?|科技城|开发区|高新区|示范区|保税区|自贸区|试验区)$")
_NUMBER_OF = re.compile(r"[〔\[【(](\d{4})[〕\]】)]第?(\d+)号")  # 文号 -> year, serial
_SERIAL = re.compile(r"(?<!\d)(\d{1,4})号文")  # “29号文”


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names."""

    policies: dict[str, float]  # policy id -> weight in 0..1, higher is surer
    foreign: tuple[str, ...]  # places of this country that no policy covers
    abroad: tuple[str, ...] = ()  # the same abroad
    groups: tuple[tuple[str, ...], ...] = ()  # policies by the names that stand for them, in order


class PlaceIndex:
    """Find policies and foreign places in questions."""

    def __init__(self, store: Store) -> None:
        self._aliases = _aliases(store)
        self.policies = tuple(policy.id for policy in store.policies)
        self._matcher = Matcher(self._aliases)
        self._where = Matcher(_names_of_places(self._aliases, store))
        self._sounds = _sounds(self._aliases)
        self._store = store
        self._words = _title_words(store)
        self._gazetteer = places()
        self._place_matcher = _place_matcher()
        self.regions = RegionIndex(store, self._place_matcher)

    def spelt(self, question: str) -> str:
        """Return the question with misspelt names put right: characters that sound like the name of a policy's place.

        Example: "黄埔园人均多少" -> "黄浦园人均多少", where a policy is about 黄浦 and none about 黄埔
        """
        heard, edges = sounds(question), self.edges(question)
        for length in sorted({len(sound) for sound in self._sounds}, reverse=True):
            for start in range(len(question) - length + 1):
                written = question[start : start + length]
                name = self._sounds.get(tuple(heard[start : start + length]))
                whole = {start, start + length} <= edges  # 羊城 is no name in 这样成吗
                if name and written != name and whole and not self._covered(written):
                    question = question[:start] + name + question[start + length :]
        return question

    def named(self, question: str) -> Named:
        """Return the policies and the foreign places that a question names."""
        folded = fold(question)
        found: dict[str, float] = defaultdict(float)
        groups = []
        rest = self._unnamed(folded)
        for match in self._matcher.find(folded):
            owners = self._aliases[match.term]
            rarity = math.log(1 + len(self.policies) / len(owners)) / math.log(1 + len(self.policies))
            meant = self._meant(owners, rest)
            groups.append(meant)
            for policy_id, weight in owners.items():
                value = 1.0 if len(meant) < len(owners) and policy_id in meant else weight * rarity
                found[policy_id] = max(found[policy_id], value)
        strange = [match for match in self.regions.named_in(folded) if not self._inside(match.term)]
        beyond = {m.term for m in strange if abroad(self._gazetteer[m.term], folded[m.end :])}
        inland = dict.fromkeys(self._chinese(m.term) for m in strange if m.term not in beyond)
        outland = dict.fromkeys(self._chinese(m.term) for m in strange if m.term in beyond)
        return Named(dict(found), tuple(inland), tuple(outland), tuple(dict.fromkeys(groups)))

    def _chinese(self, term: str) -> str:
        """Return the name of a place as it is written in Chinese."""
        return self._gazetteer[term].names[0] if term.isascii() else term

    def _meant(self, owners: Collection[str], rest: str) -> tuple[str, ...]:
        """Return those of the policies that share a name of whose title the rest of the question holds a word; else all."""
        titled = tuple(owner for owner in owners if any(word in rest for word in self._words[owner]))
        return titled or tuple(owners)

    def mentions(self, question: str) -> tuple[str, ...]:
        """Return the places and policies named in a question, longest first, as folded text has them.

        What a policy is about (租赁补贴), though it may name the policy too, is not among them.
        """
        folded = fold(question)
        found = {match.term for matcher in (self._where, self._place_matcher) for match in matcher.find(folded)}
        return tuple(sorted(found, key=lambda name: (-len(name), name)))

    def topic(self, question: str) -> str:
        """Return the question without the names of places and policies; the question itself where nothing is left."""
        rest = self.unnamed(question)
        return rest if len(rest) > 1 else question

    def unnamed(self, question: str) -> str:
        """Return the question without the names of places and policies, folded; "" where nothing is left."""
        folded = fold(question)
        for name in self.mentions(question):
            folded = folded.replace(name, " ")
        return folded.strip()

    def untitled(self, text: str, policies: Iterable[str]) -> str:
        """Return a folded text without the words by which the titles of `policies` differ from the others'."""
        for word in sorted((word for policy in policies for word in self._words[policy]), key=len, reverse=True):
            text = text.replace(word, " ")
        return text

    def _unnamed(self, folded: str) -> str:
        """Return a folded question without the names of policies."""
        for match in reversed(list(self._matcher.find(folded))):
            folded = f"{folded[: match.start]} {folded[match.end :]}"
        return folded

    def edges(self, text: str) -> set[int]:
        """Return the places at which words of a text begin or end."""
        return self._store.tokenizer.edges(text.lower())

    def _inside(self, place: str) -> bool:
        """Tell whether a place stands in the policies, or lies in a region that a policy's title names.

        A zone (临港新片区) has policies of its own: those of the region around it do not speak for it.
        """
        known = self._gazetteer[place]
        if any(map(self._covered, known.names)):
            return True
        titled = (self._aliases.get(region, {}) for region in known.regions)
        return not any(map(_ZONE.search, known.names)) and any(1.0 in owners.values() for owners in titled)

    def _covered(self, place: str) -> bool:
        """Tell whether every word of a place's name stands somewhere in the policies."""
        return all(self._store.sparse.knows(word) for word in self._store.tokenizer.cut(place))


def _aliases(store: Store) -> dict[str, dict[str, float]]:
    """Return alias -> {policy id: weight}."""
    gazetteer = places()
    place_matcher = _place_matcher()
    aliases: dict[str, dict[str, float]] = defaultdict(dict)
    for policy in store.policies:
        title, issuer = fold(policy.title), fold(policy.issuer)
        words = {fold(policy.id), title, *store.tokenizer.names_in(title)}
        words |= {short for name in words if (short := _short(name, store))}
        words |= _serials(policy.number)
        for text, weight in ((title, 1.0), (issuer, _ISSUER_WEIGHT)):
            for match in place_matcher.find(text):
                for name in gazetteer[match.term].names:
                    aliases[name].setdefault(policy.id, weight)
        for word in words:
            aliases[word][policy.id] = 1.0
    return dict(aliases)


def _names_of_places(aliases: Iterable[str], store: Store) -> set[str]:
    """Return the aliases that say where or which document, and nothing of what it is about."""
    documents = {fold(text) for policy in store.policies for text in (policy.id, policy.title, policy.number)}
    documents |= {serial for policy in store.policies for serial in _serials(policy.number)}
    gazetteer = places()
    where = {alias for alias in aliases if alias in gazetteer or _WHERE.search(alias) or alias in documents}
    return where | {alias for alias in aliases if f"{alias}园" in where}


def _title_words(store: Store) -> dict[str, frozenset[str]]:
    """Return the words by which each policy's title differs from most of the others'."""
    words = {policy.id: frozenset(w for w in store.tokenizer.cut(policy.title) if len(w) > 1) for policy in store.policies}
    holders = Counter(word for several in words.values() for word in several)
    most = max(1, int(len(words) * _TITLE_SHARE))
    return {policy_id: frozenset(w for w in several if holders[w] <= most) for policy_id, several in words.items()}


def _short(name: str, store: Store) -> str:
    """Return the X of a name “X园” where X is a name too, else ""."""
    short = _SUFFIX.sub("", name)
    return short if short != name and len(short) > 1 and store.tokenizer.frequency(short) < _EVERYDAY else ""


def _sounds(aliases: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Return the aliases of two to four Chinese characters by their sounds, without tones."""
    chinese = [alias for alias in aliases if _SPELT.fullmatch(alias)]
    return {tuple(sounds(alias)): alias for alias in sorted(chinese, reverse=True)}


def _serials(number: str) -> set[str]:
    match = _NUMBER_OF.search(number)
    return {f"{match.group(2)}号文"} if match else set()


@lru_cache(maxsize=1)
def _place_matcher() -> Matcher:
    return Matcher(places())
