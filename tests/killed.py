"""Run an index command over and over, killed each time at the next thing that it does to the file system.

    python -m tests.killed ROOT COPIES COMMAND…

Each run works on its own copy of the index folder ROOT, COPIES/1, COPIES/2, … ({} in COMMAND stands for it), in a
forked process that kills itself with SIGKILL. Prints the number of runs that were killed.
"""

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

from index import __main__ as index_command
from index.encoder import load_encoder
from index.settings import IndexSettings, environment
from index.tokenizer import Tokenizer

# Audit events of what changes files (https://docs.python.org/3/library/audit_events.html); `open` only for writing.
_CHANGES = {"os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "shutil.rmtree"}


def main(root: Path, copies: Path, command: Sequence[str]) -> int:
    """Return the number of runs that were killed before one came to its end."""
    Tokenizer()  # dictionary and model are read once for all runs
    index_command.load_encoder = cache(load_encoder)
    index_command.load_encoder(IndexSettings.load(environment()).encoder, allow_download=False)
    moment = 0
    while True:
        moment += 1
        folder = shutil.copytree(root, copies / str(moment))
        child = os.fork()
        if not child:
            _run(folder, moment, [part.replace("{}", str(folder)) for part in command])
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0, f"run {moment} ended with {status}"
            return moment - 1
        assert os.WTERMSIG(status) == signal.SIGKILL, f"run {moment} died of signal {os.WTERMSIG(status)}"


def _run(folder: Path, moment: int, command: list[str]) -> None:
    """Run the command and kill this process before its change number `moment`."""
    left = moment

    def watch(event: str, arguments: tuple) -> None:
        nonlocal left
        if _changes(event, arguments) and str(arguments[0]).startswith(str(folder)):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        sys.addaudithook(watch)
        os._exit(index_command.main(command))


def _changes(event: str, arguments: tuple) -> bool:
    if event == "open":
        return bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event in _CHANGES


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
