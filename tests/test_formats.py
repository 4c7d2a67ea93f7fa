"""Policies that came in other formats: the same clauses for every structure, and rows of tables that answer."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from index.clauses import split_clauses
from index.policy import parse_policy
from index.reader import Reader, read_text
from rag.types import Status
from tests.formats import as_docx, as_html, as_ofd, paragraphs_of, saved
from tests.libraries import answering

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.txt"))
FORMATS = {"docx": as_docx, "html": as_html, "ofd": as_ofd}
TABBED = ("support-table", "html")  # its columns are set apart by tabs, which pages of the web do not have


def ids(text: str) -> list[str]:
    return [clause.id for clause in split_clauses(parse_policy(text, "文件", ""))]


@pytest.mark.parametrize("form", FORMATS)
def test_every_structure_has_the_clauses_that_its_text_has(form: str) -> None:
    make: Callable[[list[str]], bytes] = FORMATS[form]
    with Reader() as reader:
        for path in DOCUMENTS:
            if (path.stem, form) != TABBED:
                extract = reader.read(make(paragraphs_of(path)), f"文件.{form}")
                assert ids(extract.text) == ids(read_text(path)), path.name


def test_a_row_of_a_table_answers_and_is_quoted(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("江州市促进乡村旅游发展扶持办法", "江府办〔2030〕9号", "一、扶持范围", "在江州市从事乡村旅游经营的企业。", "二、扶持标准"):
        document.add_paragraph(text)
    rows = [("扶持项目", "条件", "标准"), ("新建民宿", "客房5间以上", "每间补助5000元"), ("民宿集群", "集中连片10户以上", "一次性奖励20万元"),
            ("研学基地", "年接待5000人次以上", "一次性奖励8万元")]  # fmt: skip
    table = document.add_table(0, 3)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("三、资金拨付")
    document.add_paragraph("经公示无异议后，在20个工作日内拨付。")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "旅游.docx").write_bytes(saved(document))
    pipeline = answering(tmp_path / "policies", tmp_path / "index")
    clause = pipeline.store.clause("江府办〔2030〕9号/二")
    assert "扶持项目：民宿集群，条件：集中连片10户以上，标准：一次性奖励20万元。" in clause.text.split("\n")
    answer = pipeline.ask("民宿集群能拿多少奖励")
    assert answer.status is Status.ANSWERED
    assert [citation.clause_id for citation in answer.citations] == [clause.id]
    assert "民宿集群" in answer.citations[0].quote and "20万元" in answer.citations[0].quote
    assert "研学基地" not in answer.citations[0].quote
