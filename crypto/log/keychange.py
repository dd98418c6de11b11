"""A log's next keys, announced in the log itself under the keys that they replace.

An announcement is a ``tlog-proof``; its extra data holds the entry (``leaf``) and a note (``resguardo/keys/v1``), which
names the keys before and after and is signed by both statement keys. The entry is of the kind *keys changed*, and its
subject tag is the SHA-256 of the note: anyone who reads the log sees that its keys changed.

Rules of trust
  1. The entry is in the log under a checkpoint that the log key before *and* the one after signed; its kind and tag are
     the note's.
  2. Both statement keys that the note names signed it; log and statement keys are named after the log, and the name
     stays: another name is a successor's, which is something else.
  3. Whoever knows the keys before believes those after; from then on both count, the old ones for what they signed.
     Whoever knows those after believes the ones before in the same way: either key signed for the other.
  4. A key that no announcement leads to is another key, whatever the portal says of it.

Worked example: somebody steals the statement key and announces keys of their own. The note is perfect; the entry has to
stand in a checkpoint that the log key signed, and cosigners and auditors saw that one. With both keys stolen the
announcement stands in the log for everyone to see, the owners too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crypto.digest import sha256
from crypto.errors import AnnouncementError, CryptoError
from crypto.log.checkpoint import (
    Checkpoint,
    LogSigner,
    add_signatures,
    parse_verifier,
    sign_checkpoint,
    verify_checkpoint,
)
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.proof import LogProof
from crypto.note import NoteSigner, NoteType, NoteVerifier, open_typed, sign_typed, split, strict_base64

MAX_ANNOUNCEMENTS = 64
"""Changes of one log's keys that a reader follows."""


@dataclass(frozen=True)
class KeySet:
    """The verifier keys of a log: Ed25519, ML-DSA-44, and that of its statements."""

    log: str
    log_pq: str
    statements: str

    def to_json(self) -> dict[str, str]:
        """Return the keys as a note names them."""
        return {"log": self.log, "log_pq": self.log_pq, "statements": self.statements}


@dataclass(frozen=True)
class Announcement:
    """A verified change of keys; ``time`` is the portal's own, RFC 3339; ``checkpoint`` is the one of the proof."""

    text: str
    portal: str
    origin: str
    time: str
    before: KeySet
    after: KeySet
    index: int
    leaf: bytes
    checkpoint: Checkpoint
    checkpoint_note: str


def announcing_note(
    portal: str, origin: str, time: str, keys: tuple[KeySet, KeySet], signers: Sequence[NoteSigner]
) -> str:
    """Return the note about a change of ``keys`` (before, after), signed by both statement keys."""
    before, after = keys
    body = {"v": 1, "portal": portal, "origin": origin, "time": time}
    return sign_typed(NoteType.KEYS, {**body, "from": before.to_json(), "to": after.to_json()}, signers)


def subject_of(note: str) -> bytes:
    """Return the subject tag of the entry that announces a note."""
    return sha256(note.encode())


def make_announcement(
    note: str, leaf: bytes, index: int, hashes: Iterable[bytes], checkpoint: str, new: LogSigner
) -> str:
    """Return the announcement under a signed ``checkpoint``, which the new log key signs as well; checks nothing."""
    lines = split(sign_checkpoint(Checkpoint.of_note(checkpoint), [new]))[1]
    checkpoint = add_signatures(checkpoint, lines)
    extra = json.dumps({"leaf": base64.b64encode(leaf).decode(), "note": note}, separators=(",", ":")).encode()
    return LogProof(index, tuple(hashes), extra, checkpoint).to_text()


@lru_cache(maxsize=MAX_ANNOUNCEMENTS)  # what is kept is read anew for each entry that is proved
def read_announcement(text: str) -> Announcement:
    """Return what an announcement says, verified in itself (rules 1 and 2).

    Raises:
        AnnouncementError: a rule fails.
    """
    try:
        proof = LogProof.parse(text)
        extra = json.loads(proof.extra or b"{}")
        note, entry = str(extra["note"]), strict_base64(extra["leaf"])
        body = _open_note(note)
        before, after = _keys(body["from"]), _keys(body["to"])
        origin = str(body["origin"])
        if NoteVerifier.parse(before.log).name != origin or NoteVerifier.parse(after.log).name != origin:
            raise AnnouncementError("a log key is named after its log")
        # 1.
        checkpoint = proof.verify(entry, origin, [parse_verifier(before.log)])
        verify_checkpoint(proof.checkpoint, origin, [parse_verifier(after.log)])
        leaf = Leaf.from_bytes(entry)
        if leaf.kind is not LeafKind.KEYS_CHANGED or leaf.subject_tag != subject_of(note):
            raise AnnouncementError("the entry announces something else")
    except (CryptoError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise AnnouncementError("no announcement of a log's next keys") from error
    return Announcement(
        text, str(body["portal"]), origin, str(body["time"]), before, after,
        proof.index, entry, checkpoint, proof.checkpoint,
    )  # fmt: skip


def _open_note(note: str) -> Mapping[str, Any]:
    """Return the note's body after both statement keys that it names were found under it (rule 2)."""
    unverified = json.loads(note.split("\n")[1])
    origin, names = unverified["origin"], ("from", "to")
    keys = [NoteVerifier.parse(unverified[name]["statements"]) for name in names]
    if any(key.name != f"{origin}/statements" for key in keys) or keys[0].key_id == keys[1].key_id:
        raise AnnouncementError("statement keys are named after their log")
    for key in keys:
        body = open_typed(note, NoteType.KEYS, [key])
    if body["v"] != 1:
        raise AnnouncementError("a later version")
    return body


def _keys(named: Mapping[str, Any]) -> KeySet:
    found = KeySet(named["log"], named["log_pq"], named["statements"])
    if not all(isinstance(each, str) for each in (found.log, found.log_pq, found.statements)):
        raise AnnouncementError("keys are texts")
    return found


def read_all(texts: object) -> tuple[Announcement, ...]:
    """Return the announcements that somebody serves; what is none is left out, as nothing follows from it."""
    found: list[Announcement] = []
    for text in texts[:MAX_ANNOUNCEMENTS] if isinstance(texts, list | tuple) else ():
        try:
            found.append(read_announcement(text))
        except (AnnouncementError, AttributeError, TypeError):  # no text at all
            continue
    return tuple(found)


def leading_from(vkey: str, announced: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """Return the changes that lead on from a log key, in order (rule 3)."""
    by_key = {each.before.log: each for each in reversed(tuple(announced))}
    found: list[Announcement] = []
    while vkey in by_key:
        found.append(by_key.pop(vkey))
        vkey = found[-1].after.log
    return tuple(found)


def leading_to(vkey: str, announced: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """Return the changes that led to a log key, in order (rule 3)."""
    by_key = {each.after.log: each for each in reversed(tuple(announced))}
    found: list[Announcement] = []
    while vkey in by_key:
        found.insert(0, by_key.pop(vkey))
        vkey = found[0].before.log
    return tuple(found)
