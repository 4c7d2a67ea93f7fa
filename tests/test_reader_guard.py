"""Whatever happens to the process that reads risky files, ours gets a message in time."""

import os
import sys
from pathlib import Path

import pytest

from index import reader_guard
from index.errors import PolicyFileError
from index.reader_guard import Guard
from index.reader_kinds import Kind, Limit

# A worker of the same protocol whose "reader" does what the file says.
_OBEDIENT = """
import json, sys
from index import reader_worker
from index.types import Extract
def obey(data, name):
    space = {}
    exec(data.decode(), space)
    return Extract(str(space.get("text", "")))
reader_worker.READERS = dict.fromkeys(reader_worker.Kind, obey)
reader_worker.main()
"""


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(reader_guard.LIMITS, Kind.HTML, Limit(10**6, 2))
    with Guard((sys.executable, "-c", _OBEDIENT)) as guarded:
        yield guarded


def said(guard: Guard, program: str, kind: Kind = Kind.DOCX) -> str:
    with pytest.raises(PolicyFileError) as caught:
        guard.read(program.encode(), "坏.docx", kind)
    return str(caught.value)


def pid(guard: Guard) -> str:
    return guard.read(b"import os; text = os.getpid()", "好.docx", Kind.DOCX).text


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise KeyError('w:p')", "KeyError: 'w:p'"),
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("import os; os._exit(5)", "退出码 5"),
        ("import sys; sys.exit(0)", "退出码 0"),
    ],
)
def test_a_reader_that_ends_its_process_costs_one_file(guard: Guard, program: str, reason: str) -> None:
    before = pid(guard)
    assert said(guard, program).startswith(f"坏.docx 读到一半出错（{reason}）。文件可能已损坏")
    assert pid(guard) != before


@pytest.mark.parametrize("program", ["while True: pass", "import time; time.sleep(100)", "import os; os.system('sleep 100')"])
def test_a_file_that_takes_too_long_is_broken_off(guard: Guard, program: str) -> None:
    pid(guard)
    assert "读了 2 秒还没有读完，已停止" in said(guard, program, Kind.HTML)
    assert pid(guard)


@pytest.mark.skipif(sys.platform != "linux", reason="data limits hold on Linux only")
def test_a_file_that_takes_too_much_memory_is_broken_off(guard: Guard) -> None:
    before = pid(guard)
    assert "超过 2 GiB 内存的上限" in said(guard, "x = bytearray(3 * 2**30)")
    assert pid(guard) == before


def test_a_text_without_end_and_nesting_without_end_are_refused(guard: Guard) -> None:
    assert "超过一份政策 5242880 个字的上限" in said(guard, "text = '长' * 5242881")
    assert "嵌套得太深" in said(guard, "f = lambda: f()\nf()")


def test_what_libraries_print_is_no_answer(guard: Guard) -> None:
    program = "import os; print('{}'); os.write(1, b'x'); text = '正文'"
    assert guard.read(program.encode(), "好.docx", Kind.DOCX).text == "正文"


def test_settings_do_not_reach_the_reader(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_SOMETHING_SECRET", "1")
    seen = guard.read(b"import os; text = sorted(os.environ)", "好.docx", Kind.DOCX).text
    assert "RAG" not in seen


def test_one_process_reads_many_files_and_none_is_left_behind(guard: Guard) -> None:
    first = pid(guard)
    assert {pid(guard) for _ in range(50)} == {first}
    guard.close()
    assert not Path(f"/proc/{first}").exists() or sys.platform != "linux"
    assert os.getpid() != int(first)
