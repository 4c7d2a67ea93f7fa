"""The clauses of an answer as a model sees them: [1], [2], …, and back."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.store import Store
from index.types import Clause
from rag.address import written
from rag.prompt import fenced, harmless
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Numbered:
    """Numbered clauses; a number that is none of theirs means nothing."""

    clauses: tuple[Clause, ...]
    citations: tuple[tuple[int, ...], ...]  # for each clause, the numbers of the answer's citations of it

    @classmethod
    def of(cls, answer: Answer, store: Store) -> "Numbered":
        """Number the clauses that an answer cites, in its order."""
        numbers: dict[str, list[int]] = {}
        for citation in answer.citations:
            numbers.setdefault(citation.clause_id, []).append(citation.number)
        return cls(tuple(store.clause(clause_id) for clause_id in numbers), tuple(map(tuple, numbers.values())))

    @property
    def material(self) -> str:
        """The clauses for a prompt: each fenced, under its number and address."""
        return "\n".join(
            f"[{number}]（{harmless(written(clause))}）\n{fenced('条款', clause.text)}"
            for number, clause in enumerate(self.clauses, start=1)
        )

    def known(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Return those of the numbers that a clause has."""
        return tuple(number for number in numbers if 1 <= number <= len(self.clauses))

    def of_numbers(self, numbers: Iterable[int]) -> tuple[Clause, ...]:
        """Return the clauses of known numbers."""
        return tuple(self.clauses[number - 1] for number in numbers)

    def cited(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Return the numbers of the answer's citations for known numbers of clauses."""
        return tuple(sorted({citation for number in numbers for citation in self.citations[number - 1]}))
