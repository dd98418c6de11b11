"""What an entry commits to, shown field by field; and the tags by which a case's entries are found.

Rules of trust
  1. ``field = SHA256(00 ‖ salt ‖ name ‖ 00 ‖ value)`` with ``salt = HMAC(entry key, name)``: without the salt a name
     or a case number could be guessed from its hash, so no field is ever hashed without one.
  2. The commitment is the RFC 6962 root over the field hashes (each of them a leaf *hash*) in sorted name order.
  3. Every entry commits to the same fields, the ones that do not apply as empty text: which fields an entry has
     would tell its kind.
  4. An opening holds the salt and value of what is shown and the hash of what is not; both together must be exactly
     the fields, and lead to the commitment.

Worked example: ``open_fields(key, fields, ["kind", "time"], index=7)`` shows an auditor that entry 7 is a
``record_read`` and when, with the six other fields as hashes; deleting the 32-byte entry key shreds the rest.

Source: transparency.md "No personal data, still useful"; FORMAT.md, section "Notes and the log".
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from crypto.digest import equal, hmac_sha256, keyed_hmac, sha256
from crypto.errors import CommitmentError
from crypto.log.merkle import HASH_SIZE, MAX_SIZE, root_of
from crypto.note import strict_base64
from crypto.secret import SecretBytes

FIELDS = ("actor", "case", "detail", "kind", "purpose", "record", "role", "time")
"""The committed fields in sorted order; a new set of fields is a new leaf version."""
ENTRY_KEY_SIZE = 32
_NAMES = tuple(name.encode() for name in FIELDS)
_FIELD_SET = frozenset(FIELDS)


def field_hash(salt: bytes, name: str, value: str) -> bytes:
    """Return the hash of one field; raises ``CommitmentError`` for a value that is not UTF-8 text."""
    return _field_hash(salt, name.encode(), value)


def _field_hash(salt: bytes, name: bytes, value: str) -> bytes:
    try:
        return sha256(b"\x00" + salt + name + b"\x00" + value.encode())
    except UnicodeEncodeError as error:
        raise CommitmentError("a field's value is UTF-8 text") from error


def _salts(entry_key: SecretBytes) -> list[bytes]:
    """Return the salts of the fields in their order."""
    if len(entry_key) != ENTRY_KEY_SIZE:
        raise ValueError("an entry key has 32 bytes")
    authenticate = keyed_hmac(entry_key)
    return [authenticate(name) for name in _NAMES]


def _check_fields(names: Collection[str]) -> None:
    if set(names) != _FIELD_SET:
        raise CommitmentError("an entry has exactly the registered fields")


def commit(entry_key: SecretBytes, fields: Mapping[str, str]) -> bytes:
    """Return the 32-byte commitment to an entry's fields; raises ``CommitmentError`` unless they are ``FIELDS``."""
    _check_fields(fields)
    salts = _salts(entry_key)
    return root_of([_field_hash(salts[at], _NAMES[at], fields[FIELDS[at]]) for at in range(len(FIELDS))])


@dataclass(frozen=True)
class Opening:
    """Some fields of the entry at ``index``, as (salt, value), and the hashes of the others."""

    index: int
    fields: Mapping[str, tuple[bytes, str]]
    hidden: Mapping[str, bytes]

    def values(self) -> dict[str, str]:
        """Return the shown fields; **unverified** until :func:`verify_opening` took the opening."""
        return {name: value for name, (_, value) in self.fields.items()}

    def to_json(self) -> dict[str, Any]:
        """Return the opening as an object for JSON; bytes in base64."""
        shown = {name: [_encode(salt), value] for name, (salt, value) in sorted(self.fields.items())}
        hidden = {name: _encode(data) for name, data in sorted(self.hidden.items())}
        return {"index": self.index, "fields": shown, "hidden": hidden}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read what :meth:`to_json` wrote; raises ``CommitmentError``."""
        if not isinstance(data, dict) or set(data) != {"index", "fields", "hidden"}:
            raise CommitmentError("an opening has an index, fields and hidden hashes")
        index, fields, hidden = data["index"], data["fields"], data["hidden"]
        if type(index) is not int or not 0 <= index <= MAX_SIZE:
            raise CommitmentError("an opening's index is a whole number")
        if not isinstance(fields, dict) or not isinstance(hidden, dict):
            raise CommitmentError("an opening's fields are objects")
        shown = {name: _read_field(pair) for name, pair in fields.items()}
        return cls(index, shown, {name: _decode(item) for name, item in hidden.items()})


def open_fields(entry_key: SecretBytes, fields: Mapping[str, str], reveal: Collection[str], *, index: int) -> Opening:
    """Return an opening that shows ``reveal`` of the entry at ``index`` and hides the rest.

    Raises:
        CommitmentError: ``fields`` are not exactly ``FIELDS``, or ``reveal`` names another one.
    """
    _check_fields(fields)
    _check_fields({*FIELDS, *reveal})
    salted = {name: (salt, fields[name]) for name, salt in zip(FIELDS, _salts(entry_key), strict=True)}
    shown = {name: salted[name] for name in FIELDS if name in reveal}
    hidden = {name: field_hash(salted[name][0], name, fields[name]) for name in FIELDS if name not in reveal}
    return Opening(index, shown, hidden)


def verify_opening(opening: Opening, commitment: bytes) -> dict[str, str]:
    """Return the shown fields after they were checked against the commitment of the leaf at that index.

    Raises:
        CommitmentError: the fields are not exactly the registered ones, or lead to another commitment.
    """
    if len(opening.fields) + len(opening.hidden) != len(FIELDS):
        raise CommitmentError("a field is both shown and hidden, or missing")
    _check_fields({*opening.fields, *opening.hidden})
    shown = {name: field_hash(salt, name, value) for name, (salt, value) in opening.fields.items()}
    hashes = {**opening.hidden, **shown}
    if not equal(root_of(hashes[name] for name in FIELDS), commitment):
        raise CommitmentError("the opening does not fit the commitment")
    return opening.values()


def case_tag(case_log_key: SecretBytes, counter: int) -> bytes:
    """Return the tag of a case's entry number ``counter`` (0, 1, 2 …): HMAC over eight bytes, most significant first.

    Unlinkable for others; the holder computes them all and finds each exactly once in any copy of the log.
    """
    return hmac_sha256(case_log_key, counter.to_bytes(8, "big"))


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decode(text: object) -> bytes:
    try:
        data = strict_base64(text) if isinstance(text, str) else b""
    except ValueError as error:
        raise CommitmentError("malformed base64 in an opening") from error
    if len(data) != HASH_SIZE:
        raise CommitmentError("salts and hashes have 32 bytes")
    return data


def _read_field(pair: object) -> tuple[bytes, str]:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):
        raise CommitmentError("a shown field is a salt and a text")
    return _decode(pair[0]), pair[1]
