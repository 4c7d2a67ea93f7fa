"""The process that reads risky files for `index.reader_guard`.

    python -m index.reader_worker

On stdin a line of JSON {"name", "kind", "size", "seconds"}, then `size` bytes; on stdout a line of JSON for each:
{"text", "doubts", "tables"} or {"error"}. What goes wrong unforeseen ends the process.
"""

import json
import os
import resource
import sys
from collections.abc import Callable

from index import reader_docx, reader_html, reader_ofd, reader_office
from index.errors import PolicyFileError
from index.reader_kinds import Kind
from index.types import Extract

# Data segment, bytes: a Word document of 400 pages takes 0.2 GiB, character recognition of an A4 page 1 GiB.
_MEMORY = 2 * 2**30
_WRITTEN = 512 * 2**20  # bytes of any one file that is written: LibreOffice converts in a folder of its own
_NESTING = 5000  # calls within one another; old pages leave hundreds of elements open
_TEXT = 5 * 2**20  # characters: as for text files; 2,000 pages


def _read_pdf(data: bytes, name: str) -> Extract:
    from index import reader_pdf  # its libraries take longer to load than a Word document takes to read

    return reader_pdf.read(data, name)


def _read_image(data: bytes, name: str) -> Extract:
    from index import reader_image

    return reader_image.read(data, name)


READERS: dict[Kind, Callable[[bytes, str], Extract]] = {
    Kind.HTML: reader_html.read,
    Kind.DOCX: reader_docx.read,
    Kind.OFFICE: reader_office.read,
    Kind.OFD: reader_ofd.read,
    Kind.PDF: _read_pdf,
    Kind.IMAGE: _read_image,
}


def main() -> None:
    """Answer requests until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    _limit(resource.RLIMIT_DATA, _MEMORY)
    _limit(resource.RLIMIT_FSIZE, _WRITTEN)
    _limit(resource.RLIMIT_CORE, 0)
    sys.setrecursionlimit(_NESTING)
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        data = sys.stdin.buffer.read(request["size"])
        _limit_time(request["seconds"])
        answers.write(json.dumps(_answer(data, request["name"], Kind[request["kind"]])).encode() + b"\n")
        answers.flush()


def _answer(data: bytes, name: str, kind: Kind) -> dict[str, object]:
    try:
        extract = READERS[kind](data, name)
        if len(extract.text) > _TEXT:
            raise PolicyFileError(f"{name} 有 {len(extract.text)} 个字，超过一份政策 {_TEXT} 个字的上限。请拆成几份。")
    except PolicyFileError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"{name} 展开后太大，超过 {_MEMORY // 2**30} GiB 内存的上限。请拆成几份，或确认它是政策文件。"}
    except RecursionError:
        return {"error": f"{name} 嵌套得太深，读不下去。请用原来的程序打开看看，另存后再导入。"}
    doubts = [(span.start, span.end) for span in extract.doubts]
    return {"text": extract.text, "doubts": doubts, "tables": extract.tables}


def _limit(what: int, value: int) -> None:
    """Set a limit for good; systems that do not know it (macOS: data) leave it to the limit on time."""
    try:
        resource.setrlimit(what, (value, value))
    except (ValueError, OSError):
        return


def _limit_time(seconds: int) -> None:
    """Let the process use `seconds` more of each core, should its parent be gone before it can stop it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds * (os.cpu_count() or 1)
    if most == resource.RLIM_INFINITY or until <= most:
        resource.setrlimit(resource.RLIMIT_CPU, (until, most))


if __name__ == "__main__":
    main()
