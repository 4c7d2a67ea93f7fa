"""Steps of one answer: their labels as they begin, their milliseconds when they end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rag.types import Step


class Trace:
    """Record the steps of one answer.

    :param on_step: gets the Chinese label of each step as it begins.
    """

    def __init__(self, on_step: Callable[[str], None]) -> None:
        self._on_step = on_step
        self._steps: list[Step] = []
        self._label = ""

    @contextmanager
    def step(self, name: str, label: str) -> Iterator[None]:
        """Time what happens inside."""
        self._label = label
        self._on_step(label)
        started = time.perf_counter()
        try:
            yield
        finally:
            self._steps.append(Step(name, label, (time.perf_counter() - started) * 1000))

    def beat(self) -> None:
        """Tell the label again: a sign of life in a step that waits, by which whoever listens can stop it."""
        self._on_step(self._label)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far."""
        return tuple(self._steps)
