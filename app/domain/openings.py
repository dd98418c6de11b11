"""Which committed fields of a log entry are shown to whom."""

import json
from collections.abc import Mapping

from crypto.log.commitments import FIELDS, Opening, open_fields
from crypto.secret import SecretBytes

FOR_HOLDERS = ("case", "detail", "kind", "purpose", "record", "role", "time")
"""A holder learns which role read, when and for what; the officer's name stays with auditors."""
FOR_AUDITORS = FIELDS


def decode_opening(body: bytes) -> tuple[SecretBytes, Mapping[str, str]]:
    """Return entry key and fields of a stored opening."""
    stored = json.loads(body)
    return SecretBytes(bytes.fromhex(stored["key"])), stored["fields"]


def request_in(body: bytes) -> str:
    """Return the signed request that is kept with an opening, empty where there was none."""
    return str(json.loads(body).get("request", ""))


def opening_for_holder(index: int, entry_key: SecretBytes, fields: Mapping[str, str]) -> Opening:
    """Return what a holder is shown; of entries that holders and petitioners made, everything."""
    own = fields["role"] in {"holder", "petitioner"}
    return open_fields(entry_key, fields, FIELDS if own else FOR_HOLDERS, index=index)


def opening_for_auditor(index: int, entry_key: SecretBytes, fields: Mapping[str, str]) -> Opening:
    """Return what an auditor is shown."""
    return open_fields(entry_key, fields, FOR_AUDITORS, index=index)
