"""What may happen to a library in use: power cuts, full disks, changes while people ask. RAG_FAULTS=20 tries more of it."""

import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import store
from index.assemble import Document, write
from index.build import build
from index.policy import parse_policy
from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.settings import Settings
from tests.libraries import REPO, SMALL, CountingEncoder, command, copies, inside, settings, shipped
from tests.promises import broken

KILLS = int(os.environ.get("RAG_FAULTS", "3"))
ASKED = 10 * KILLS
NEW = "江府办〔2030〕7号"
# Questions with the clause that answers them, whatever else is in the library.
SURE = (("孵化器能拿到资金支持吗", "浦府办〔2025〕29号/二"), ("贷款的利息有没有补贴", "浦府办〔2025〕29号/八"))


@pytest.fixture(scope="module")
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def library(tmp_path: Path, encoder: CountingEncoder) -> Path:
    """The shipped policies in library/policies, their index in library/index, and one policy that is not in it."""
    build(settings(shipped(tmp_path / "policies"), tmp_path / "index"), encoder)
    (tmp_path / "cloud.txt").write_text(SMALL, encoding="utf-8")
    return tmp_path


def whole(root: Path, encoder: CountingEncoder) -> store.Store:
    """Return the index with every checksum compared."""
    loaded = store.load(root, encoder, check=True)
    assert loaded.dense.size == loaded.sparse.size == len(list(loaded.passages))
    return loaded


# --- killed


def test_killed_at_a_random_moment_the_old_index_stands_and_the_next_build_mends(
    tmp_path: Path, encoder: CountingEncoder
) -> None:
    made = settings(copies(tmp_path / "policies", 60), tmp_path / "index")
    build(made, encoder)
    for number in range(20):
        (made.policies / f"new-{number}.txt").write_text(SMALL.replace("7号", f"{number}号"), encoding="utf-8")
    parts = [sys.executable, "-m", "index", "build", "--policies", made.policies, "--out"]
    environment = os.environ | {"RAG_QUESTIONS": "no-questions"}
    took, chance, before = 0.0, random.Random(9), 0
    for number in range(KILLS + 1):
        root = shutil.copytree(made.index, tmp_path / f"index-{number}")
        started = time.monotonic()
        with subprocess.Popen([*parts, root], cwd=REPO, env=environment, stdout=subprocess.DEVNULL) as process:
            if number:  # the first one shows how long a build takes
                try:
                    process.wait(timeout=chance.uniform(0.3, 1.0) * took)
                except subprocess.TimeoutExpired:
                    process.kill()
        took = took or time.monotonic() - started
        found = len(whole(root, encoder).policies)
        assert found in (60, 80)
        before += found == 60
        mended = build(settings(made.policies, root), encoder).store
        assert len(mended.policies) == len(whole(root, encoder).policies) == 80
        assert not list(root.glob(".draft-*"))
        shutil.rmtree(root)
    assert before  # at least one was killed before it was done


# --- full disks


def test_where_a_file_cannot_be_written_the_old_index_stands_and_the_next_run_mends(
    library: Path, encoder: CountingEncoder
) -> None:
    copies_of = library / "copies"
    copies_of.mkdir()
    parts = [library / "index", copies_of, "add", library / "cloud.txt", "--out", "{}"]
    environment = os.environ | {"RAG_QUESTIONS": "no-questions"}
    before = {path.name: path.stat().st_size for path in store.current(library / "index").iterdir() if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "tests.full_disk", *map(str, parts)],
        cwd=REPO, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for limit, (code, said) in json.loads(done.stdout).items():
        assert code == 1, limit
        assert "写不进去" in said and "Traceback" not in said, said
        root = copies_of / limit
        old = whole(root, encoder)
        assert len(old.policies) == 5
        assert {name: (old.folder / name).stat().st_size for name in before} == before  # nothing is left behind
        assert not list(root.glob(".draft-*"))
        assert inside("add", library / "cloud.txt", "--out", root).returncode == 0
        assert whole(root, encoder).policy(NEW)


def test_what_was_added_to_shared_files_is_cut_off_when_a_later_file_fails(
    library: Path, encoder: CountingEncoder
) -> None:
    old, draft = whole(library / "index", encoder), library / "draft"
    draft.mkdir()
    (draft / "sparse").touch()  # a file where a folder is to be made, after all shared files were added to
    policy = parse_policy(SMALL, "cloud.txt", "0")
    documents = [*(Document.kept(entry, number) for number, entry in enumerate(old.entries)), Document.new(policy)]
    before = {path: path.stat().st_size for path in old.folder.iterdir()}
    with pytest.raises(FileExistsError):
        write(draft, documents, lambda ids: (), encoder, old)
    assert (draft / "vectors.f16").samefile(old.folder / "vectors.f16")
    assert {path: path.stat().st_size for path in old.folder.iterdir()} == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB; skipped where this process may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder], check=False, capture_output=True).returncode:
        pytest.skip("没有挂载的权限：满磁盘只用写入上限来试（上一个测试）。")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_on_a_full_disk_the_old_index_stands_and_the_next_run_mends(
    small_disk: Path, tmp_path: Path, encoder: CountingEncoder
) -> None:
    root, one, many = small_disk / "index", tmp_path / "one", tmp_path / "many"
    build(settings(shipped(one, 1), root), encoder)
    copies(many, 40)
    done = command("build", "--policies", many, "--out", root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "写不进去（No space left on device）" in done.stderr and "Traceback" not in done.stderr
    assert len(whole(root, encoder).policies) == 1
    assert not list(root.glob(".draft-*"))
    assert command("build", "--policies", shipped(many, 2), "--out", root).returncode in (0, 1)
    for path in many.glob("0*.txt"):
        path.unlink()
    assert command("build", "--policies", many, "--out", root).returncode == 0
    assert len(whole(root, encoder).policies) == 2


# --- while people ask


def test_policies_come_and_go_while_people_ask(library: Path, encoder: CountingEncoder) -> None:
    """A reader that changes over as the page does, by the name in CURRENT, against commands run as people run them."""
    root, stop, codes = library / "index", threading.Event(), []

    def change() -> None:
        while not stop.is_set():
            codes.append(command("add", library / "cloud.txt", "--out", root).returncode)
            codes.append(command("remove", NEW, "--out", root).returncode)

    found = Settings.load({"RAG_INDEX": str(root), "RAG_QUESTIONS": "no-questions", "RAG_TODAY": "2026-01-15"})
    stamp, pipelines = "", 0
    changing = threading.Thread(target=change)
    changing.start()
    try:
        asked = 0
        while asked < ASKED or pipelines < 3:
            if (now := (root / store.CURRENT).read_text(encoding="utf-8")) != stamp:
                pipeline, stamp, pipelines = Pipeline.load(found), now, pipelines + 1
            question, clause_id = SURE[asked % len(SURE)]
            for answer in (pipeline.ask(question), pipeline.ask("企业上云最高补贴多少")):
                assert not broken(answer, pipeline.store)
                assert "出错" not in plain_text(answer)
                asked += 1
            assert clause_id in {citation.clause_id for citation in pipeline.ask(question).citations}
            there = pipeline.store.policy(NEW) is not None
            assert there == (f"{NEW}/第一条" in {citation.clause_id for citation in answer.citations})
    finally:
        stop.set()
        changing.join()
    assert set(codes) == {0}
    assert whole(root, encoder)
