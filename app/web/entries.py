"""A proven log entry as the API answers with it."""

import base64
from typing import Any

from app.domain.proving import ProvenEntry


def entry_json(entry: ProvenEntry) -> dict[str, Any]:
    """Return an entry as plain values: leaf in base64, the opening, and its tlog-proof."""
    return {
        "index": entry.index,
        "leaf": base64.b64encode(entry.leaf).decode(),
        "opening": entry.opening.to_json(),
        "proof": entry.proof,
    }
