"""The index on disk: read back as it was written, refused when it is not what the program needs."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import checksums, store, tokenizer
from index.build import build
from index.encoder import load_encoder
from index.errors import IndexFileError, IndexMissingError, IndexStaleError
from index.manifest import Manifest
from index.settings import BUNDLED_ENCODER, ROOT, IndexSettings
from index.store import Store
from index.types import ClauseKind
from tests.libraries import SMALL, settings, shipped

QUESTION = "我们借了银行的钱，利息政府能帮着扛一点吗"
NUMBER = "浦府办〔2025〕29号"
FILES = [
    "manifest.json", "documents.jsonl", "policies.jsonl", "clauses.jsonl", "vectors.f16", "pieces.bin", "rows.npz",
    "signs.npy", "questions.jsonl", "questions.npy", "sparse/words.json",
    *(f"sparse/{name}.npy" for name in ("starts", "rows", "times", "weights", "lengths")),
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, encoder) -> tuple[Path, Store]:
    """An index of the shipped policies with two known questions, and the store it was written from."""
    folder = tmp_path_factory.mktemp("store")
    questions = folder / "questions"
    questions.mkdir()
    lines = [{"q": "利息能补吗", "ids": [f"{NUMBER}/八"]}, {"q": "开会有补贴吗", "ids": [f"{NUMBER}/七"]}]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (questions / "staff.jsonl").write_text(text + "\n", encoding="utf-8")
    made = settings(shipped(folder / "policies"), folder / "index", questions)
    return made.index, build(made, encoder).store


@pytest.fixture
def index(built: tuple[Path, Store]) -> Iterator[Path]:
    """The index folder; what a test does to it is undone."""
    root, _ = built
    kept = root.with_name("kept")
    shutil.copytree(root, kept)
    yield root
    shutil.rmtree(root)
    kept.rename(root)


@pytest.fixture
def small(tmp_path: Path) -> IndexSettings:
    """A library of one short policy with one known question."""
    for folder, name, text in (
        ("policies", "cloud.txt", SMALL),
        ("questions", "staff.jsonl", '{"q": "上云补多少", "ids": ["江府办〔2030〕7号/第一条"]}\n'),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    return settings(tmp_path / "policies", tmp_path / "index", tmp_path / "questions")


# --- there and back


def test_a_store_comes_back_as_it_was_written(built: tuple[Path, Store], encoder) -> None:
    root, written = built
    read = store.load(root, encoder)
    for name in ("manifest", "policies", "clauses", "questions", "names", "passages", "fingerprint"):
        assert getattr(read, name) == getattr(written, name), name
    np.testing.assert_array_equal(read.dense.vectors(), written.dense.vectors())
    np.testing.assert_array_equal(read.dense_questions.vectors(), written.dense_questions.vectors())
    words = read.tokenizer.words(QUESTION)
    assert words == written.tokenizer.words(QUESTION)
    np.testing.assert_array_equal(read.sparse.scores(words), written.sparse.scores(words))


def test_what_is_searched_is_all_but_bare_headings(built: tuple[Path, Store]) -> None:
    _, made = built
    assert len(made.clauses) == 128
    assert {clause.kind for clause in set(made.clauses) - set(made.passages)} == {ClauseKind.HEADING}
    assert made.dense.size == made.sparse.size == len(made.passages)
    assert [question.text for question in made.questions] == ["利息能补吗", "开会有补贴吗"]


def test_clauses_and_policies_are_found_by_id(built: tuple[Path, Store]) -> None:
    _, made = built
    assert "贷款贴息" in made.clause(f"{NUMBER}/八").text
    assert made.policy(NUMBER).issued.isoformat() == "2025-07-21"
    assert made.clause("没有") is None
    assert made.policy("没有") is None


def test_a_person_can_read_the_files_and_none_is_a_pickle(built: tuple[Path, Store]) -> None:
    folder = store.current(built[0])
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == sorted(FILES)
    lines = (folder / "clauses.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 128
    assert any(f'"id": "{NUMBER}/八"' in line and "贷款贴息" in line for line in lines)
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["clauses"] == 128
    for path in folder.rglob("*.npy"):
        assert np.load(path, allow_pickle=False).size


# --- refused


def refusal(root: Path, encoder) -> str:
    with pytest.raises(IndexFileError) as caught:
        store.load(root, encoder)
    assert "python -m index build" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("harm", ["missing", "empty", "half", "foreign", "null"])
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_refused_and_the_next_build_mends_it(small: IndexSettings, encoder, file: str, harm: str) -> None:
    build(small, encoder)
    path = store.current(small.index) / file
    data = path.read_bytes()
    harmed = {"empty": b"", "half": data[: len(data) // 2], "foreign": "另一个文件".encode(), "null": b"null"}.get(harm)
    path.unlink()
    if harmed is not None:
        path.write_bytes(harmed)
    refusal(small.index, encoder)
    assert build(small, encoder).changed
    mended = store.load(small.index, encoder)
    assert [clause.path for clause in mended.clauses] == [("题",), ("第一条",), ("第二条",)]
    assert mended.questions[0].text == "上云补多少"
    assert path.read_bytes() == data or file == "manifest.json"  # which says when it was built


@pytest.mark.parametrize("file", ["policies.jsonl", "clauses.jsonl", "questions.jsonl"])
def test_a_file_that_lost_its_last_line_is_refused(index: Path, encoder, file: str) -> None:
    path = store.current(index) / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    assert "不完整或已损坏" in refusal(index, encoder)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("format", 0, "索引格式是第 0 版"), ("code", "0", "另一版程序"), ("clauses", 127, "不完整或已损坏")],
)
def test_an_index_of_another_version_is_refused(index: Path, encoder, field: str, value: object, says: str) -> None:
    path = store.current(index) / "manifest.json"
    replace(Manifest.load(path), **{field: value}).save(path)
    with pytest.raises(IndexStaleError):
        store.load(index, encoder)
    assert says in refusal(index, encoder)


@pytest.mark.parametrize("file", FILES)
def test_one_changed_byte_is_noticed(index: Path, encoder, file: str) -> None:
    path = store.current(index) / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "已损坏" in refusal(index, encoder)


def test_large_files_are_read_through_when_asked_for(index: Path, encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checksums, "ALWAYS_UP_TO", 1000)
    path = store.current(index) / "vectors.f16"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert store.load(index, encoder).passages[0]
    with pytest.raises(IndexStaleError, match=r"vectors\.f16 与建立时不同"):
        store.load(index, encoder, check=True)


def test_what_stands_behind_a_generation_in_a_shared_file_is_not_looked_at(index: Path, encoder) -> None:
    before = store.load(index, encoder)
    for name in ("policies.jsonl", "clauses.jsonl", "vectors.f16", "pieces.bin"):
        with (store.current(index) / name).open("ab") as file:
            file.write(b"left by a killed build")
    after = store.load(index, encoder, check=True)
    assert after.clauses == before.clauses
    np.testing.assert_array_equal(after.dense.vectors(), before.dense.vectors())


def test_an_index_made_with_another_dictionary_is_refused(
    index: Path, encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = tmp_path / "terms.txt"
    terms.write_text("云端一号\n", encoding="utf-8")
    monkeypatch.setattr(tokenizer, "DICTIONARY", terms)
    assert "词典变了" in refusal(index, encoder)


def test_an_index_made_with_another_model_is_refused(index: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / BUNDLED_ENCODER, tmp_path / "another")
    (folder / "extra.json").write_text("{}", encoding="utf-8")
    says = refusal(index, load_encoder(str(folder)))
    assert "向量模型是 policy-static-zh，现在设置的是 another" in says


@pytest.mark.parametrize("content", [None, "", "nowhere", "library", "../..", "CURRENT", "\udcff"])
def test_a_pointer_to_nowhere_is_no_index(index: Path, encoder, content: str | None) -> None:
    (index / "CURRENT").unlink()
    if content is not None:
        (index / "CURRENT").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexMissingError):
        store.load(index, encoder)
    assert "没有找到索引" in refusal(index, encoder)


def test_no_folder_is_no_index(tmp_path: Path, encoder) -> None:
    assert "没有找到索引" in refusal(tmp_path / "nothing", encoder)


# --- generations


def test_two_generations_are_kept_and_what_killed_builds_left_is_swept(tmp_path: Path, encoder) -> None:
    made = settings(shipped(tmp_path / "policies", 1), tmp_path / "index")
    for number in range(4):
        (made.policies / "new.txt").write_text(SMALL.replace("7号", f"{number}号"), encoding="utf-8")
        (made.index / ".draft-killed").mkdir(parents=True)
        (made.index / "CURRENT.123").touch()
        built = build(made, encoder).store
        assert store.current(made.index).name == built.fingerprint
    names = {path.name for path in made.index.iterdir()}
    assert built.fingerprint in names
    assert len(names) == 3  # CURRENT and two generations


def test_going_back_to_an_earlier_library_uses_its_generation_again(tmp_path: Path, encoder) -> None:
    made = settings(shipped(tmp_path / "policies", 1), tmp_path / "index")
    first = build(made, encoder).store.fingerprint
    (made.policies / "new.txt").write_text(SMALL, encoding="utf-8")
    assert build(made, encoder).store.fingerprint != first
    (made.policies / "new.txt").unlink()
    assert build(made, encoder).store.fingerprint == first
    assert len(store.load(made.index, encoder).policies) == 1
