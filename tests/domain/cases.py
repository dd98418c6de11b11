"""A filed case for the tests: prepared, sealed and built from a petition, with the keys to look inside."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from app.domain import filing
from app.domain.admission import Admitted, admit
from app.domain.filing.review import review as review_petition
from app.domain.petition import load
from app.domain.petition.model import Petition
from crypto.framing import FrameKind, Head, unframe
from crypto.note import NoteType, open_typed, sign_typed
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes

PORTAL = "portal.invalid"
ROOT = SecretBytes(bytes(range(16)))


class Counter:
    """A source of randomness that gives the same bytes in each run, and never the same twice."""

    def __init__(self, label: str = "") -> None:
        self._label = label
        self._count = 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._label}:{self._count}".encode()).digest(size)


@dataclass
class Filed:
    """Everything that came out of filing a petition."""

    prepared: filing.Preparation
    settled: filing.Settled
    sealed: filing.Sealed
    submission: filing.Submission
    uploads: dict[str, bytes] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the filing call as it arrives."""
        value: dict[str, Any] = json.loads(json.dumps(self.submission.body()))
        return value

    def admit(self, body: Mapping[str, Any] | None = None, portal: str = PORTAL) -> Admitted:
        """Let the portal look at the call."""
        return admit(body or self.body(), self.uploads.get, portal)

    def manifest(self) -> dict[str, Any]:
        """Return the manifest's body."""
        return open_typed(self.submission.manifest, NoteType.MANIFEST, [self.prepared.filer_signer.verifier()])

    def with_manifest(self, **changed: Any) -> dict[str, Any]:
        """Return the call with another manifest, signed by the right key: what a dishonest client can do."""
        manifest = {**self.manifest(), **changed}
        return {
            **self.body(),
            "manifest": sign_typed(NoteType.MANIFEST, manifest, [self.prepared.filer_signer]),
            "status_hash": manifest["status"],
        }

    def with_record(self, record: Any) -> dict[str, Any]:
        """Return the call with another record, and the manifest that names it."""
        text = record if isinstance(record, str) else _canonical(record)
        return {**self.with_manifest(record=_sha256(text.encode())), "record": text}

    def ciphertext(self, entry: Mapping[str, Any]) -> bytes:
        """Return an object put together from its parts."""
        return b"".join(self.part(name) for name in entry["parts"])

    def part(self, name: str) -> bytes:
        """Return a sealed part."""
        found = self.submission.parts.get(name)
        return self.uploads[name] if found is None else found

    def entries(self, kind: FrameKind) -> list[dict[str, Any]]:
        """Return the manifest's entries of a kind."""
        return [entry for entry in self.manifest()["objects"] if entry["kind"] == kind]

    def opened(self, kind: FrameKind) -> list[bytes]:
        """Return the contents of all objects of a kind, opened with the case key."""
        identity = HybridIdentity(self.prepared.case_seed)
        bodies = []
        for entry in self.entries(kind):
            place = Head(PORTAL, self.prepared.case, kind, entry["record"], 1)
            bodies.append(unframe(open_bytes(self.ciphertext(entry), [identity]), place))
        return bodies

    def everything(self) -> bytes:
        """Return all that the portal gets, as one string of bytes to search in."""
        return json.dumps(self.body(), ensure_ascii=False).encode() + b"".join(self.uploads.values())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _canonical(value: Any) -> str:
    return rfc8785.dumps(value).decode()


def settle(petition: Petition) -> filing.Settled:
    """Return a petition settled with the careful choice."""
    return review_petition(petition, petition.language or "es", Counter("review")).settle(careful=True)


def file(
    petition: Petition | bytes, holders: tuple[str, ...] = (), files: Mapping[str, filing.FileSource] | None = None
) -> Filed:
    """File a petition on this device, up to the call."""
    if isinstance(petition, bytes):
        petition = load(petition).petition
    random = Counter("case")
    uploads: dict[str, bytes] = {}
    settled = settle(petition)
    prepared = filing.prepare(PORTAL, ROOT, holders, random)
    sealed = filing.seal(prepared, settled, files or {}, uploads.__setitem__, random)
    return Filed(prepared, settled, sealed, filing.build(prepared, settled, sealed), uploads)


def replaced(filed: Filed, entry: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    """Return the call with an object's ciphertext exchanged, and a manifest that fits the new one."""
    name = _sha256(data)
    changed = {**entry, "size": len(data), "sha256": name, "parts": [name]}
    objects = [changed if item == entry else item for item in filed.manifest()["objects"]]
    body = filed.with_manifest(objects=objects)
    body["parts"] = {key: value for key, value in body["parts"].items() if key not in entry["parts"]}
    body["parts"][name] = base64.b64encode(data).decode()
    return body
