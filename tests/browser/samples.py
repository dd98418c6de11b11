"""Serves every sample page at /<language>/<name>, with the headers that the portal gives it."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from app.domain.pages import DOCUMENT
from app.resources import STATIC, TEMPLATES
from app.web.assets import Assets
from app.web.headers import STANDARD, content_security_policy
from app.web.pages import Pages
from tests.assets import built
from tests.web.samples import SAMPLES
from tests.web.test_templates import frame


@cache
def _picture() -> bytes:
    """Return a page of a copy of evidence."""
    stream = io.BytesIO()
    Image.new("L", DOCUMENT, 230).save(stream, "PNG")
    return stream.getvalue()


@contextlib.contextmanager
def served_samples() -> Iterator[str]:
    """Serve on loopback and give the address."""
    built()
    assets = Assets(STATIC)
    pages = Pages(TEMPLATES, assets, portal="example.invalid", deployment="custodian", url="https://portal.example")
    files = {one: assets._by_address[one] for one in assets.addresses()}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            if self.path in files:
                return self._send(files[self.path].content, files[self.path].media_type, forms=False)
            if "/pages/" in self.path:
                return self._send(_picture(), "image/png", forms=False)
            language, _, name = self.path.removeprefix("/").partition("/")
            if name not in SAMPLES:
                return self.send_error(404)
            page = SAMPLES[name]
            text = pages.text(page, frame(language, name))
            return self._send(text.encode(), "text/html; charset=utf-8", forms=page.forms, sealed=page.sealed)

        def _send(self, body: bytes, kind: str, *, forms: bool, sealed: bool = False) -> None:
            self.send_response(200)
            policy = {
                "content-security-policy": content_security_policy(forms=forms, sealed=sealed),
                "content-type": kind,
            }
            for name, value in {**STANDARD, **policy}.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError):  # a page that was left does not wait for its last picture
                self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
