"""README and docs/ say what the program does: commands, flags, settings, layout, links, the answer of the example."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from index.__main__ import main as index_command
from index.settings import ROOT, IndexSettings
from rag.__main__ import main as rag_command
from rag.pipeline import Pipeline
from rag.replies import Replies
from rag.settings import Settings
from rag.text import squeeze

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
EXAMPLE_SETTINGS = (ROOT / ".env.example").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "data/README.md"]
SCREENSHOT = "docs/images/chat.png"
PROGRAMS = {"index": index_command, "rag": rag_command}
# A command up to the end of its line or code; " | " stands between commands of one program.
MENTION = re.compile(r"python -m (index|rag)((?: [^`\n]*)?)")
MAKERS = re.compile(r"python -m ((?:training|bench)[\w.]*)([^`\n]*)")
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def help_of(capsys: pytest.CaptureFixture[str], program: str, *command: str) -> str:
    """Return what a command prints for --help."""
    with pytest.raises(SystemExit) as stopped:
        PROGRAMS[program]([*command, "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


def subcommands(capsys: pytest.CaptureFixture[str], program: str) -> set[str]:
    """Return the subcommands that a program lists."""
    return set(re.findall(r"^    ([a-z-]+)\s", help_of(capsys, program), re.MULTILINE))


def flags_of(capsys: pytest.CaptureFixture[str], program: str, command: str) -> set[str]:
    """Return the flags of a subcommand, --help aside."""
    return set(FLAG.findall(help_of(capsys, program, command))) - {"--help"}


def sections() -> dict[tuple[str, str], str]:
    """Return the sections of docs/commands.md on subcommands, by program and subcommand."""
    parts = re.split(r"^## `(.+)`$", COMMANDS, flags=re.MULTILINE)
    by_title = dict(zip(parts[1::2], parts[2::2], strict=True))
    found = {title: re.fullmatch(r"python -m (index|rag) ([\w-]+)", title) for title in by_title}
    return {match.groups(): by_title[title] for title, match in found.items() if match}


def in_code() -> set[str]:
    """Return the settings that the program reads."""
    files = [ROOT / "app.py", *(path for folder in ("index", "rag", "ui") for path in (ROOT / folder).rglob("*.py"))]
    return {name for path in files for name in re.findall(r"\bRAG_[A-Z_]+\b", path.read_text(encoding="utf-8"))}


def offered() -> dict[str, str]:
    """Return the settings of .env.example as they read once uncommented."""
    return dict(re.findall(r"^#(RAG_[A-Z_]+)=(.*)$", EXAMPLE_SETTINGS, re.MULTILINE))


# --- commands


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_subcommand_has_its_section(capsys: pytest.CaptureFixture[str], program: str) -> None:
    documented = {command for name, command in sections() if name == program}
    assert documented == subcommands(capsys, program)


@pytest.mark.parametrize(("program", "command"), sections())
def test_section_names_every_flag_and_no_other(capsys: pytest.CaptureFixture[str], program: str, command: str) -> None:
    assert set(FLAG.findall(sections()[program, command])) == flags_of(capsys, program, command)


@pytest.mark.parametrize("document", ["README.md", "docs/commands.md", "data/README.md"])
def test_commands_mentioned_exist(capsys: pytest.CaptureFixture[str], document: str) -> None:
    for program, rest in MENTION.findall((ROOT / document).read_text(encoding="utf-8")):
        for part in filter(str.strip, rest.split("#")[0].split(" | ")):
            command = part.split()[0]
            assert command in subcommands(capsys, program), part
            assert set(FLAG.findall(part)) <= flags_of(capsys, program, command), part


@pytest.mark.parametrize(("module", "rest"), MAKERS.findall(README + COMMANDS))
def test_training_and_benchmarks_mentioned_exist(module: str, rest: str) -> None:
    base = ROOT / module.replace(".", "/")
    source = base / "__main__.py" if base.is_dir() else base.with_suffix(".py")
    for flag in FLAG.findall(rest.split("#")[0]):
        assert f'"{flag}"' in source.read_text(encoding="utf-8")
    assert source.is_file()


@pytest.mark.parametrize("target", ["run", "test"])
def test_make_target_can_run(target: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "-n", target]
    planned = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert {"run": "streamlit run app.py", "test": "-m pytest"}[target] in planned.stdout
    assert f"make {target}" in README


def test_make_variables_mentioned_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make run ([A-Z]+)=", README))
    assert named == set(re.findall(r"^([A-Z]+) \??= ", makefile, re.MULTILINE)) - {"BIN"}
    assert named <= set(re.findall(r"`([A-Z]+)`", COMMANDS))


# --- settings


def test_every_setting_is_documented_and_no_other() -> None:
    in_table = set(re.findall(r"^\| `(RAG_[A-Z_]+)`", README, re.MULTILINE))
    assert in_table == in_code()
    assert set(offered()) == in_code()
    assert set(re.findall(r"\bRAG_[A-Z_]+\b", README + COMMANDS + EXAMPLE_SETTINGS)) == in_code()


def test_example_settings_are_the_defaults() -> None:
    assert IndexSettings.load(offered()) == IndexSettings.load({})
    assert Settings.load(offered()) == Settings.load({})


def test_readme_table_has_the_defaults() -> None:
    rows = dict(re.findall(r"^\| `(RAG_[A-Z_]+)` \| (.+?) \|", README, re.MULTILINE))
    assert {name: value.strip("`").replace("（空）", "") for name, value in rows.items()} == offered()


def test_example_settings_change_nothing_until_uncommented() -> None:
    assert all(line.startswith("#") or not line for line in EXAMPLE_SETTINGS.splitlines())


# --- replies, layout, links


def test_placeholders_of_the_replies_are_known() -> None:
    assert Replies.load().templates


def test_layout_is_there() -> None:
    block = README.split("## 结构")[1].split("单向流动")[0]
    named = re.findall(r"^    ([\w./]+) ", block, re.MULTILINE)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_resolve(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text) if "://" not in link]
    missing = [link for link in links if not (document.parent / link).exists()]
    if missing == [SCREENSHOT]:
        pytest.skip(f"*** 没有截图 {SCREENSHOT}，请运行 python -m scripts.screenshot ***")
    assert missing == []


@pytest.mark.parametrize("name", sorted(re.findall(r"docs/decisions/(\d{4}-[\w-]+\.md)", README)))
def test_decision_has_its_four_parts(name: str) -> None:
    text = (ROOT / "docs/decisions" / name).read_text(encoding="utf-8")
    assert text.startswith(f"# {name[:4]} ")
    positions = [text.index(f"\n## {part}") for part in ("背景", "考虑过的做法", "决定", "后果")]
    assert positions == sorted(positions)


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"decisions/([\w-]+\.md)", README))
    assert listed == {path.name for path in (ROOT / "docs/decisions").glob("*.md")}


# --- the example


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    """README's question, the answer printed there, and the lines on its status and clauses."""
    block = re.search(r"```console\n\$ (.+)\n((?:.*\n)+?)```\n\n状态是 `(\w+)`，引用是 (.+?)。", README)
    return dict(zip(("command", "printed", "status", "clauses"), block.groups(), strict=True))


def test_example_gives_the_status_and_clauses_printed(pipeline: Pipeline, example: dict[str, str]) -> None:
    answer = pipeline.ask(shlex.split(example["command"])[-1])
    assert answer.status.value == example["status"]
    assert {citation.clause_id for citation in answer.citations} == set(re.findall("`(.+?)`", example["clauses"]))


def test_example_quotes_what_the_clauses_say(pipeline: Pipeline, example: dict[str, str]) -> None:
    clauses = [pipeline.store.clause(clause_id) for clause_id in re.findall("`(.+?)`", example["clauses"])]
    quotes = re.findall(r"^“(.+)”（", example["printed"], re.MULTILINE)
    assert quotes
    assert all(any(squeeze(quote) in squeeze(clause.text) for clause in clauses) for quote in quotes)
