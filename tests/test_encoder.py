"""The bundled encoder, with and without torch."""

import json
import shutil

import numpy as np
import pytest

from index.encoder import load_encoder
from index.errors import SettingError
from index.settings import BUNDLED_ENCODER, ROOT
from index.static_encoder import MAX_CHARACTERS

TEXTS = [
    "我们借了银行的钱，利息政府能帮着扛一点吗",
    "鼓励金融机构对符合条件的金融科技企业给予贷款贴息。",
    "ＡＩ　LAB 申请 2026年 PCT 专利",  # full width, Latin, numbers
    "？！",  # no piece at all
    "贷款",
]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(BUNDLED_ENCODER)


def test_rows_are_unit_vectors_and_zero_where_nothing_is_known(encoder):
    vectors = encoder.encode(TEXTS, kind="passage")
    assert vectors.dtype == np.float32
    assert vectors.shape == (5, encoder.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 1, 1, 0, 1], atol=1e-6)


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode([], kind="query").shape == (0, encoder.dimension)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(encoder):
    batch = encoder.encode(TEXTS * 300, kind="passage")  # more than one block
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(encoder.encode([text], kind="query")[0], batch[row - 5], atol=1e-6)


def test_width_and_case_do_not_count(encoder):
    wide, narrow = encoder.encode(["ＰＣＴ专利２０２６", "pct专利2026"], kind="query")
    np.testing.assert_array_equal(wide, narrow)


def test_what_follows_the_limit_is_not_read(encoder):
    long = "科技企业孵化器" * 300
    assert len(long) > MAX_CHARACTERS
    full, cut = encoder.encode([long, long[:MAX_CHARACTERS]], kind="passage")
    np.testing.assert_array_equal(full, cut)


def test_sentence_transformers_reads_the_same_vectors(encoder):
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(ROOT / BUNDLED_ENCODER), device="cpu").encode(TEXTS)
    np.testing.assert_allclose(encoder.encode(TEXTS, kind="passage"), theirs, atol=1e-5)


def test_the_vector_is_the_mean_of_the_words(encoder):
    pieces = encoder.pieces(TEXTS[1])
    assert 8 <= len(pieces) <= 14  # 鼓励 金融机构 对 符合 条件 的 金融科技 企业 给予 贷款 贴息, give or take a cut
    total = encoder.piece_vectors(pieces).sum(axis=0)
    np.testing.assert_allclose(encoder.encode([TEXTS[1]], kind="passage")[0], total / np.linalg.norm(total), atol=1e-6)


def test_the_same_words_have_the_same_numbers(encoder):
    assert encoder.pieces("贷款").tolist() == encoder.pieces(" 贷款。").tolist()
    assert encoder.pieces("？！").tolist() == []


def test_everyday_words_find_the_official_ones(encoder):
    query = encoder.encode(["欠银行的钱利息太高政府能帮着出一点吗"], kind="query")[0]
    passages = encoder.encode(["给予企业贷款贴息支持", "加强消防安全检查", "举办国际论坛和展览"], kind="passage")
    assert np.argmax(passages @ query) == 0


def test_another_folder_goes_through_sentence_transformers(tmp_path, encoder):
    folder = tmp_path / "pooled"
    shutil.copytree(ROOT / BUNDLED_ENCODER, folder)
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    dense = {"idx": 2, "name": "2", "path": "1_Normalize", "type": modules[1]["type"]}  # a module that we do not know
    (folder / "modules.json").write_text(json.dumps([*modules, dense]), encoding="utf-8")
    other = load_encoder(str(folder))
    assert type(other) is not type(encoder)
    assert other.dimension == encoder.dimension
    assert other.fingerprint != encoder.fingerprint
    np.testing.assert_allclose(
        other.encode(TEXTS, kind="query"), encoder.encode(TEXTS, kind="query"), atol=1e-5
    )


def test_the_card_is_no_part_of_the_fingerprint(tmp_path, encoder):
    folder = tmp_path / "copy"
    shutil.copytree(ROOT / BUNDLED_ENCODER, folder)
    (folder / "README.md").write_text("另一张卡片", encoding="utf-8")
    assert load_encoder(str(folder)).fingerprint == encoder.fingerprint


def test_a_missing_model_says_what_to_do():
    with pytest.raises(SettingError, match="找不到向量模型“no-such/model”.*RAG_ENCODER"):
        load_encoder("no-such/model")
