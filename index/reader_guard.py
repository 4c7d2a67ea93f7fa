"""Read risky files in a process of their own, so that no file can take the time, the memory or the life of ours."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from typing import Self

from index.errors import PolicyFileError
from index.reader_kinds import LIMITS, Kind
from index.types import Extract, Span

WORKER = (sys.executable, "-m", "index.reader_worker")
_ROOT = Path(__file__).resolve().parent.parent
_KEPT = ("PATH", "LD_LIBRARY_PATH")  # no settings and no keys reach what reads strangers' files
_FILES = 200  # read by one process before a fresh one takes over: libraries written in C leak
_MAX_REPLY = 64 * 2**20  # bytes: 5 Mi characters, each six bytes long where it is escaped, and room for doubts
_ERRORS, _TAIL = "errors.txt", 4096  # where the process complains, and how many bytes of it are looked at
_LAST_WORDS = 160  # characters of an error that are worth showing


class Guard:
    """A process that reads files one after the other; started when first needed, and anew when one file ends it.

    For one thread. Close it, or use it in a `with` statement.
    """

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None  # all that the process writes goes there
        self._left = 0  # files until the process is replaced

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, data: bytes, name: str, kind: Kind) -> Extract:
        """Read a file of a kind.

        :raises PolicyFileError: if it cannot be read, or not within its time and memory.
        """
        process = self._running()
        late: list[bool] = []
        timer = Timer(LIMITS[kind].seconds, lambda: (late.append(True), _kill(process)))
        timer.start()
        try:
            line = _ask(process, data, name, kind)
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise PolicyFileError(self._fallen(name, kind, late=bool(late)))
        self._left -= 1
        reply = json.loads(line)
        if "error" in reply:
            raise PolicyFileError(reply["error"])
        return Extract(reply["text"], tuple(Span(*span) for span in reply["doubts"]), reply["tables"])

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        _kill(self._process)
        self._process.communicate()
        self._folder.cleanup()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._left <= 0 or (self._process and self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._folder = tempfile.TemporaryDirectory(prefix="policy-reader-", ignore_cleanup_errors=True)
            with Path(self._folder.name, _ERRORS).open("wb") as errors:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                    cwd=_ROOT, env=_environment(self._folder.name), start_new_session=True,  # to be killed with its own
                )  # fmt: skip
            self._left = _FILES
        return self._process

    def _fallen(self, name: str, kind: Kind, *, late: bool) -> str:
        """Say why the process ended, and clear it away."""
        code = self._process.wait()
        said = Path(self._folder.name, _ERRORS).read_bytes()[-_TAIL:].decode("utf-8", "replace")
        lines = said.strip().splitlines()
        self.close()
        if late or code == -signal.SIGXCPU:
            return (
                f"{name} 读了 {LIMITS[kind].seconds} 秒还没有读完，已停止。请拆成几份，或另存为 .docx、.txt 后再导入。"
            )
        why = signal.Signals(-code).name if code < 0 else (lines or [f"退出码 {code}"])[-1][:_LAST_WORDS]
        return f"{name} 读到一半出错（{why}）。文件可能已损坏，请用原来的程序打开看看，另存后再导入。"


def _ask(process: subprocess.Popen[bytes], data: bytes, name: str, kind: Kind) -> bytes:
    """Return the line that the process answers, cut off where it ends before."""
    request = {"name": name, "kind": kind.name, "size": len(data), "seconds": LIMITS[kind].seconds}
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.write(data)
        process.stdin.flush()
        line = process.stdout.readline(_MAX_REPLY)
    except BrokenPipeError:
        line = b""
    if len(line) == _MAX_REPLY:
        _kill(process)
    if not line.endswith(b"\n"):
        process.wait()
    return line


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # it ended by itself
        process.kill()


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
