"""Builds that are killed, that run at the same time, and that go on while others read."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import library, store
from index.__main__ import main as index_command
from index.build import build
from index.store import Store
from tests.libraries import REPO, SMALL, CountingEncoder, command, copies, settings

OTHER = SMALL.replace("7号", "8号")
OURS = ["江府办〔2030〕7号", "江府办〔2030〕8号"]


@pytest.fixture(autouse=True)
def no_questions(monkeypatch: pytest.MonkeyPatch, encoder: CountingEncoder) -> None:
    """Leave known questions out, and let commands in this process use the model that is loaded."""
    monkeypatch.setenv("RAG_QUESTIONS", "no-questions")
    monkeypatch.setattr("index.__main__.load_encoder", lambda name, *, allow_download: encoder)


@pytest.fixture(scope="module")
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """An index of one policy, in tmp_path/index, built from tmp_path/policies."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "cloud.txt").write_text(SMALL, encoding="utf-8")
    assert run("build", "--policies", tmp_path / "policies", "--out", tmp_path / "index") == 0
    return tmp_path / "index"


def run(*arguments: object) -> int:
    return index_command([str(argument) for argument in arguments])


def ids(loaded: Store) -> list[str]:
    return [policy.id for policy in loaded.policies]


def answers(loaded: Store, encoder: CountingEncoder) -> bool:
    """Tell whether the index finds, by words and by vector, the article that it should, under its own id."""
    row = int(loaded.sparse.scores(loaded.tokenizer.words("企业上云最高补贴多少")).argmax())
    near, _ = loaded.dense.search(encoder.encode(["企业上云补贴"], kind="query")[0], len(loaded.passages))
    return "最高20万元" in loaded.passages[row].text and sorted(near.tolist()) == list(range(len(loaded.passages)))


def killed(root: Path, runs: Path, *arguments: object) -> int:
    parts = [sys.executable, "-m", "tests.killed", root, runs, *arguments]
    done = subprocess.run([str(part) for part in parts], cwd=REPO, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


# --- killed


@pytest.mark.parametrize("way", ["build", "add", "remove"])
def test_killed_at_any_moment_the_old_index_answers_and_the_next_build_mends(
    built: Path, encoder: CountingEncoder, tmp_path: Path, way: str
) -> None:
    policies, other, before, after = tmp_path / "policies", tmp_path / "rent.txt", OURS[:1], OURS
    other.write_text(OTHER, encoding="utf-8")
    if way == "remove":
        assert run("add", "--out", built, other) == 0
        before, after = OURS, OURS[:1]
    if way == "build":
        shutil.copy(other, policies)
    arguments = {"build": ["build", "--policies", policies], "add": ["add", other], "remove": ["remove", OURS[1]]}[way]
    (tmp_path / "runs").mkdir()
    count = killed(built, tmp_path / "runs", *arguments, "--out", "{}")
    assert count >= 15  # files and folders of a generation, the pointer, what is swept
    for moment in range(1, count + 2):
        root = tmp_path / "runs" / str(moment)
        loaded = store.load(root, encoder)
        assert ids(loaded) in (before, after), moment
        assert answers(loaded, encoder), moment
        assert run(*arguments, "--out", root) == 0 or (way, ids(loaded)) == ("remove", after)
        assert ids(store.load(root, encoder)) == after, moment
        assert not [path.name for path in root.rglob(".draft-*")], moment
    assert ids(store.load(tmp_path / "runs" / "1", encoder)) == after


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, encoder: CountingEncoder) -> Path:
    """A library of 150 policies in large/policies, its index in large/index, and one policy more that is not in it."""
    folder = tmp_path_factory.mktemp("large")
    library_of = settings(copies(folder / "policies", 150), folder / "index")
    report = build(library_of, encoder)
    assert (report.read, len(report.store.policies), len(report.store.clauses)) == (150, 150, 30 * 128)
    (folder / "policies" / "cloud.txt").write_text(SMALL, encoding="utf-8")
    return folder


def test_one_policy_more_among_a_hundred_and_fifty(large: Path, encoder: CountingEncoder, tmp_path: Path) -> None:
    root = shutil.copytree(large / "index", tmp_path / "index")
    encoder.texts.clear()
    report = build(settings(large / "policies", root), encoder)
    assert (report.read, len(report.store.policies), len(encoder.texts)) == (1, 151, 3)
    assert answers(store.load(root, encoder), encoder)
    encoder.texts.clear()
    assert not build(settings(large / "policies", root), encoder).changed
    assert encoder.texts == []


# --- at the same time

LOOP = """
import sys
from pathlib import Path
from index.build import build
from tests.libraries import SMALL, CountingEncoder, settings
made, encoder = settings(Path(sys.argv[1]), Path(sys.argv[2])), CountingEncoder()
for number in range(60):
    (made.policies / "more.txt").write_text(SMALL.replace("7号", f"{100 + number}号"), encoding="utf-8")
    build(made, encoder)
"""


def test_a_reader_never_sees_half_an_index_while_builds_go_on(built: Path, encoder: CountingEncoder) -> None:
    seen = set()
    parts = [sys.executable, "-c", LOOP, built.parent / "policies", built]
    with subprocess.Popen(parts, cwd=REPO) as builds:
        while builds.poll() is None:
            loaded = store.load(built, encoder)
            assert ids(loaded)[-1] == OURS[0] and len(loaded.policies) <= 2
            assert len(loaded.clauses) == len(loaded.passages) == 3 * len(loaded.policies)
            assert answers(loaded, encoder)
            seen.add(loaded.fingerprint)
    assert builds.returncode == 0
    assert len(seen) > 2
    assert "江府办〔2030〕159号" in ids(store.load(built, encoder))


def test_of_two_builds_at_once_the_second_says_so(built: Path, encoder: CountingEncoder) -> None:
    for arguments in (["build", "--policies", built.parent / "policies"], ["add", built / "CURRENT"], ["remove", OURS[0]]):
        with library.locked(built):
            done = command(*arguments, "--out", built)
        assert done.returncode == 1
        assert "另一个程序正在更新索引" in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert command("build", "--policies", built.parent / "policies", "--out", built).returncode == 0
    assert ids(store.load(built, encoder)) == OURS[:1]


def test_reading_needs_no_lock(built: Path) -> None:
    with library.locked(built):
        assert run("list", "--out", built) == run("check", "--out", built) == run("show", OURS[0], "--out", built) == 0
