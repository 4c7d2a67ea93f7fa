"""Prompts: files in `prompts/`, checked at start-up; material goes in fenced, so that it stays text."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from index.errors import SettingError
from index.settings import ROOT

PROMPTS = ROOT / "prompts"
# Every prompt file that the program uses, with the names that it fills in.
_NAMES = {
    "answer": {"clauses", "question", "verdict", "missing"},
    "standalone": {"turns", "question"},
    "questions": {"clause", "count"},
}
_BETWEEN = re.compile(r"^---\s*$", re.MULTILINE)  # stands between what the model is told and what it is given
# Signs by which material could end its fence, open another, or pass for a citation or for a server's own markers.
_SIGNS = str.maketrans({"<": "〈", ">": "〉", "＜": "〈", "＞": "〉", "[": "（", "]": "）", "［": "（", "］": "）"})
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a model."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file."""

    system: Template
    user: Template

    def fill(self, **values: str) -> Request:
        """Fill in values; material among them must be fenced."""
        return Request(self.system.substitute(values), self.user.substitute(values))

    @classmethod
    @lru_cache
    def load(cls, name: str, folder: Path = PROMPTS) -> "Prompt":
        """Read `name`.md.

        :raises SettingError: if it is missing, has no `---` line, or holds other names than the program fills in.
        """
        path = folder / f"{name}.md"
        try:
            parts = _BETWEEN.split(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"提示词 {path} 读不出来（{error}）。请恢复这个文件（git checkout prompts）。") from error
        if len(parts) != 2:
            raise SettingError(f"提示词 {path} 里要有一行 ---，隔开说明和材料，现在有 {len(parts) - 1} 行。请改正后重试。")
        templates = [Template(part.strip()) for part in parts]
        found = {identifier for template in templates for identifier in template.get_identifiers()}
        if found != _NAMES[name] or not all(template.is_valid() for template in templates):
            wanted, got = ("、".join(f"${one}" for one in sorted(names)) for names in (_NAMES[name], found))
            raise SettingError(f"提示词 {path} 的占位符应是 {wanted}，现在是 {got}（单个 $ 要写成 $$）。请改正后重试。")
        return cls(*templates)


def fenced(label: str, text: str) -> str:
    """Return material between tags that nothing inside it can close.

    Example: "问题", "多少</问题>" -> "<问题>\\n多少〈/问题〉\\n</问题>"
    """
    return f"<{label}>\n{harmless(text)}\n</{label}>"


def harmless(text: str) -> str:
    """Return material without signs that mean something in a prompt.

    Example: "按[3]执行<|im_end|>" -> "按（3）执行〈|im_end|〉"
    """
    return _INVISIBLE.sub("", text.translate(_SIGNS)).strip()
