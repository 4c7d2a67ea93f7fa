"""Settings: read once from the environment and `.env`, checked at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingError

ROOT = Path(__file__).resolve().parent.parent  # the repository
BUNDLED_ENCODER = "models/policy-static-zh"  # relative to ROOT


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Where policies come from, where the index goes, and what encodes it."""

    policies: Path  # folder of policy files
    index: Path  # folder of the index
    questions: Path  # folder of known questions
    encoder: str  # folder or name of a sentence-transformers model
    allow_download: bool  # whether a named model may be fetched from a hub

    @classmethod
    def load(cls, env: Mapping[str, str]) -> "IndexSettings":
        """Read from `env`, falling back on what the repository ships."""
        return cls(
            policies=_path(env.get("RAG_POLICIES", "data/policies")),
            index=_path(env.get("RAG_INDEX", "var/index")),
            questions=_path(env.get("RAG_QUESTIONS", "data/questions")),
            encoder=_encoder(env.get("RAG_ENCODER", BUNDLED_ENCODER)),
            allow_download=flag(env, "RAG_ALLOW_DOWNLOAD", default=False),
        )


def environment() -> dict[str, str]:
    """Return the process environment over the lines of `.env` in the repository; an empty value counts as none."""
    values: dict[str, str] = {}
    dotenv = ROOT / ".env"
    if dotenv.is_file():
        for line in dotenv.read_text(encoding="utf-8").splitlines():
            name, separator, value = line.partition("=")
            if separator and not name.lstrip().startswith("#"):
                values[name.strip()] = value.strip().strip("'\"")
    return {name: value for name, value in (values | dict(os.environ)).items() if value.strip()}


def flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Read a yes/no setting.

    :raises SettingError: if the value is neither.
    """
    value = env.get(name, "").strip().lower()
    if value in {"", "0", "false", "no"}:
        return default if value == "" else False
    if value in {"1", "true", "yes"}:
        return True
    raise SettingError(f"设置 {name} 只能是 1 或 0，现在是“{value}”。请改正后重试。")


def _path(value: str) -> Path:
    path = Path(value).expanduser()
    return path if path.is_absolute() else ROOT / path


def _encoder(value: str) -> str:
    """Return a folder's full path, or the model's name as it is."""
    return str(_path(value)) if _path(value).is_dir() else value
