"""Settings of the online part; read once, checked at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.errors import SettingError
from index.settings import ROOT, IndexSettings, environment

ANSWERING = ROOT / "models" / "answering"  # weights that `python -m training.answering` makes


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings."""

    index: IndexSettings
    reranker: str  # folder or name of a cross-encoder; "" for none
    answering: Path  # folder of the weights for ranking, evidence and routing
    today: date | None  # the day on which validity is judged; None means the day of the question

    @classmethod
    def load(cls, env: Mapping[str, str]) -> "Settings":
        """Read from `env`."""
        return cls(
            index=IndexSettings.load(env),
            reranker=env.get("RAG_RERANKER", "").strip(),
            answering=ANSWERING,
            today=_day(env.get("RAG_TODAY", "")),
        )


def load_settings() -> Settings:
    """Read the settings of this process.

    :raises SettingError: if one cannot work.
    """
    return Settings.load(environment())


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value.strip() else None
    except ValueError:
        raise SettingError(f"设置 RAG_TODAY 须是 2026-01-31 这样的日期，现在是“{value}”。请改正后重试。") from None
