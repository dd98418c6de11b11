"""A cosigner's HTTP: one POST and two GETs, by the standard library alone, so that it runs where Python runs.

Rules
  1. A request has a largest size and a last moment; whoever says more, or nothing, is cut off.
  2. A fixed number of connections is served at once; the others are told to come back.
  3. No address is written anywhere.
"""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.cosigner.folder import CosignerError
from app.cosigner.service import Answer, CosigningService
from crypto.log.submission import MAX_REQUEST

MAX_CONNECTIONS = 64
SECONDS = 15.0
"""Until the next bytes of a request come."""
CONNECTION_SECONDS = 60.0
"""For one connection in all: whoever sends a byte every few seconds does not keep its seat."""
_BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_LENGTH = re.compile(r"[0-9]{1,6}", re.ASCII)
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint", re.ASCII)


class _Handler(BaseHTTPRequestHandler):
    """Reads one request within its limits and hands it to the service."""

    server: "CosignerServer"
    protocol_version = "HTTP/1.1"
    server_version = "resguardo-cosigner"
    sys_version = ""
    timeout = SECONDS

    def do_GET(self) -> None:
        """Give the newest cosigned checkpoint of a log, or say who signs here."""
        found = _CHECKPOINT.fullmatch(self.path)
        if self.path == "/":
            self._answer(Answer(200, self.server.about))
        else:
            self._answer(self.server.service.checkpoint(found[1]) if found else Answer(404))

    def do_POST(self) -> None:
        """Take a checkpoint."""
        if self.path != "/add-checkpoint":
            self._refuse(404)
            return
        length = self.headers.get("Content-Length", "")
        if not _LENGTH.fullmatch(length):
            self._refuse(411)
        elif int(length) > MAX_REQUEST:
            self._refuse(413)
        else:
            body = self.rfile.read(int(length))
            self._answer(self._judged(body))

    def _judged(self, body: bytes) -> Answer:
        try:
            return self.server.service.add_checkpoint(body)
        except (CosignerError, OSError):  # a damaged memory or a full disk: nothing is cosigned
            self.close_connection = True
            return Answer(500, "this cosigner cannot write or read its memory\n")

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._answer(Answer(status))

    def _answer(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: Any) -> None:
        """Write nothing: the library would print addresses."""


class CosignerServer(ThreadingHTTPServer):
    """Serves one cosigner at an address; `about` is what it says of itself."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, service: CosigningService, about: str) -> None:
        """Port 0 takes one that is free: see `server_port`."""
        self.service = service
        self.about = about
        self._seats = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve in a thread, if a seat is free (rule 2)."""
        if not self._seats.acquire(blocking=False):
            with contextlib.suppress(OSError):
                request.sendall(_BUSY)
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve, within the connection's time, and free the seat."""
        end = threading.Timer(CONNECTION_SECONDS, _cut, [request])
        end.daemon = True
        end.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            end.cancel()
            self._seats.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about connections that broke (rule 3)."""


def _cut(request: Any) -> None:
    with contextlib.suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def serving(server: CosignerServer) -> Iterator[CosignerServer]:
    """Serve in a thread until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
