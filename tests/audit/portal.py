"""A portal that lies: static files of a log behind a real HTTP server on loopback, to be changed at will."""

import base64
import json
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2

from app.audit.auditor import Kept, audit
from app.audit.finding import Report
from app.audit.source import Located, locate_portal, new_client
from crypto.digest import sha256
from crypto.log import merkle
from crypto.log.checkpoint import LogSigner, sign_checkpoint
from crypto.log.commitments import commit, open_fields
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.proof import LogProof
from crypto.secret import SecretBytes
from tests.crypto.log.published import LOG, ORIGIN, PQ, checkpoint_of, node_of, publish

TICK = 10
START = 1_700_000_000
NOW = START + 100_000
SIZE = 700
OTHER = LogSigner(ORIGIN, SecretBytes(b"O" * 32))


def fields_of(index: int) -> dict[str, str]:
    """The committed fields of a synthetic entry."""
    return {
        "actor": f"reviewer-{index % 3}",
        "case": f"case-{index}",
        "detail": "",
        "kind": "record_read",
        "purpose": "REVIEW",
        "record": "",
        "role": "reviewer",
        "time": str(START + index),
    }


def entry_key(index: int) -> SecretBytes:
    """The entry key of a synthetic entry."""
    return SecretBytes(sha256(b"entry key", str(index).encode()))


def entry(index: int, variant: bytes = b"") -> bytes:
    """A leaf as a portal makes them; ``variant`` makes another one of the same time."""
    moment = START + index // 7 * TICK
    tag = sha256(b"case", variant, str(index).encode())
    subject = sha256(b"subject", variant, str(index).encode())
    return Leaf(LeafKind.EVENT, moment, tag, subject, commit(entry_key(index), fields_of(index))).to_bytes()


def entries_of(size: int) -> list[bytes]:
    """The honest log."""
    return [entry(index) for index in range(size)]


HONEST = entries_of(SIZE)


def receipt_of(index: int, entries: Sequence[bytes], signer: LogSigner = LOG, *, carry: bool = True) -> str:
    """A receipt for an entry under a checkpoint over ``entries``."""
    leaves = [merkle.leaf_hash(item) for item in entries]
    hashes = merkle.inclusion_proof(index, len(leaves), node_of(leaves))
    extra = json.dumps({"leaf": base64.b64encode(entries[index]).decode()}).encode() if carry else None
    note = sign_checkpoint(checkpoint_of(entries, signer.name), [signer])
    return LogProof(index, tuple(hashes), extra, note).to_text()


def opening_of(index: int) -> dict[str, Any]:
    """An honest opening of an entry."""
    return open_fields(entry_key(index), fields_of(index), ["kind", "purpose", "role"], index=index).to_json()


@cache
def shared_client() -> httpx2.Client:
    """One client for all tests: making one reads every certificate of the system."""
    return new_client()


class _Handler(BaseHTTPRequestHandler):
    """Serves a folder, with the lies of its portal on top."""

    portal: "Portal"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of the headers

    def do_GET(self) -> None:
        """Answer from the lies, then from the files."""
        path = self.path.lstrip("/")
        if path in self.portal.slow:
            self._drip()
            return
        status = self.portal.statuses.get(path)
        file = self.portal.folder / path
        if status is None and not file.is_file():
            status = 404
        data = b"" if status else file.read_bytes()
        self.send_response(status or 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            for _ in range(10_000):
                self.wfile.write(b"\0")
                self.wfile.flush()
                time.sleep(0.02)
            self.portal.dripped = True
        except OSError:
            pass
        self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        """Tests read reports."""


@dataclass
class Portal:
    """A folder with ``log/`` and ``api/v1/portal``, and where it is served."""

    folder: Path
    address: str = ""
    statuses: dict[str, int] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    dripped: bool = False

    def publish(self, entries: Sequence[bytes], signer: LogSigner = LOG, *, pq: bool = True) -> str:
        """Serve this log from now on, consistently signed; returns the checkpoint."""
        shutil.rmtree(self.folder / "log", ignore_errors=True)
        note = publish(self.folder / "log", entries, [signer], [PQ] if pq else [])
        self.tell(log_vkey=signer.vkey)
        return note

    def tell(self, **facts: Any) -> None:
        """Answer these facts at /api/v1/portal."""
        path = self.folder / "api/v1/portal"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"log_origin": ORIGIN, "publish_every": TICK, **facts}))

    def file(self, path: str) -> Path:
        """One of the log's files."""
        return self.folder / "log" / path

    def flip(self, path: str, place: int) -> None:
        """Change one bit of a byte of a file."""
        data = bytearray(self.file(path).read_bytes())
        data[place] ^= 1
        self.file(path).write_bytes(data)

    def audit(self, address: str = "", now: int = NOW, **kept: Any) -> Report:
        """Audit it over HTTP; without anything named, under the honest log's key."""
        kept = kept or {"keys": (LOG.vkey,)}

        def locate() -> Located:
            return locate_portal(address or self.address, shared_client())

        return audit(locate, Kept(**kept), now)


@contextmanager
def serving(portal: Portal) -> Iterator[Portal]:
    """Serve a portal on loopback."""
    handler = type("Handler", (_Handler,), {"portal": portal})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    portal.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()


def said(report: Report) -> dict[str, dict[str, Any]]:
    """The findings of a report, the first of each code."""
    found: dict[str, dict[str, Any]] = {}
    for finding in report.findings:
        found.setdefault(finding.code.value, dict(finding.where))
    return found


def told(report: Report) -> set[str]:
    """The obstacles and remarks of a report."""
    return {item.code.value for item in report.obstacles} | {item.code.value for item in report.remarks}
