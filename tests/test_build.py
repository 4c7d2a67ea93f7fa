"""Building: only what is new is read and encoded, and no file stops the rest."""

import codecs
import json
from pathlib import Path

import numpy as np
import pytest

from index import store
from index.build import build
from index.errors import PolicyFileError, SettingError
from index.settings import IndexSettings
from tests.libraries import SMALL, CountingEncoder, copies, settings, shipped

OTHER = SMALL.replace("企业上云", "人才租房").replace("7号", "8号").replace("上云企业", "人才")
OURS = ("江府办〔2030〕7号", "江府办〔2030〕8号")


@pytest.fixture
def made(tmp_path: Path) -> IndexSettings:
    """A library of one short policy, with known questions."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "questions").mkdir()
    (tmp_path / "policies" / "cloud.txt").write_text(SMALL, encoding="utf-8")
    line = {"q": "上云补多少", "ids": [f"{OURS[0]}/第一条"]}
    (tmp_path / "questions" / "a.jsonl").write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    return settings(tmp_path / "policies", tmp_path / "index", tmp_path / "questions")


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


def ids(made: IndexSettings, encoder: CountingEncoder) -> list[str]:
    return [policy.id for policy in store.load(made.index, encoder).policies]


# --- incremental


def test_a_first_build_encodes_each_searched_clause_and_question_once(made: IndexSettings, encoder) -> None:
    report = build(made, encoder)
    assert (report.read, report.changed, report.failed) == (1, True, ())
    assert len(encoder.texts) == 4  # 题, two articles, one question
    assert "上云补多少" in encoder.texts
    assert sum("最高20万元" in text for text in encoder.texts) == 1


def test_a_second_build_encodes_nothing_and_writes_nothing(made: IndexSettings, encoder) -> None:
    build(made, encoder)
    encoder.texts.clear()
    before = {path: path.stat().st_mtime_ns for path in made.index.rglob("*")}
    report = build(made, encoder)
    assert (report.read, report.changed) == (0, False)
    assert encoder.texts == []
    assert {path: path.stat().st_mtime_ns for path in made.index.rglob("*")} == before


def test_only_what_is_new_is_encoded(made: IndexSettings, encoder) -> None:
    build(made, encoder)
    encoder.texts.clear()
    (made.policies / "rent.txt").write_text(OTHER, encoding="utf-8")
    assert build(made, encoder).read == 1
    assert len(encoder.texts) == 3
    assert all("人才租房" in text for text in encoder.texts)

    encoder.texts.clear()
    (made.policies / "rent.txt").write_text(OTHER.replace("20万元", "30万元"), encoding="utf-8")
    assert build(made, encoder).read == 1
    assert len(encoder.texts) == 1
    assert "30万元" in encoder.texts[0]

    encoder.texts.clear()
    questions = made.questions / "b.jsonl"
    questions.write_text(json.dumps({"q": "租房补多少", "ids": [f"{OURS[1]}/第一条"]}), encoding="utf-8")
    report = build(made, encoder)
    assert (report.read, report.changed, encoder.texts) == (0, True, ["租房补多少"])

    encoder.texts.clear()
    (made.policies / "rent.txt").unlink()
    assert build(made, encoder).changed
    assert encoder.texts == []
    assert ids(made, encoder) == [OURS[0]]


def test_a_new_title_is_searched_in_every_clause(made: IndexSettings, encoder) -> None:
    build(made, encoder)
    encoder.texts.clear()
    (made.policies / "cloud.txt").write_text(SMALL.replace("补贴办法", "奖励办法"), encoding="utf-8")
    build(made, encoder)
    assert len(encoder.texts) == 3
    assert all("奖励办法" in text for text in encoder.texts)


def test_step_by_step_gives_what_a_fresh_build_gives(tmp_path: Path, encoder) -> None:
    grown = settings(shipped(tmp_path / "policies", 2), tmp_path / "grown")
    build(grown, encoder)
    for change in (
        lambda folder: shipped(folder),
        lambda folder: copies(folder, 3),
        lambda folder: (folder / "0001.txt").unlink(),
        lambda folder: (folder / "0002.txt").write_text(SMALL, encoding="utf-8"),
        lambda folder: (folder / "0000.txt").rename(folder / "renamed.md"),
    ):
        change(grown.policies)
        last = build(grown, encoder).store
    fresh = build(settings(grown.policies, tmp_path / "fresh"), encoder).store
    assert last.fingerprint == fresh.fingerprint
    for name in ("policies", "clauses", "questions", "names"):
        assert getattr(last, name) == getattr(fresh, name), name
    np.testing.assert_allclose(last.dense.vectors(), fresh.dense.vectors(), atol=1e-6)
    words = fresh.tokenizer.words("企业贷款贴息")
    np.testing.assert_array_equal(last.sparse.scores(words), fresh.sparse.scores(words))


# --- files that are not as they should be


def harmful(folder: Path) -> list[str]:
    """Write files that cannot be policies and return what is said of each."""
    (folder / "空.txt").write_bytes(b"")
    (folder / "空白.txt").write_text("\n \u3000\n", encoding="utf-8")
    (folder / "二进制.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "目录.txt").mkdir()  # no file at all: passed over
    (folder / "坏链接.txt").symlink_to(folder / "没有.txt")  # the same
    (folder / "读不出.txt").symlink_to("/proc/self/mem")  # a file that fails when it is read
    (folder / "截断.txt").write_bytes(codecs.BOM_UTF16_LE + "第一条".encode("utf-16-le")[:-1])
    return ["二进制.txt", "截断.txt", "空.txt", "空白.txt", "读不出.txt"]


def test_files_that_cannot_be_read_are_named_and_the_others_are_in(made: IndexSettings, encoder) -> None:
    names = harmful(made.policies)
    report = build(made, encoder)
    assert ids(made, encoder) == [OURS[0]]
    assert sorted(name for name in names for message in report.failed if name in message) == sorted(names)
    assert len(report.failed) == len(names)
    assert not build(made, encoder).changed


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_simply_read(made: IndexSettings, encoder, encoding: str) -> None:
    (made.policies / "rent.txt").write_bytes(OTHER.encode(encoding))
    assert build(made, encoder).failed == ()
    assert store.load(made.index, encoder).clause(f"{OURS[1]}/第一条").text == "第一条 对人才给予补贴，最高20万元。"


def test_a_file_that_went_bad_leaves_the_index_and_comes_back(made: IndexSettings, encoder) -> None:
    path = made.policies / "rent.txt"
    path.write_text(OTHER, encoding="utf-8")
    assert ids_after_build(made, encoder) == list(OURS)
    path.write_bytes(b"")
    assert ids_after_build(made, encoder) == [OURS[0]]
    path.write_text(OTHER, encoding="utf-8")
    assert ids_after_build(made, encoder) == list(OURS)


def ids_after_build(made: IndexSettings, encoder: CountingEncoder) -> list[str]:
    build(made, encoder)
    return ids(made, encoder)


def test_nothing_readable_leaves_the_old_index_as_it_is(made: IndexSettings, encoder) -> None:
    build(made, encoder)
    (made.policies / "cloud.txt").write_bytes(b"")
    with pytest.raises(PolicyFileError, match=r"cloud\.txt 是空的"):
        build(made, encoder)
    assert ids(made, encoder) == [OURS[0]]


def test_the_same_content_twice_is_one_policy(made: IndexSettings, encoder) -> None:
    (made.policies / "again.txt").write_text(SMALL, encoding="utf-8")
    report = build(made, encoder)
    assert (report.read, ids(made, encoder)) == (1, [OURS[0]])


def test_of_two_versions_the_newer_keeps_the_plain_id(made: IndexSettings, encoder) -> None:
    signed = SMALL + "\n2030年1月1日\n"
    (made.policies / "cloud.txt").write_text(signed, encoding="utf-8")
    (made.policies / "a-newer.txt").write_text(
        signed.replace("20万元", "50万元").replace("2030年1月1日\n", "2031年3月1日\n"), encoding="utf-8"
    )
    build(made, encoder)
    loaded = store.load(made.index, encoder)
    assert len(loaded.policies) == 2
    assert len({clause.id for clause in loaded.clauses}) == len(loaded.clauses)
    assert "50万元" in loaded.clause(f"{OURS[0]}/第一条").text
    older = next(policy for policy in loaded.policies if policy.id != OURS[0])
    assert "20万元" in loaded.clause(f"{older.id}/第一条").text


# --- folders and questions


def test_a_missing_or_empty_folder_is_refused(tmp_path: Path, encoder) -> None:
    with pytest.raises(SettingError, match="没有政策目录"):
        build(settings(tmp_path / "none", tmp_path / "index"), encoder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingError, match="没有政策文件"):
        build(settings(tmp_path / "empty", tmp_path / "index"), encoder)


def test_an_index_folder_under_a_file_is_refused(made: IndexSettings, encoder, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match=r"写不进去.*--out"):
        build(settings(made.policies, tmp_path / "file" / "index"), encoder)


def test_questions_without_their_clause_are_left_out_and_blank_lines_do_not_count(made: IndexSettings, encoder) -> None:
    lines = [
        {"q": "上云补多少", "ids": [f"{OURS[0]}/第二条"]},  # asked already: the first answer stays
        {"q": "没有的条款", "ids": [f"{OURS[0]}/第九条"]},
        {"q": " 何时起施行\u2028 ", "ids": [f"{OURS[0]}/第二条"]},
        {"q": "谁也没说", "ids": []},
    ]
    text = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n"
    (made.questions / "b.jsonl").write_text(text, encoding="utf-8")
    questions = build(made, encoder).store.questions
    assert [(question.text, question.clause_ids) for question in questions] == [
        ("上云补多少", (f"{OURS[0]}/第一条",)),
        ("何时起施行", (f"{OURS[0]}/第二条",)),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"q": "x"}', "第 2 行不是"),
        (b"[]", "第 2 行不是"),
        (b'{"q": 1, "ids": []}', "第 2 行不是"),
        (b"\xff\xfe", "读不出来"),
    ],
)
def test_a_questions_file_that_is_wrong_is_named(made: IndexSettings, encoder, line: bytes, says: str) -> None:
    (made.questions / "错.jsonl").write_bytes(b'{"q": "y", "ids": ["z"]}\n' + line + b"\n")
    with pytest.raises(PolicyFileError, match=rf"错\.jsonl {says}"):
        build(made, encoder)
