"""What the web server adds to each response: the page in Chinese, and headers that keep the page to itself."""

import base64
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TITLE = "惠企政策问答"
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
# Words of streamlit's own index.html that a person or a screen reader meets.
IN_CHINESE = (
    (b'<html lang="en">', b'<html lang="zh-CN">'),
    (b"<title>Streamlit</title>", f"<title>{TITLE}</title>".encode()),
)
WITHOUT_SCRIPT = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
ENABLE_SCRIPT = "<noscript><p>请在浏览器中启用 JavaScript 后再打开本页。</p></noscript>".encode()
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",  # links carry clause ids: nothing of them goes elsewhere
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class ChinesePage:
    """ASGI middleware: sets the security headers and turns index.html's few words into Chinese."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and finish its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(_uncompressed(scope), receive, _Finisher(send))


class _Finisher:
    """Hold back an HTML response until it is whole, then send it rewritten; pass others on as they come."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None  # held back while `body` is collected
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if headers.get("content-type", "").startswith("text/html"):
                self.start = message
                return
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if message.get("more_body", False):
                return
            await self._send_page(self.start)
            return
        await self.send(message)

    async def _send_page(self, start: Message) -> None:
        page = WITHOUT_SCRIPT.sub(ENABLE_SCRIPT, self.body)
        for english, chinese in IN_CHINESE:
            page = page.replace(english, chinese)
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = content_security_policy(page)
        if "content-length" in headers and page:
            headers["content-length"] = str(len(page))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": page})


def content_security_policy(page: bytes) -> str:
    """Allow what streamlit's page needs from this host, and nothing from any other."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
                      for script in INLINE_SCRIPT.findall(page))
    return "; ".join((
        "default-src 'self'",
        f"script-src 'self' blob: {hashes}".strip(),  # blob: the scripts of streamlit's components
        "style-src 'self' 'unsafe-inline'",  # streamlit writes its styles into the page
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",  # the WebSocket of the same host counts as 'self'
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ))


def _uncompressed(scope: Scope) -> Scope:
    """Ask for the page itself uncompressed, so that it can be rewritten; other paths stay as they are."""
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return scope
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return scope | {"headers": kept}
