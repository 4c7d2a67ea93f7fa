"""Fixed replies: read from `prompts/`, checked at start-up, filled in one place."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from index.errors import SettingError
from index.settings import ROOT

REPLIES = ROOT / "prompts" / "replies.toml"
# Every reply that the program uses, with the names that it fills in.
_NAMES = {
    "chitchat": (),
    "refused": (),
    "not_found": (),
    "foreign": ("places",),
    "nearest": ("address",),
    "ask_elsewhere": ("count",),
    "too_long": ("length", "limit"),
    "empty": (),
    "failed": (),
    "yes": (),
    "no": (),
    "stated": (),
    "partly": ("missing",),
    "yes_partly": ("missing",),
    "tentative": (),
    "compared": (),
    "several": (),
    "listed": (),
    "header": ("title", "field", "value"),
    "headers": ("field",),
    "period": ("title", "field", "period"),
    "missing": ("missing",),
    "conditional": ("conditions",),
    "unlisted": ("conditions",),
    "ask_issuer": ("issuer",),
    "expired": ("title", "date"),
    "not_yet": ("title", "date"),
    "replaced": ("title", "new", "date"),
    "beyond": ("title", "date"),
    "coming": ("title", "new", "date"),
    "past": ("title", "date"),
    "ask_past": (),
    "then": (),
}


@dataclass(frozen=True, slots=True)
class Replies:
    """Templates of the fixed replies."""

    templates: dict[str, Template]

    def __call__(self, name: str, **values: object) -> str:
        """Fill in a reply."""
        return self.templates[name].substitute(values)

    @classmethod
    @lru_cache(maxsize=2)
    def load(cls, path: Path = REPLIES) -> "Replies":
        """Read the replies.

        :raises SettingError: if one is missing or unknown, or holds other names than the program fills in.
        """
        texts = tomllib.loads(path.read_text(encoding="utf-8"))
        wrong = sorted(set(texts) ^ set(_NAMES))
        if wrong:
            raise SettingError(f"{path.name} 里缺少或多出了：{'、'.join(wrong)}。请改正后重试。")
        templates = {name: Template(text) for name, text in texts.items()}
        for name, template in templates.items():
            if set(template.get_identifiers()) != set(_NAMES[name]):
                message = f"{path.name} 里“{name}”的占位符应是 {_NAMES[name]}，现在是 {template.get_identifiers()}。"
                raise SettingError(message)
        return cls(templates)
