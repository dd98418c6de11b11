"""Announcements of a log's next keys: only the keys before lead on, and only what the log says (law L5)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785

from crypto.errors import AnnouncementError
from crypto.log import merkle
from crypto.log.checkpoint import Checkpoint, LogSigner, MlDsaCosigner, sign_checkpoint
from crypto.log.keychange import (
    MAX_ANNOUNCEMENTS,
    KeySet,
    announcing_note,
    leading_from,
    leading_to,
    make_announcement,
    read_all,
    read_announcement,
    subject_of,
)
from crypto.log.leaf import Leaf, LeafKind
from crypto.log.proof import LogProof
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes
from tests.crypto.log.published import node_of

ORIGIN = "portal.example/log"


class Keys:
    """One set of a log's keys."""

    def __init__(self, letter: bytes, origin: str = ORIGIN) -> None:
        self.log = LogSigner(origin, SecretBytes(letter * 32))
        self.statements = NoteSigner(f"{origin}/statements", SecretBytes(letter.upper() * 32))
        self.public = KeySet(self.log.vkey, MlDsaCosigner(origin, SecretBytes(letter * 32)).vkey, self.statements.vkey)


A, B, C = Keys(b"a"), Keys(b"b"), Keys(b"c")


def note_of(before: Keys, after: Keys, origin: str = ORIGIN) -> str:
    """The note about a change of keys."""
    signers = [before.statements, after.statements]
    return announcing_note("portal.example", origin, "2026-11-22T12:00:00Z", (before.public, after.public), signers)


def announced(
    before: Keys,
    after: Keys,
    note: str | None = None,
    *,
    kind: LeafKind = LeafKind.KEYS_CHANGED,
    signer: Keys | None = None,
    also: Keys | None = None,
    subject: bytes | None = None,
) -> str:
    """A change as a log of nine entries announces it in its sixth; by default an honest one."""
    note = note or note_of(before, after)
    leaf = Leaf(kind, 3600, bytes(32), subject or subject_of(note), b"c" * 32).to_bytes()
    rows = [leaf if number == 5 else b"%d" % number for number in range(9)]
    hashes = [merkle.leaf_hash(row) for row in rows]
    checkpoint = sign_checkpoint(Checkpoint(ORIGIN, 9, merkle.root_of(hashes)), [(signer or before).log])
    return make_announcement(
        note, leaf, 5, merkle.inclusion_proof(5, 9, node_of(hashes)), checkpoint, (also or after).log
    )


def test_an_announcement_says_what_changes() -> None:
    """Both sets of keys, the entry, and the checkpoint under which it is proved."""
    found = read_announcement(announced(A, B))
    assert (found.portal, found.origin, found.time[:10], found.index) == ("portal.example", ORIGIN, "2026-11-22", 5)
    assert (found.before, found.after) == (A.public, B.public)
    assert found.checkpoint.size == 9
    assert Leaf.from_bytes(found.leaf).kind is LeafKind.KEYS_CHANGED


def test_keys_lead_on_one_by_one() -> None:
    """From any of them to the newest, and back; what leads elsewhere leads nowhere."""
    found = read_all([announced(B, C), announced(A, B)])
    assert [each.after for each in leading_from(A.public.log, found)] == [B.public, C.public]
    assert [each.before for each in leading_to(C.public.log, found)] == [A.public, B.public]
    assert leading_from(C.public.log, found) == ()
    assert leading_to(A.public.log, found) == ()
    around = read_all([announced(A, B), announced(B, A)])
    assert len(leading_from(A.public.log, around)) == 2, "a circle ends"


def _extra(text: str, change: Callable[[dict[str, Any]], None]) -> str:
    proof = LogProof.parse(text)
    extra = json.loads(proof.extra or b"")
    change(extra)
    return LogProof(proof.index, proof.hashes, json.dumps(extra).encode(), proof.checkpoint).to_text()


def _body(**changed: Any) -> str:
    """A note whose body says something else, signed by those whom it names."""
    body = {
        "v": 1, "portal": "portal.example", "origin": ORIGIN, "time": "t",
        "from": A.public.to_json(), "to": B.public.to_json(), **changed,
    }  # fmt: skip
    return sign_typed(NoteType.KEYS, body, [A.statements, B.statements])


OTHER = Keys(b"o", "other.example/log")
FALSE = {
    "the log key before did not sign": announced(A, B, signer=C),
    "the log key after did not sign": announced(A, B, also=C),
    "a statement key did not sign": announced(
        A, B, sign_typed(NoteType.KEYS, json.loads(_body().split("\n")[1]), [A.statements])
    ),
    "the entry is of another kind": announced(A, B, kind=LeafKind.PORTAL_VERSION),
    "the entry names another note": announced(A, B, subject=b"s" * 32),
    "another note was put in": _extra(announced(A, B), lambda extra: extra.update(note=note_of(A, C))),
    "another entry was put in": _extra(
        announced(A, B), lambda extra: extra.update(leaf=base64.b64encode(b"x" * 106).decode())
    ),
    "no note at all": _extra(announced(A, B), lambda extra: extra.pop("note")),
    "the note is no note": announced(A, B, "words\n"),
    "a later version": announced(A, B, _body(v=2)),
    "keys that are no texts": announced(A, B, _body(to={**B.public.to_json(), "log_pq": 7})),
    "a log key of another log": announced(A, B, _body(to={**B.public.to_json(), "log": OTHER.public.log})),
    "a statement key of another log": announced(
        A, B, _body(to={**B.public.to_json(), "statements": OTHER.public.statements})
    ),
    "the same statement key": announced(A, B, _body(to={**B.public.to_json(), "statements": A.public.statements})),
    "a note of another type": announced(A, B, note_of(A, B).replace("keys/v1", "link/v1")),
    "deep nesting": announced(A, B, "resguardo/keys/v1\n" + "[" * 100_000 + "\n"),
    "no proof": "words",
}


@pytest.mark.parametrize("what", FALSE)
def test_what_does_not_announce_is_refused(what):
    """Each rule alone; whoever reads many leaves it out, and follows the others."""
    with pytest.raises(AnnouncementError):
        read_announcement(FALSE[what])
    assert [each.after for each in read_all([FALSE[what], announced(A, B)])] == [B.public]


@pytest.mark.parametrize("served", [None, "text", {"a": 1}, [None, 7, []], []])
def test_a_list_of_something_else_leads_nowhere(served):
    """A portal sends what it likes."""
    assert read_all(served) == ()


def test_only_so_many_are_read() -> None:
    """A portal cannot keep a reader busy."""
    assert len(read_all([announced(A, B)] * (MAX_ANNOUNCEMENTS + 1))) == MAX_ANNOUNCEMENTS


def test_the_note_is_canonical() -> None:
    """As every typed note."""
    line = note_of(A, B).split("\n")[1]
    assert rfc8785.dumps(json.loads(line)).decode() == line
