"""Somebody between a portal and those who ask it: a real HTTP server that hands on, and lies where it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"})


@dataclass(frozen=True)
class Told:
    """One answer: its status, headers and body."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


Lie = Callable[[str, Told], Told]
"""From the path that was asked for and the true answer to the one that is given."""


@dataclass
class Liar:
    """Hands on to the portal at `target`, a port of this machine; `lies` change answers, one after the other."""

    port: int
    target: int
    lies: list[Lie] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address under which everybody knows the portal."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def truth(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Told:
        """Return what the portal itself answers; 502 where it does not."""
        connection = HTTPConnection("127.0.0.1", self.target, timeout=600)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            kept = tuple((name, value) for name, value in answer.getheaders() if name.lower() not in _HOP)
            return Told(answer.status, answer.read(), kept)
        except OSError:
            return Told(502, b"")
        finally:
            connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about connections that broke: whoever was lied to hangs up."""


def _handler(liar: Liar) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            told = liar.truth(self.command, self.path, headers, body)
            for lie in liar.lies:
                told = lie(self.path, told)
            with suppress(ConnectionError):
                self._answer(told)

        def _answer(self, told: Told) -> None:
            self.send_response_only(told.status)
            for name, value in told.headers:
                self.send_header(name, value)
            if told.status != 204:
                self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            if told.status != 204:
                self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - names that http.server calls

        def log_message(self, *_arguments: Any) -> None:
            """Stay quiet."""

    return Handler
