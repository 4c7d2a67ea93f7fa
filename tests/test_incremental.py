"""A library that grew, shrank and changed in any order is the one that is built at once."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from index import dense, store
from index.build import build
from index.encoder import load_encoder
from index.reader import policy_files, read_text
from index.store import Store
from rag.models import Models
from rag.pipeline import Pipeline
from rag.plain import plain_text
from rag.settings import Settings
from tests.libraries import POLICIES, SMALL, settings

RENT = SMALL.replace("企业上云", "人才租房").replace("7号", "8号").replace("上云企业", "人才")
# File name -> what it may hold: shipped policies, a short one before and after a change, two versions under one 文号.
TEXTS = {
    **{path.name: [read_text(path)] for path in policy_files(POLICIES)[:3]},
    "cloud.txt": [SMALL, SMALL.replace("20万元", "30万元")],
    "rent.txt": [RENT],
    "rent-old.txt": [RENT.replace("20万元", "5万元").replace("2030年1月1日", "2028年1月1日")],
}
QUESTIONS = ("企业上云最高补贴多少", "人才租房补贴有多少钱", "贷款利息有没有补贴", "苏州的补贴")
STEP = st.tuples(st.sampled_from(sorted(TEXTS)), st.sampled_from(["first", "last", "gone"]))


@pytest.fixture(scope="module")
def models() -> Models:
    return Models.load(Settings.load({}))


def same(one: Store, other: Store) -> None:
    """Compare all that is searched and shown."""
    assert one.fingerprint == other.fingerprint
    assert [entry.id for entry in one.entries] == [entry.id for entry in other.entries]
    for name in ("policies", "clauses", "passages", "questions", "names"):
        assert getattr(one, name) == getattr(other, name), name
    for clause in other.clauses:
        assert one.clause(clause.id) == clause
    np.testing.assert_array_equal(one.dense.signs, other.dense.signs)
    np.testing.assert_array_equal(one.dense.vectors(), other.dense.vectors())
    rows = range(len(other.passages))
    for name in ("pieces", "lengths", "counts", "norms"):
        np.testing.assert_array_equal(getattr(one.parts.of(rows), name), getattr(other.parts.of(rows), name))
    assert set(one.sparse.words()) == set(other.sparse.words())
    for question in QUESTIONS:
        words = other.tokenizer.words(question)
        np.testing.assert_array_equal(one.sparse.scores(words), other.sparse.scores(words))
        assert one.sparse.ceiling(words) == other.sparse.ceiling(words)


def walked(steps: list[tuple[str, str]], folder: Path, models: Models) -> None:
    """Take the steps, building after each, and compare the end with a fresh build."""
    grown = settings(folder / "policies", folder / "grown")
    grown.policies.mkdir()
    (grown.policies / "base.txt").write_text(SMALL.replace("7号", "1号"), encoding="utf-8")
    build(grown, models.encoder)
    for name, step in steps:
        path = grown.policies / name
        if step == "gone":
            path.unlink(missing_ok=True)
        else:
            path.write_text(TEXTS[name][0 if step == "first" else -1], encoding="utf-8")
        build(grown, models.encoder)
    fresh = settings(grown.policies, folder / "fresh")
    build(fresh, models.encoder)
    one, other = (store.load(made.index, models.encoder, check=True) for made in (grown, fresh))
    same(one, other)
    first, second = (Pipeline(made, models) for made in (one, other))
    for question in QUESTIONS:
        assert plain_text(first.ask(question)) == plain_text(second.ask(question))


@tries(max_examples=12, derandomize=True, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=7))
def test_any_order_of_changes_gives_what_a_fresh_build_gives(models: Models, steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        walked(steps, Path(name), models)


def test_so_it_is_where_vectors_are_searched_by_their_signs(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "EXACT_UP_TO", 2)
    walked([(name, "first") for name in TEXTS] + [("rent.txt", "gone"), ("cloud.txt", "last")], tmp_path, models)


def test_where_much_is_removed_all_files_are_written_anew(models: Models, tmp_path: Path) -> None:
    made = settings(tmp_path / "policies", tmp_path / "index")
    made.policies.mkdir()
    for name, texts in TEXTS.items():
        (made.policies / name).write_text(texts[0], encoding="utf-8")
    build(made, models.encoder)
    before = store.current(made.index).joinpath(store.VECTORS).stat()
    (made.policies / "cloud.txt").unlink()
    after = build(made, models.encoder).store.folder.joinpath(store.VECTORS).stat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)  # little is gone: the file is shared
    for path in policy_files(POLICIES)[:3]:
        (made.policies / path.name).unlink()
    small = build(made, models.encoder).store  # what was removed counts from the next build on
    (made.policies / "more.txt").write_text(SMALL.replace("7号", "9号"), encoding="utf-8")
    anew = build(made, models.encoder).store
    assert anew.folder.joinpath(store.VECTORS).stat().st_size < before.st_size / 3
    assert len(anew.policies) == len(small.policies) + 1
    same(anew, build(settings(made.policies, tmp_path / "fresh"), load_encoder()).store)


def test_a_model_without_words_is_searched_and_answered_from_too(models: Models, tmp_path: Path) -> None:
    """Words are then cut when a question is asked, to the same end."""

    class Wordless:
        name, dimension, fingerprint = models.encoder.name, models.encoder.dimension, "another"
        encode = staticmethod(models.encoder.encode)

    made = settings(POLICIES, tmp_path / "index")
    with_words = Pipeline(build(settings(POLICIES, tmp_path / "words"), models.encoder).store, models)
    without = build(made, Wordless()).store
    assert without.parts is None
    changed = Models(Wordless(), models.words, models.answering)
    for question in QUESTIONS:
        one, other = with_words.ask(question), Pipeline(without, changed).ask(question)
        assert plain_text(one) == plain_text(other)
        assert one.probability == pytest.approx(other.probability, abs=1e-5)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "cloud.txt").write_text(SMALL, encoding="utf-8")
    assert len(build(settings(tmp_path / "more", made.index), Wordless()).store.policies) == 1
