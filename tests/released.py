"""Public versions for tests of the service: made as a client makes them, any member changed at will."""

from __future__ import annotations

from typing import Any

from app.domain.filing.public import canonical
from app.domain.released import Audience, release_body
from crypto.digest import sha256_hex
from crypto.note import NoteSigner, NoteType, sign_typed

VERSION = {
    "v": 1,
    "salt": "5a" * 32,
    "language": "es",
    "facility": {
        "legal_name": "Autopartes Ficticias de Prueba, S.A. de C.V.",
        "municipality": "Silao de la Victoria",
        "state": "Guanajuato",
        "country": "MX",
    },
    "denial_types": ["UNION_DISMISSAL"],
    "laws": ["LFT 357"],
    "facts": {
        "period_from": "2025-06",
        "narrative": "En agosto de 2025 la empresa despidió a quienes repartían volantes. [TESTIGO] lo vio.",
        "timeline": [{"date": "2025-08", "what": "Tres despidos."}],
    },
    "remedy": [{"kind": "REINSTATEMENT", "detail": "Que vuelvan a su puesto."}],
    "petitioners": [{"name": "Sindicato Independiente Ficticio", "type": "union", "country": "MX"}],
}
"""A public version as a client makes one."""


def version_of(**changed: Any) -> str:
    """Return a public version as canonical text."""
    return canonical(VERSION | changed).decode()


def release_note(
    signer: NoteSigner, portal: str, case: str, text: str, audience: Audience = Audience.OFFICE, **changed: Any
) -> str:
    """Return the note that releases a version; `changed` are members of its body that are not as they should be."""
    body = release_body(portal, case, sha256_hex(text.encode()), audience) | changed
    return sign_typed(NoteType.RELEASE, body, [signer])
