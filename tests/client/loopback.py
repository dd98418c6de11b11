"""A portal small enough to lie on purpose: a real HTTP server on loopback with a real log, for the client's tests.

It keeps everything in memory, checks little, and lets a test replace any answer (`portal.lies[path] = function`), which
is what the attacks need: a portal that is written to be honest cannot be made to serve yesterday's manifest.
"""

import base64
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from crypto.digest import sha256_hex
from crypto.keys import case_id, normalise_status_code, parse_genesis, status_hash
from crypto.log.checkpoint import Checkpoint, LogSigner, sign_checkpoint
from crypto.log.commitments import FIELDS, case_tag, commit, open_fields
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.merkle import inclusion_proof, leaf_hash, root_of
from crypto.log.proof import LogProof
from crypto.note import NoteSigner, NoteType, NoteVerifier, open_typed, sign_typed
from crypto.secret import SecretBytes

Answer = tuple[int, str, bytes]
NOW = "2026-03-12T09:41:00Z"
_TIME = 1773306000


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class LoopbackPortal:
    """The portal; `seen` lists (method, path) of every request, `lies` replaces answers by path."""

    def __init__(self, name: str = "portal.invalid", seed: bytes = bytes(32)) -> None:
        self.name = name
        self.origin = f"{name}/log"
        self.log = LogSigner(self.origin, SecretBytes(seed))
        self.statements = NoteSigner(f"{self.origin}/statements", SecretBytes(bytes([seed[0] ^ 1]) * 32))
        self.entries: list[bytes] = []
        self.opened: list[tuple[SecretBytes, dict[str, str]]] = []
        self.uploads: dict[str, bytes] = {}
        self.case: dict[str, Any] = {}
        self.counter = 0
        self.seen: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.lies: dict[str, Callable[[Answer], Answer]] = {}
        self.drops = 0
        self.joins = True
        self.nonces: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # the log

    def append(
        self, kind: str, role: str, purpose: str = "", *, record: str = "", detail: str = "", counter: int | None = None
    ) -> int:
        """Log something about the case and return its index."""
        fields = dict.fromkeys(FIELDS, "") | {"kind": kind, "role": role, "purpose": purpose, "time": NOW}
        fields |= {"case": self.case["id"], "record": record, "detail": detail}
        key = SecretBytes(os.urandom(32))
        number = self.counter if counter is None else counter
        open_kind = LeafKind.RECEIVED if kind == "petition_received" else LeafKind.EVENT
        tag = case_tag(SecretBytes(self.case["log_key"]), number)
        self.entries.append(Leaf(open_kind, _TIME, tag, os.urandom(32), commit(key, fields)).to_bytes())
        self.opened.append((key, fields))
        self.counter = max(self.counter, number + 1)
        return len(self.entries) - 1

    def proof(self, index: int, extra: dict[str, Any] | None = None, size: int | None = None) -> str:
        """Return a tlog-proof of an entry in a log of so many entries."""
        size = size or len(self.entries)
        hashes = [leaf_hash(entry) for entry in self.entries[:size]]
        path = inclusion_proof(index, size, lambda level, at: root_of(hashes[at << level : (at + 1) << level]))
        checkpoint = sign_checkpoint(Checkpoint(self.origin, size, root_of(hashes)), [self.log])
        carried = None if extra is None else json.dumps(extra).encode()
        return LogProof(index, tuple(path), carried, checkpoint).to_text()

    def opening(self, index: int) -> dict[str, Any]:
        """Return what a holder is shown of an entry."""
        key, fields = self.opened[index]
        return open_fields(key, fields, set(FIELDS) - {"actor"}, index=index).to_json()

    def carried(self, index: int, **more: Any) -> str:
        """Return a proof that carries leaf and opening."""
        return self.proof(index, {"leaf": _b64(self.entries[index]), "opening": self.opening(index), **more})

    # the routes

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Return status, content type and body for a request."""
        self.seen.append((method, path))
        self.bodies.append(body)
        honest = self._route(method, path, body)
        lie = self.lies.get(path)
        return lie(honest) if lie else honest

    def _route(self, method: str, path: str, body: bytes) -> Answer:
        parsed = json.loads(body) if body[:1] == b"{" else {}
        place = path.removeprefix("/api/v1/")
        if method == "PUT" and place.startswith("uploads/"):
            self.uploads[place.rsplit("/", 1)[1]] = body
            return 204, "", b""
        if place.startswith("case/objects/"):
            return self._object(place.removeprefix("case/objects/"))
        if place.startswith("cases/") and place.endswith("/genesis"):
            return answer_json({"genesis": self.case["genesis"]}) if self.case else problem(404, "case_unknown")
        if place.startswith("cases/") and place.endswith("/key"):
            return self._key(place.split("/")[1], parsed)
        route: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "portal": self._facts,
            "petitions": self._file,
            "status": self._status,
            "sign-in/challenge": self._challenge,
            "sign-in": self._sign_in,
            "case": self._overview,
            "case/history": self._history,
            "case/objects": self._objects,
            "session": lambda _: (204, "", b""),
        }
        return route[place](parsed) if place in route else problem(404, "unknown")

    def _facts(self, _: dict[str, Any]) -> Answer:
        return answer_json(
            {
                "name": self.name,
                "deployment": "custodian",
                "log_origin": self.origin,
                "log_vkey": self.log.vkey,
                "statement_vkey": self.statements.vkey,
            }
        )

    def _file(self, call: dict[str, Any]) -> Answer:
        sha256 = sha256_hex(call["manifest"].encode())
        if self.case.get("sha256") != sha256:
            self.accept(call)
        index = self.case["index"]
        statement = {"v": 1, "portal": self.name, "deployment": "custodian", "case": self.case["id"]}
        statement |= {"manifest": sha256, "index": index, "received": NOW}
        note = sign_typed(NoteType.RECEIPT, statement, [self.statements])
        receipt = self.carried(index, statement=note)
        return answer_json({"case": self.case["id"], "entry_index": index, "received": NOW, "receipt": receipt}, 201)

    def accept(self, call: dict[str, Any]) -> None:
        """Take a filing as it came."""
        genesis = parse_genesis(call["genesis"])
        verifier = NoteVerifier.parse(genesis.filer_vkey)
        body = open_typed(call["manifest"], NoteType.MANIFEST, [verifier])
        parts = {name: base64.b64decode(data) for name, data in call["parts"].items()} | self.uploads
        objects = {item["sha256"]: b"".join(parts[part] for part in item["parts"]) for item in body["objects"]}
        self.counter = 0
        self.case = {
            "id": case_id(call["genesis"]),
            "genesis": call["genesis"],
            "manifest": call["manifest"],
            "manifests": [call["manifest"]],
            "sha256": sha256_hex(call["manifest"].encode()),
            "body": body,
            "status": call["status_hash"],
            "record": call["record"],
            "log_key": base64.b64decode(call["case_log_key"]),
            "objects": objects,
        }
        self.case["index"] = self.append("petition_received", "petitioner", record=self.case["sha256"])

    def _object(self, sha256: str) -> Answer:
        data = self.case["objects"].get(sha256)
        return problem(404, "object_unknown") if data is None else (200, "application/octet-stream", data)

    def _objects(self, call: dict[str, Any]) -> Answer:
        if not self.joins:
            return problem(404, "not_found")
        found = [self.case["objects"].get(sha256, b"") for sha256 in call["objects"]]
        return 200, "application/octet-stream", b"".join(found)

    def _key(self, case: str, call: dict[str, Any]) -> Answer:
        if case != self.case.get("id") or status_hash(normalise_status_code(call["code"])) != self.case["status"]:
            return problem(404, "case_unknown")
        name = next(item["sha256"] for item in self.case["body"]["objects"] if item["kind"] == "case-key")
        sealed = self.case["objects"][name]
        return answer_json(
            {
                "genesis": self.case["genesis"],
                "manifest": self.case["manifest"],
                "manifests": self.case["manifests"],
                "case_key": _b64(sealed),
            }
        )

    def _status(self, call: dict[str, Any]) -> Answer:
        if not self.case or status_hash(call["code"]) != self.case["status"]:
            return problem(404, "code_unknown")
        body = {"v": 1, "portal": self.name, "deployment": "custodian", "case": self.case["id"], "stage": "RECEIVED"}
        body |= {"since": NOW, "due": None, "overdue": False, "reasons": [], "stated": NOW}
        return answer_json({"note": sign_typed(NoteType.STATUS, body, [self.statements]), **body})

    def _challenge(self, _: dict[str, Any]) -> Answer:
        self.nonces.append(os.urandom(32).hex())
        return answer_json({"nonce": self.nonces[-1], "expires": NOW})

    def _sign_in(self, call: dict[str, Any]) -> Answer:
        verifier = NoteVerifier.parse(self.case["body"]["sign_in"])
        body = open_typed(call["note"], NoteType.SIGN_IN, [verifier])
        if body["nonce"] not in self.nonces or body["address"] != self.url or body["case"] != self.case["id"]:
            return problem(403, "sign_in_refused")
        self.nonces.remove(body["nonce"])
        self.append("case_opened", "holder")
        return 204, "", b""

    def _overview(self, _: dict[str, Any]) -> Answer:
        about = {name: self.case[name] for name in ("genesis", "manifest", "manifests")} | {"received": NOW}
        return answer_json({**about, "entry": self.line(len(self.entries) - 1)})

    def _history(self, _: dict[str, Any]) -> Answer:
        lines = [self.line(index) for index in range(len(self.entries))]
        return answer_json({"entries": lines, "case_counter": self.counter})

    def line(self, index: int) -> dict[str, Any]:
        """Return one line of the history."""
        leaf, opening = _b64(self.entries[index]), self.opening(index)
        return {"index": index, "leaf": leaf, "opening": opening, "proof": self.proof(index)}


def answer_json(value: Any, status: int = 200) -> Answer:
    """Return an answer with a JSON body."""
    return status, "application/json", json.dumps(value).encode()


def problem(status: int, code: str, detail: str = "No.") -> Answer:
    """Return a problem answer (RFC 9457)."""
    body = {"type": f"urn:resguardo:problem:{code}", "title": code, "status": status, "detail": detail}
    return status, "application/problem+json", json.dumps(body).encode()


def altered(change: Callable[[dict[str, Any]], object]) -> Callable[[Answer], Answer]:
    """Return a lie that changes a JSON answer."""

    def lie(honest: Answer) -> Answer:
        body = json.loads(honest[2])
        change(body)
        return honest[0], honest[1], json.dumps(body).encode()

    return lie


def _handler(portal: LoopbackPortal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, kind, data = portal.answer(self.command, self.path, body)
            if portal.drops and self.path == "/api/v1/petitions":
                portal.drops -= 1
                self.close_connection = True
                return
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", data.decode())
                data = b""
            if status != 204:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if status != 204:
                with suppress(ConnectionError):  # a client that was asked for too much hangs up
                    self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
            """Stay quiet."""

    return Handler
