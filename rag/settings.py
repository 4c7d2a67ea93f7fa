"""Settings of the online part; read once, checked at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from index.errors import SettingError
from index.settings import ROOT, IndexSettings, environment, flag

ANSWERING = ROOT / "models" / "answering"  # weights that `python -m training.answering` makes


class Secret:
    """A value that is used and never shown: it prints as ***, whoever prints what holds it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "***" if self._value else "（空）"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be written")

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A language model behind an OpenAI-compatible address, and what it may cost."""

    base_url: str
    model: str
    key: Secret
    timeout: float  # seconds until its first words
    answer_seconds: float  # for everything that the model does for one answer
    temperature: float
    concurrency: int  # calls at the same time; further ones queue
    conversation_tokens: int  # asked and answered in one conversation; 0 is no limit
    day_tokens: int  # the same, by everybody in one day

    @property
    def host(self) -> str:
        """Where the model is, for messages."""
        return urlsplit(self.base_url).netloc

    @classmethod
    def load(cls, env: Mapping[str, str]) -> "ModelSettings | None":
        """Read from `env`; None where no model is set.

        :raises SettingError: if a value cannot work; the key is never part of the message.
        """
        url, model = env.get("RAG_LLM_BASE_URL", "").strip(), env.get("RAG_LLM_MODEL", "").strip()
        key = env.get("RAG_LLM_KEY", "").strip()
        made = cls(
            base_url=_address(url) if url else "",
            model=model,
            key=_key(key),
            timeout=_number(env, "RAG_LLM_TIMEOUT", 10, 0.1, 600),
            answer_seconds=_number(env, "RAG_LLM_ANSWER_SECONDS", 20, 0.1, 600),
            temperature=_number(env, "RAG_LLM_TEMPERATURE", 0, 0, 2),
            concurrency=_whole(env, "RAG_LLM_CONCURRENCY", 4, 1, 1000),
            conversation_tokens=_whole(env, "RAG_LLM_CONVERSATION_TOKENS", 0, 0, 10**12),
            day_tokens=_whole(env, "RAG_LLM_DAY_TOKENS", 0, 0, 10**12),
        )
        if bool(url) != bool(model):
            has, lacks = ("RAG_LLM_BASE_URL", "RAG_LLM_MODEL") if url else ("RAG_LLM_MODEL", "RAG_LLM_BASE_URL")
            raise SettingError(f"设置了 {has}，还缺 {lacks}。两个要一起写；不用模型就都去掉。")
        if key and not url:
            raise SettingError("设置了 RAG_LLM_KEY，还缺 RAG_LLM_BASE_URL 和 RAG_LLM_MODEL。不用模型就都去掉。")
        return made if url else None


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings."""

    index: IndexSettings
    reranker: str  # folder or name of a cross-encoder; "" for none
    answering: Path  # folder of the weights for ranking, evidence and routing
    today: date | None  # the day on which validity is judged; None means the day of the question
    upload: bool = False  # whether the page lets whoever opens it add policies
    model: ModelSettings | None = None  # the language model that words answers; None for none

    @classmethod
    def load(cls, env: Mapping[str, str]) -> "Settings":
        """Read from `env`."""
        return cls(
            index=IndexSettings.load(env),
            reranker=env.get("RAG_RERANKER", "").strip(),
            answering=ANSWERING,
            today=_day(env.get("RAG_TODAY", "")),
            upload=flag(env, "RAG_UPLOAD", default=False),
            model=ModelSettings.load(env),
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


def _address(url: str) -> str:
    """Check a base URL; one that holds a password or a query is not repeated in the message."""
    try:
        parts = urlsplit(url)
        private = bool(parts.username or parts.password or parts.query or parts.fragment)
        works = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        private, works = "@" in url, False
    if private:
        raise SettingError("设置 RAG_LLM_BASE_URL 里不能有用户名、密码或问号后的参数。密钥请写进 RAG_LLM_KEY。")
    if not works:
        raise SettingError(f"设置 RAG_LLM_BASE_URL 须是 https://主机/v1 这样的地址，现在是“{url}”。请改正后重试。")
    return url.rstrip("/")


def _key(value: str) -> Secret:
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise SettingError("设置 RAG_LLM_KEY 里有空格、汉字或看不见的字符。请重新复制密钥。")
    return Secret(value)


def _number(env: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = env.get(name, "").strip()
    try:
        value = float(text) if text else float(default)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingError(f"设置 {name} 须是 {least:g} 到 {most:g} 之间的数，现在是“{text}”。请改正后重试。")
    return value


def _whole(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = _number(env, name, default, least, most)
    if value != int(value):
        raise SettingError(f"设置 {name} 须是整数，现在是“{env[name]}”。请改正后重试。")
    return int(value)
