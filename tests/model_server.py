"""A local server that speaks the OpenAI protocol, in every way that one can go wrong."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.browser.server import free_port

PIECE = 4  # characters a chunk
USAGE = {"prompt_tokens": 700, "completion_tokens": 60, "total_tokens": 760}
ERRORS = {"401": 401, "403": 403, "404": 404, "429": 429, "500": 500, "503": 503}
FOREVER = 60.0  # seconds, longer than any test waits


class ModelServer:
    """What the server does next, and what it was sent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.mode = "ok"
        self.reply = ""  # the text that is streamed
        self.pause = 0.0  # seconds between chunks
        self.requests: list[dict] = []
        self.headers: list[dict[str, str]] = []
        self.disconnected = 0  # streams that the client left before their end

    def reset(self, reply: str = "", mode: str = "ok", pause: float = 0.0) -> "ModelServer":
        self.reply, self.mode, self.pause = reply, mode, pause
        self.requests, self.headers, self.disconnected = [], [], 0
        return self

    @property
    def prompts(self) -> list[str]:
        """The user's part of each request."""
        return [request["messages"][-1]["content"] for request in self.requests]

    async def answer(self, request: Request) -> Response:
        self.requests.append(await request.json())
        self.headers.append(dict(request.headers))
        if self.mode in ERRORS:  # as some servers do, with the key in the message
            message = f"Incorrect API key provided: {request.headers.get('authorization')}"
            return JSONResponse({"error": {"message": message, "code": self.mode}}, ERRORS[self.mode])
        if self.mode == "html":
            return PlainTextResponse("<html>Bad gateway</html>", media_type="text/html")
        if self.mode == "silent":
            await asyncio.sleep(FOREVER)
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[bytes]:
        try:
            yield _event({"role": "assistant", "content": ""})
            for start in range(0, len(self.reply), PIECE):
                if self.pause:
                    await asyncio.sleep(self.pause)
                if start >= len(self.reply) // 2:
                    await self._trouble()
                    if self.mode == "json":
                        yield b"data: {not json\n\n"
                    if self.mode == "ended":  # closed in good order, without an end
                        return
                yield _event({"content": self.reply[start : start + PIECE]})
            yield _event({}, finish="stop")
            yield b"data: " + json.dumps({"choices": [], "usage": USAGE, "id": "x", "model": "stub"}).encode() + b"\n\n"
            yield b"data: [DONE]\n\n"
        except asyncio.CancelledError:
            self.disconnected += 1
            raise

    async def _trouble(self) -> None:
        """Go wrong in mid-answer."""
        if self.mode == "cut":
            raise ConnectionAbortedError
        if self.mode == "hang":
            await asyncio.sleep(FOREVER)


def _event(delta: dict, finish: str | None = None) -> bytes:
    body = {"id": "x", "object": "chat.completion.chunk", "model": "stub",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}  # fmt: skip
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


@contextmanager
def serving() -> Iterator[ModelServer]:
    """Run the server in a thread."""
    port = free_port()
    stub = ModelServer(f"http://127.0.0.1:{port}/v1")
    app = Starlette(routes=[Route("/v1/chat/completions", stub.answer, methods=["POST"])])
    config = uvicorn.Config(app, port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.01)
        yield stub
    finally:
        server.should_exit = True
        thread.join(5)
