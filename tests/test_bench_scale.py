"""The measurement of large libraries: what it reads from commands, and the page that it writes."""

import json
import sys
from pathlib import Path

import pytest

from bench import scale
from bench.serving import Served
from tests.libraries import inside, shipped


def test_counts_are_those_that_a_build_prints(tmp_path: Path) -> None:
    built = inside("build", "--policies", shipped(tmp_path / "policies", 2), "--out", tmp_path / "index")
    policies, clauses = scale.counts(built.stdout)
    listed = inside("show", "--json", "--out", tmp_path / "index", "黄府发〔2025〕3号")
    assert (policies, clauses > len(json.loads(listed.stdout)) > 20) == (2, True)


def test_a_process_costs_its_own_time_and_memory() -> None:
    cost = scale.run("json.tool", "--help")
    assert 0 < cost.cpu <= cost.seconds * 2
    assert cost.peak_mb > 5
    assert "usage" in cost.output
    with pytest.raises(RuntimeError, match="ended with"):
        scale.run("no_such_module")


def test_the_page_has_every_figure() -> None:
    served = Served(*range(1, len(Served.__slots__) + 1))
    costs = [scale.Cost(1.5, 1.25, 100, "").flat(name) for name in ("build", "again", "add", "remove", "ask")]
    figures = {"load_average": 0.5, "policies": 3, "clauses": 40, "index_mb": 7, **served.flat("laws"), **served.flat("seeds")}
    for cost in costs:
        figures |= cost
    page = scale.page(figures)
    assert "3 份法规，40 个条款节点；1 个问题" in page
    assert "| 建索引，用时 | 1.5 秒 | 240 秒 |" in page
    assert f"| 载入 | {figures['laws_load_s']:g} 秒 | 6 秒 |" in page
    assert sys.executable not in page


def test_an_index_folder_counts_a_shared_file_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("ab", encoding="utf-8")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert sum(path.stat().st_size for path in scale.unique(tmp_path)) == 2
