"""Libraries made for tests: the shipped policies, many altered copies of them, and encoders that count."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from index import __main__ as index_command
from index.build import build
from index.encoder import Encoder, load_encoder
from index.reader import policy_files, read_text
from index.settings import IndexSettings
from rag.pipeline import Pipeline
from rag.settings import Settings

REPO = Path(__file__).resolve().parents[1]
POLICIES = REPO / "data" / "policies"
_NUMBER = re.compile(r"〔2025〕\d+号")  # in the shipped policies, each file's own 文号
_encoder = cache(load_encoder)
SMALL = """江州市企业上云补贴办法

江府办〔2030〕7号

第一条 对上云企业给予补贴，最高20万元。
第二条 本办法自2030年1月1日起施行。
"""  # a policy that is nobody's, for what needs one more


class CountingEncoder:
    """The bundled encoder, which keeps the texts that it was asked to encode."""

    def __init__(self) -> None:
        self._encoder: Encoder = load_encoder()
        self.name, self.dimension = self._encoder.name, self._encoder.dimension
        self.fingerprint = self._encoder.fingerprint
        self.texts: list[str] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._encoder, name)

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> np.ndarray:
        self.texts += texts
        return self._encoder.encode(texts, kind=kind)


def shipped(folder: Path, count: int = 5) -> Path:
    """Write the first `count` shipped policies to `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in policy_files(POLICIES)[:count]:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def copies(folder: Path, count: int) -> Path:
    """Write `count` policies to `folder`: the shipped ones over and over, each under a 文号 of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [read_text(path) for path in policy_files(POLICIES)]
    for number in range(count):
        text = _NUMBER.sub(f"〔2025〕{1000 + number}号", texts[number % len(texts)])
        (folder / f"{number:04d}.txt").write_text(text, encoding="utf-8")
    return folder


def settings(policies: Path, index: Path, questions: Path | None = None) -> IndexSettings:
    """Return settings for a library; without known questions where none are named."""
    loaded = IndexSettings.load({})
    return replace(loaded, policies=policies, index=index, questions=questions or policies / "no-questions")


def inside(*arguments: object, **environment: object) -> subprocess.CompletedProcess[str]:
    """Do what `command` does in this process, the model loaded once: seconds less for each command."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setattr(index_command, "load_encoder", _encoder)
        patched.setenv("RAG_QUESTIONS", "no-questions")
        for name, value in environment.items():
            patched.setenv(name, str(value))
        try:
            code = index_command.main([*map(str, arguments)])
        except SystemExit as ended:  # wrong usage
            code = ended.code
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def command(*arguments: object, module: str = "index", **environment: object) -> subprocess.CompletedProcess[str]:
    """Run `python -m index` (or another module) as a user does, without known questions unless they are named."""
    values = {"RAG_QUESTIONS": "no-questions", "RAG_TODAY": "2026-01-15"} | {k: str(v) for k, v in environment.items()}
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=REPO, env=os.environ | values, check=False, capture_output=True, text=True,
    )  # fmt: skip


def answering(policies: Path, index: Path, **environment: str) -> Pipeline:
    """Return the answer engine over an index built from `policies`, without known questions."""
    made = settings(policies, index)
    build(made, _encoder())
    values = {"RAG_INDEX": str(index), "RAG_QUESTIONS": str(made.questions), "RAG_TODAY": "2026-01-15"}
    return Pipeline.load(Settings.load(values | environment))
