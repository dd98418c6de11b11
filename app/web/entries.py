"""A proven log entry as the API answers with it."""

import base64
from typing import Any

from app.domain.proving import ProvenEntry, ProvenRequest


def entry_json(entry: ProvenEntry) -> dict[str, Any]:
    """Return an entry as plain values: leaf in base64, the opening, its tlog-proof, and the signed request."""
    shown: dict[str, Any] = {
        "index": entry.index,
        "leaf": base64.b64encode(entry.leaf).decode(),
        "opening": entry.opening.to_json(),
        "proof": entry.proof,
    }
    return shown | ({"request": _request_json(entry.request)} if entry.request else {})


def _request_json(request: ProvenRequest) -> dict[str, Any]:
    leaf = base64.b64encode(request.key_leaf).decode()
    key = {"index": request.key_index, "leaf": leaf, "proof": request.key_proof}
    return {"note": request.note, "vkey": request.vkey, "key": key}
