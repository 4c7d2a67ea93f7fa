"""The statute benchmark on a corpus that can be checked by eye."""

import json

import numpy as np
import pytest

from bench import statutes
from bench.legs import LEGS, NEIGHBOUR_WEIGHT, best_of_law, blend

CORPUS = {
    "甲条例第一条": "对企业的银行贷款给予利息补贴。",
    "甲条例第二条": "举办国际论坛和展览的，给予场租资助。",
    "乙条例第一条": "个人饲养犬只应当办理登记。",
}
QUESTIONS = [
    {"id": 1, "question": "养犬要登记吗", "gold": ["乙条例第一条"]},
    {"id": 2, "question": "银行贷款利息有补贴吗", "gold": ["甲条例第一条"]},
    {"id": 3, "question": "不在语料里", "gold": ["丙条例第一条"]},  # not counted
]


@pytest.fixture
def files(tmp_path):
    corpus, questions = tmp_path / "corpus.jsonl", tmp_path / "questions.jsonl"
    rows = [{"id": key, "text": text} for key, text in CORPUS.items()]
    for path, lines in ((corpus, rows), (questions, QUESTIONS)):
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return questions, corpus


def test_every_leg_finds_what_is_plain(files, capsys):
    questions, corpus = files
    statutes.main([str(questions), "--corpus", str(corpus)])
    *_, last = capsys.readouterr().out.splitlines()
    results = json.loads(last)
    assert list(results) == list(LEGS)
    for figures in results.values():
        assert list(figures) == [
            "recall@5", "recall@10", "recall@100", "mrr", "index_s", "query_p50_ms", "query_p95_ms", "rss_mb"
        ]  # fmt: skip
        assert (figures["recall@5"], figures["mrr"]) == (1.0, 1.0)
        assert figures["rss_mb"] > 0


def test_recall_counts_every_article_and_mrr_the_first():
    assert statutes.ranking([7, 3, 9], {3, 8}) == (0.5, 0.5, 0.5, 0.5)
    assert statutes.ranking([*range(9), 42], {42}) == (0.0, 1.0, 1.0, 0.1)
    assert statutes.ranking([1], {2}) == (0.0, 0.0, 0.0, 0.0)


def test_an_article_takes_a_share_of_its_neighbours_in_the_same_law():
    laws = np.array([0, 0, 0, 1])
    blended = blend(np.eye(4, dtype=np.float32), laws)
    ends, middle = np.hypot(1, NEIGHBOUR_WEIGHT), np.sqrt(1 + 2 * NEIGHBOUR_WEIGHT**2)
    expected = np.eye(4)
    expected[0, 1] = expected[1, 0] = expected[1, 2] = expected[2, 1] = NEIGHBOUR_WEIGHT
    np.testing.assert_allclose(blended, expected / np.array([ends, middle, ends, 1])[:, None], rtol=1e-6)


def test_an_article_knows_the_best_score_in_its_law():
    best = best_of_law(np.array([1, 0, 1, 2]))  # the articles of a law need not follow each other
    assert best(np.array([0.1, 0.2, 0.3, 0.4])).tolist() == [0.3, 0.2, 0.3, 0.4]
