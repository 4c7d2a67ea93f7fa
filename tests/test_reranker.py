"""The optional cross-encoder, on a tiny one made here."""

from pathlib import Path

import pytest

from index.errors import SettingError
from rag.reranker import DEPTH, CrossEncoderReranker


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random one-layer cross-encoder over single characters."""
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    signs = sorted(set("对符合条件的金融科技企业按照规定给予贷款贴息和担保费补利政府能帮着扛一点吗园区"))
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *signs]), encoding="utf-8")
    tokenizer = BertTokenizerFast(vocab_file=str(vocabulary))
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    model = BertForSequenceClassification(BertConfig(vocab_size=len(tokenizer), num_labels=1, **sizes))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CrossEncoder(str(folder), device="cpu", local_files_only=True)  # what the test makes, the library reads
    return folder


def test_the_order_is_the_cross_encoders_and_the_probabilities_stay_sorted(tiny, pipeline):
    ranking = pipeline.searcher.search(pipeline.reader.read("贷款利息政府能帮着扛一点吗"))
    passages = CrossEncoderReranker(str(tiny)).rerank("贷款利息", ranking.passages)
    assert {p.clause.id for p in passages} == {p.clause.id for p in ranking.passages}
    first = passages[:DEPTH]
    values = [dict(p.legs)["rerank"] for p in first]
    assert values == sorted(values, reverse=True)
    assert [p.score for p in first] == [p.score for p in ranking.passages[:DEPTH]]
    assert [p.rank for p in passages] == list(range(1, len(passages) + 1))
    assert passages[DEPTH:] == ranking.passages[DEPTH:]


def test_the_setting_reranks_every_answer(tiny, index_dir, monkeypatch):
    from rag.pipeline import Pipeline
    from rag.settings import load_settings

    monkeypatch.setenv("RAG_INDEX", str(index_dir))
    monkeypatch.setenv("RAG_RERANKER", str(tiny))
    answer = Pipeline.load(load_settings()).ask("浦东对金融科技企业的贷款有没有贴息")
    assert "rerank" in dict(answer.retrieved[0].legs)


def test_a_missing_reranker_says_what_to_do():
    with pytest.raises(SettingError, match="RAG_RERANKER"):
        CrossEncoderReranker("没有这个模型")
