"""Run the page as `make run` does, on a free port."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY = "URL: http://"  # streamlit prints it once it takes connections


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(repo: Path, index_dir: Path, log: Path, **settings: str) -> Iterator[str]:
    """Serve the page over an index and yield its address; what the server says goes to `log`."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"RAG_INDEX": str(index_dir)} | settings
    with log.open("w") as written:
        server = subprocess.Popen(command, cwd=repo, env=environment, stdout=subprocess.PIPE, stderr=written, text=True)
        try:
            if not any(READY in line for line in server.stdout):
                raise RuntimeError(f"the page did not start:\n{log.read_text()}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.communicate()
