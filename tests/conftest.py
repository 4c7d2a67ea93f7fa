"""Fixtures of the whole suite: the real index, engine, server and browser; no network."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that reaches for anything but this machine."""
    lookup = socket.getaddrinfo

    def guarded(connect: Callable) -> Callable:
        def guarded_connect(self: socket.socket, address: tuple) -> int | None:
            if self.family in {socket.AF_INET, socket.AF_INET6}:
                _refuse_outside(address[0])
            return connect(self, address)

        return guarded_connect

    def guarded_lookup(host: str | bytes | None, *args: object, **named: object) -> list:
        _refuse_outside(host or "localhost")
        return lookup(host, *args, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)


def _refuse_outside(host: str | bytes) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if not name.startswith(LOOPBACK):
        pytest.fail(f"a test reached for the network: {name}")


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the repository."""
    return REPO


@pytest.fixture(scope="session")
def index_dir(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped policies, made by the real builder."""
    out = tmp_path_factory.mktemp("index")
    command = [sys.executable, "-m", "index", "build", "--policies", str(repo / "data/policies"), "--out", str(out)]
    built = subprocess.run(command, cwd=repo, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return out


@pytest.fixture(scope="session")
def pipeline(index_dir: Path):
    """The answer engine over `index_dir`."""
    from rag.pipeline import Pipeline
    from rag.settings import load_settings

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RAG_INDEX", str(index_dir))
        return Pipeline.load(load_settings())


@pytest.fixture(scope="session")
def server(repo: Path, index_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page, served over `index_dir`."""
    from tests.browser.server import serving

    with serving(repo, index_dir, tmp_path_factory.mktemp("server") / "log") as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium; without one its tests are skipped loudly, and fail where CI is set.

    Closed with its module: its event loop and its greenlets would get in the way of other tests.
    """
    from tests.browser import chromium

    if chromium.executable() is None:
        missing = "浏览器测试没有运行：没有找到 Chromium。请安装 chromium 和 fonts-noto-cjk，或以 root 运行 make test。"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(missing, pytrace=False)
        print(f"\n*** {missing} ***", file=sys.__stderr__)
        pytest.skip(missing)
    with chromium.started() as started:
        yield started
