"""What goes over the wire: the signed manifest, the redacted record, and the small sealed parts.

1. Name the objects by the hashes of their ciphertexts, and the record by its own.
2. Commit to the eight holders, salted.
3. Sign as the filer, whose key the case's number certifies.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.filing.copies import SealedCopy
from app.domain.filing.preparation import Preparation
from app.domain.filing.review import Settled
from app.domain.filing.sealing import EPOCH, Sealed, roster_commitments
from crypto.digest import sha256_hex
from crypto.keys import status_hash
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes


@dataclass(frozen=True, eq=False)
class Submission:
    """One filing call; `parts` are the sealed parts that travel inside it, by SHA-256 (hex)."""

    genesis: str
    manifest: str
    case_log_key: SecretBytes
    status_hash: str
    record: str
    upload: str | None
    parts: Mapping[str, bytes] = field(repr=False)
    copies: tuple[SealedCopy, ...] = ()

    def body(self) -> dict[str, Any]:
        """Return the call's JSON body as plain values."""
        return {
            "genesis": self.genesis,
            "manifest": self.manifest,
            "case_log_key": base64.b64encode(self.case_log_key.reveal()).decode(),
            "status_hash": self.status_hash,
            "record": self.record,
            "upload": self.upload,
            "parts": {name: base64.b64encode(data).decode() for name, data in self.parts.items()},
            "copies": [copy.body() for copy in self.copies],
        }

    @property
    def manifest_sha256(self) -> str:
        """The hash of the manifest note, by which a repeated filing is recognised."""
        return sha256_hex(self.manifest.encode())


def build(prepared: Preparation, settled: Settled, sealed: Sealed) -> Submission:
    """Return the filing call of a prepared case, its settled petition and its sealed objects."""
    portal, keys = prepared.portal, prepared.case_keys
    status = status_hash(prepared.status_code)
    body = {
        "v": 1,
        "portal": portal,
        "case": prepared.case,
        "epoch": EPOCH,
        "version": 1,
        "previous": "",
        "recipient": keys.recipient,
        "signer": NoteSigner(f"{portal}/case", keys.signer).vkey,
        "sign_in": NoteSigner(f"{portal}/sign-in", keys.sign_in).vkey,
        "status": status,
        "roster": roster_commitments(prepared.roster),  # 2
        "record": sha256_hex(settled.record_text.encode()),  # 1
        "objects": [entry.entry() for entry in sealed.objects],
        "review": settled.summary,
        "answers": [],
        "destroys": False,
        "copies": [copy.entry() for copy in sealed.copies],
    }
    manifest = sign_typed(NoteType.MANIFEST, body, [prepared.filer_signer])  # 3
    return Submission(
        genesis=prepared.genesis,
        manifest=manifest,
        case_log_key=prepared.case_log_key,
        status_hash=status,
        record=settled.record_text,
        upload=prepared.upload if sealed.uploaded else None,
        parts=sealed.inline,
        copies=sealed.copies,
    )
