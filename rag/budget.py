"""Tokens used for one answer, and in a day: those in a small file, so that a restart does not reset what may be spent."""

import fcntl
import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.errors import SettingError

logger = logging.getLogger(__name__)

FILE = "llm-tokens.json"  # beside the index: what must not be shared between installations lies there already


@dataclass(slots=True)
class Meter:
    """What the calls for one answer used; counted up as they go."""

    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False  # whether a reply came without its count, so that characters stand for tokens
    calls: int = 0
    first_seconds: float = 0.0  # until the first words of the last call
    seconds: float = 0.0  # of all calls, queueing included

    @property
    def tokens(self) -> int:
        """Asked and answered together."""
        return self.tokens_in + self.tokens_out


class DayBudget:
    """The tokens of today, shared by all processes that use the same folder.

    :param limit: tokens a day; 0 is no limit, and nothing is written then.
    :raises SettingError: if the file cannot be written.
    """

    def __init__(self, folder: Path, limit: int, today: Callable[[], date] = date.today) -> None:
        self._path = folder / FILE
        self._limit = limit
        self._today = today
        if limit:
            self._change(0)  # a folder that cannot be written is known at start-up

    @property
    def spent(self) -> bool:
        """Whether nothing is left of today's tokens; calls under way may go over by what they use."""
        return bool(self._limit) and self._counted(0) >= self._limit

    def add(self, tokens: int) -> None:
        """Count tokens."""
        if self._limit:
            self._counted(tokens)

    def _counted(self, tokens: int) -> int:
        """Add to today's tokens and return them; what cannot be counted is taken to be spent."""
        try:
            return self._change(tokens)
        except SettingError as error:
            logger.warning("%s", error)
            return self._limit

    def _change(self, tokens: int) -> int:
        """Add to today's tokens and return them.

        :raises SettingError: if the file cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                used = self._read(file.read()) + tokens
                file.seek(0)
                file.write(json.dumps({"day": self._today().isoformat(), "tokens": used}))
                file.truncate()
        except OSError as error:
            message = f"用量文件 {self._path} 写不进去（{error.strerror}）。请检查权限，或去掉 RAG_LLM_DAY_TOKENS。"
            raise SettingError(message) from error
        return used

    def _read(self, text: str) -> int:
        """Return the tokens of today; a file of another day, or one cut short by a crash, counts none."""
        try:
            values = json.loads(text)
            return int(values["tokens"]) if values["day"] == self._today().isoformat() else 0
        except (ValueError, KeyError, TypeError):
            return 0
