"""What both command lines have in common."""

import os
import re
import sys
from collections.abc import Callable

from index.errors import PolicyQAError

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Return a text without the signs that a terminal obeys; the name of a file may hold any."""
    return _CONTROLS.sub("?", text)


def guarded(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; an error raised on purpose is printed, and 1 returned."""
    try:
        return command()
    except PolicyQAError as error:
        print(f"错误：{printable(str(error))}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
