"""The values that pass between the online stages: frozen, slotted, never dicts."""

from dataclasses import dataclass
from enum import StrEnum

from index.types import Clause
from rag.outcome import Outcome


class Status(StrEnum):
    """How an answer stands to its question."""

    ANSWERED = "answered"
    PARTIAL = "partial"  # on topic, but the asked detail is not in the documents
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    CHITCHAT = "chitchat"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    role: str  # "user" or "assistant"
    content: str
    tokens: int = 0  # that a language model used for it


@dataclass(frozen=True, slots=True)
class Aspect:
    """One of several things that a question asks for."""

    text: str  # what is searched for it
    policies: tuple[str, ...] = ()  # ids of the policies that it is asked of; empty: all


@dataclass(frozen=True, slots=True)
class Query:
    """A question made standalone and normalised, and what it asks for."""

    original: str  # as typed
    text: str  # standalone and normalised: what is searched
    carried: str = ""  # what was taken over from the turns before
    previous: tuple[str, ...] = ()  # clauses cited in the answer before, where the question leans on it
    named: tuple[tuple[str, float], ...] = ()  # policies named, with weights in 0..1
    foreign: tuple[str, ...] = ()  # places named, of this country, that no policy covers
    abroad: tuple[str, ...] = ()  # the same abroad
    chat: float = 0.0  # probability, by its words alone, that it wants no document
    details: tuple[tuple[str, float], ...] = ()  # kinds of detail asked for, with probabilities that sum to 1
    asks_header: float = 0.0  # probability that a fact of a document's header is asked for
    unstated: float = 0.0  # probability, by its words alone, that it asks for what documents mostly leave open
    focus: str = ""  # the question without what was taken over: what the quoted sentences must meet
    compares: bool = False  # whether several policies are to be set side by side, or one of them to be found
    contrasts: bool = False  # whether two situations are to be set side by side; then each aspect is one of them
    asks_all: bool = False  # whether everything that there is is asked for
    asks_each: bool = False  # whether something is asked of each of the things that the question names
    aspects: tuple[Aspect, ...] = ()  # what is asked of each side of a comparison, or the parts of a question


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause with its score."""

    clause: Clause
    score: float  # higher is better
    rank: int  # 1-based
    legs: tuple[tuple[str, float], ...] = ()  # score by leg: sparse, dense, question, …


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and its address."""

    number: int  # 1-based, as shown: [1]
    clause_id: str
    address: str  # as people read it: 浦府〔2025〕64号 · 二（五）1
    quote: str  # verbatim but for white space
    start: int  # character span in Policy.text, half-open
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer and the citations that it rests on."""

    text: str
    citations: tuple[int, ...] = ()  # numbers of `Answer.citations`; empty only for words that claim nothing
    about: str = ""  # the side of a comparison, or the question of several, that it stands under


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before it was verified."""

    status: Status
    lead: Sentence  # the first line: the verdict, in plain words; never a model's
    quotes: tuple[Sentence, ...] = ()  # the quoted sentences, in order
    missing: tuple[str, ...] = ()  # asked details that the documents do not state, e.g. "具体金额"
    notes: tuple[Sentence, ...] = ()  # conditions, validity, next step
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()  # questions worth asking next
    prose: tuple[Sentence, ...] = ()  # a model's sentences that passed verification, and what they left out, quoted


@dataclass(frozen=True, slots=True)
class Finding:
    """What the verifier has against a draft."""

    code: str  # e.g. "unknown_clause", "not_verbatim", "number_not_in_clause"
    message: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the pipeline as it was taken, for the page and the trace."""

    name: str  # as in `rag/pipeline.py`
    label: str  # Chinese, for the page
    milliseconds: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """What a language model did for one answer, and what it used."""

    outcome: Outcome
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False  # whether characters stand for tokens, because the server did not count
    calls: int = 0
    first_milliseconds: float = 0.0  # until the first words of the last call
    milliseconds: float = 0.0  # of all calls, queueing included
    dropped: int = 0  # sentences that did not pass verification

    @property
    def tokens(self) -> int:
        """Asked and answered together."""
        return self.tokens_in + self.tokens_out


@dataclass(frozen=True, slots=True)
class Answer:
    """A verified answer."""

    question: str
    draft: Draft
    query: Query
    retrieved: tuple[Passage, ...] = ()  # best first
    findings: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    probability: float = 0.0  # calibrated, that the evidence answers the question
    wording: str = "extractive"  # or "generated": whether `Draft.prose` words it
    generation: Generation | None = None  # None where no model was asked

    @property
    def status(self) -> Status:
        """The status shown."""
        return self.draft.status

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations shown, numbered from 1."""
        return self.draft.citations
