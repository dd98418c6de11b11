"""Requests for access that a reader's own device signs, and how the log knows the keys and the rule.

Rules of trust
  1. A key signs for a reader from the entry on whose subject tag is ``key_tag(vkey, "on")``, and no longer from the one
     with ``key_tag(vkey, "off")`` on. Both stand in the public log, and tell nothing to whoever does not know the key:
     a key that was made up afterwards has no entry before the look that it is to excuse.
  2. The entry about a look commits to its request: its detail ends in ``request <SHA-256 of the note> <index of
     the key's entry>``. Another note, and the same note under another key, fit no longer.
  3. A request is about one look: its portal, role, case, record and purpose are those of the entry. Shown for another
     case or purpose it does not fit.
  4. The checkpoint in it is one that the log's own key signed, and the entry comes after it: the device says which
     history it knew, over its own signature.
  5. That requests must be signed is an entry of its own, with ``rule_tag("required")``: nobody can say later that it
     was never so.

Worked example: Rosa's device asks to read ``record`` of case A for REVIEW, knowing the log at 40 entries. Entry 41 says
``record_read``, detail ``request 5f… 12``; entry 12 has ``key_tag(vkey, "on")``. The portal shows the same note for
case B: rule 3. It shows entry 41 without a note: rule 2, the detail names one.

Source: FORMAT.md, section "Signed requests".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crypto.digest import sha256, sha256_hex
from crypto.errors import AccessRequestError, CryptoError, LogError, NoteTypeError
from crypto.log.checkpoint import Checkpoint, LogVerifier, verify_checkpoint
from crypto.note import NoteType, NoteVerifier, open_typed

MAX_REQUEST_SIZE = 8 * 1024
"""Characters of a note; its checkpoint bears the log's own signature only."""
KEY_STATES = ("on", "off")
RULES = ("off", "offered", "required")
_DETAIL = re.compile(r"(?:.* )?request ([0-9a-f]{64}) (0|[1-9][0-9]{0,18})", re.ASCII)
_FIELDS = ("portal", "role", "case", "record", "purpose", "nonce", "checkpoint", "time")
_KEY_FIELDS = ("portal", "reader", "key", "nonce", "time")


@dataclass(frozen=True)
class AccessRequest:
    """What a device signed: one look at one record for one purpose; ``checkpoint`` is a note, or empty."""

    portal: str
    role: str
    case: str
    record: str
    purpose: str
    nonce: str
    checkpoint: str
    time: str

    def check_fits(self, portal: str, fields: Mapping[str, str]) -> None:
        """Raises ``AccessRequestError`` unless the request is about the look that an entry's fields tell (rule 3)."""
        record, _, _ = fields.get("record", "").partition("/")
        wanted = {"portal": portal, "record": record} | {n: fields.get(n, "") for n in ("role", "case", "purpose")}
        for name, value in wanted.items():
            if getattr(self, name) != value:
                raise AccessRequestError("the request is about another look", name)

    def check_known(self, index: int, origin: str, verifiers: list[LogVerifier]) -> Checkpoint | None:
        """Return the state of the log that the device knew, None if it knew none of this log (rule 4).

        Raises:
            AccessRequestError: the log's key did not sign it, or it is larger than the log was at entry ``index``.
        """
        if not self.checkpoint:
            return None
        try:
            known = Checkpoint.of_note(self.checkpoint)
            if known.origin != origin:
                return None  # of a log before this one
            state = verify_checkpoint(self.checkpoint, origin, verifiers)
        except (CryptoError, LogError) as error:
            raise AccessRequestError("the request's checkpoint is not the log's", "checkpoint") from error
        if state.size > index:
            raise AccessRequestError("the request knows a log larger than it was", "checkpoint")
        return state


@dataclass(frozen=True)
class ReaderKey:
    """A device's own statement that its key is a reader's; only auditors are shown it."""

    portal: str
    reader: str
    key: str
    nonce: str
    time: str


def open_request(note: str, vkey: str) -> AccessRequest:
    """Return what a device signed; ``vkey`` is its key.

    Raises:
        NoteError: another key signed it, or it is no request.
    """
    return AccessRequest(**_texts(note, NoteType.ACCESS_REQUEST, vkey, _FIELDS))


def open_reader_key(note: str) -> ReaderKey:
    """Return what a device says of its key, signed by that key itself: who says so holds it.

    Raises:
        NoteError: it is no such note, or the key that it names did not sign it.
    """
    # In a body of these fields alone, all texts, no other place reads like this: within a text quotes are escaped.
    named = note.partition('"key":"')[2].partition('"')[0]
    return ReaderKey(**_texts(note, NoteType.READER_KEY, named, _KEY_FIELDS))


def _texts(note: str, kind: NoteType, vkey: str, names: tuple[str, ...]) -> dict[str, str]:
    if len(note) > MAX_REQUEST_SIZE:
        raise NoteTypeError("the note is too long")
    body = open_typed(note, kind, [NoteVerifier.parse(vkey)])
    if set(body) != {"v", *names} or body["v"] != 1 or any(not isinstance(body[name], str) for name in names):
        raise NoteTypeError("the note's body has another form")
    return {name: body[name] for name in names}


def key_name(portal: str) -> str:
    """Return the name of every reader's key of a portal: keys differ by their key ids, and name nobody."""
    return f"{portal}/reader"


def key_tag(vkey: str, state: str) -> bytes:
    """Return the subject tag of the entry from which a key signs (*on*) or signs no longer (*off*) (rule 1)."""
    if state not in KEY_STATES:
        raise ValueError("a key is on or off")
    return sha256(f"{NoteType.READER_KEY}\n{state}\n{vkey}\n".encode())


def rule_tag(rule: str) -> bytes:
    """Return the subject tag of the entry from which a rule holds (rule 5)."""
    if rule not in RULES:
        raise ValueError("an unknown rule")
    return sha256(f"{NoteType.ACCESS_REQUEST}\n{rule}\n".encode())


def detail_of(note: str, key_index: int) -> str:
    """Return the detail by which an entry commits to a request (rule 2)."""
    return f"request {sha256_hex(note.encode())} {key_index}"


def key_index_in(detail: str) -> int | None:
    """Return the index of the key's entry that an entry's detail names; None where it commits to no request."""
    found = _DETAIL.fullmatch(detail)
    return int(found[2]) if found else None


def check_committed(detail: str, note: str) -> None:
    """Raises ``AccessRequestError`` unless an entry's detail commits to this note (rule 2)."""
    found = _DETAIL.fullmatch(detail)
    if found is None or found[1] != sha256_hex(note.encode()):
        raise AccessRequestError("the entry commits to another request", "note")
