"""Run an index command over and over in processes that may write only so many bytes to a file.

    python -m tests.full_disk ROOT COPIES COMMAND…

Each run works on its own copy of the index folder ROOT, COPIES/<limit> ({} in COMMAND stands for it). The limit is the
operating system's (RLIMIT_FSIZE), so that the real calls fail, in the middle of a file as on a full disk. Prints a JSON
object: limit -> [exit code, what was said on stderr].
"""

import io
import json
import os
import resource
import shutil
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

from index import __main__ as index_command
from index.encoder import load_encoder
from index.settings import IndexSettings, environment
from index.tokenizer import Tokenizer

LIMITS = (0, 10, 100, 1000, 3000, 10_000, 20_000)  # bytes; the largest file of the test's index has 40,000


def main(root: Path, copies: Path, command: Sequence[str]) -> dict[int, list]:
    """Return what came of every run."""
    Tokenizer()  # dictionary and model are read once for all runs
    index_command.load_encoder = cache(load_encoder)
    index_command.load_encoder(IndexSettings.load(environment()).encoder, allow_download=False)
    said = {}
    for limit in LIMITS:
        folder = shutil.copytree(root, copies / str(limit))
        reader, writer = os.pipe()
        if not os.fork():
            os.close(reader)
            _run(limit, writer, [part.replace("{}", str(folder)) for part in command])
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as pipe:
            text = pipe.read()
        said[limit] = [os.waitstatus_to_exitcode(os.wait()[1]), text]
    return said


def _run(limit: int, writer: int, command: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    errors = io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(errors):
        code = index_command.main(command)
    os.write(writer, errors.getvalue().encode())
    os._exit(code)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))
