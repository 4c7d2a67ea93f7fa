"""How much of a question stands in a text letter for letter."""

from dataclasses import dataclass

_LONGEST = 8  # characters; a longer common run says no more


@dataclass(frozen=True, slots=True)
class Grams:
    """The runs of characters of a question, folded, by length from 2 to `_LONGEST`."""

    by_length: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, question: str) -> "Grams":
        """Return the runs of a folded question; none across white space."""
        parts = question.split()
        return cls(
            tuple(
                tuple({part[i : i + n] for part in parts for i in range(len(part) - n + 1)})
                for n in range(2, _LONGEST + 1)
            )
        )

    def overlap(self, text: str) -> tuple[float, float]:
        """Return the share of the question's bigrams in a folded text, and the longest common run over `_LONGEST`.

        Example: "贷款贴息吗" in "给予贷款贴息" -> (0.75, 0.5)
        """
        bigrams = self.by_length[0]
        share = sum(gram in text for gram in bigrams) / len(bigrams) if bigrams else 0.0
        longest = 0
        for length, grams in enumerate(self.by_length, start=2):
            if not any(gram in text for gram in grams):
                break
            longest = length
        return share, longest / _LONGEST
