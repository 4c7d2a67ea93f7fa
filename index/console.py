"""What both command lines have in common."""

import os
import sys
from collections.abc import Callable

from index.errors import PolicyQAError


def guarded(command: Callable[[], int]) -> int:
    """Run a command and return its exit code; an error raised on purpose is printed, and 1 returned."""
    try:
        return command()
    except PolicyQAError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
