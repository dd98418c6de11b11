"""Signed requests as FORMAT.md describes them, and what does not fit (law L5)."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from crypto.access_request import (
    AccessRequest,
    check_committed,
    detail_of,
    key_index_in,
    key_tag,
    open_reader_key,
    open_request,
    rule_tag,
)
from crypto.errors import AccessRequestError, NoteError
from crypto.log.checkpoint import Checkpoint, LogSigner, parse_verifier, sign_checkpoint
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes

FORMAT = (Path(__file__).parent.parent.parent / "crypto" / "FORMAT.md").read_text()
SECTION = FORMAT[FORMAT.index("### Signed requests") : FORMAT.index("### Successor")]
SIGNER = NoteSigner("portal.example/reader", SecretBytes(hashlib.sha256(b"test reader key").digest()))
LOG = LogSigner("portal.example/log", SecretBytes(bytes(32)))
LOOK = {"role": "reviewer", "case": "k6vm32fk3h2qxlgnsy2mjb5imi", "record": "record/2", "purpose": "REVIEW"}


def _request(**said: object) -> str:
    body = {"v": 1, "portal": "portal.example", **LOOK, "record": "record", "nonce": "0" * 32, "checkpoint": ""}
    return sign_typed(NoteType.ACCESS_REQUEST, body | {"time": "2026-11-22T10:00:00Z", **said}, [SIGNER])


def test_the_vector_of_the_format_page() -> None:
    """Note, detail and tags stand on the page as this code makes them."""
    found = re.search(r"```\n(resguardo/access-request/v1\n\{.*?)```", SECTION, re.DOTALL)
    assert found
    note = found[1]
    assert note == _request()
    for text in (SIGNER.vkey, detail_of(note, 12), key_tag(SIGNER.vkey, "on").hex(), rule_tag("required").hex()):
        assert f"`{text}`" in SECTION
    open_request(note, SIGNER.vkey).check_fits("portal.example", LOOK)


@pytest.mark.parametrize("field", ["role", "case", "record", "purpose"])
def test_another_look_does_not_fit(field: str) -> None:
    """Each field by itself, and the portal."""
    request = open_request(_request(), SIGNER.vkey)
    with pytest.raises(AccessRequestError) as refusal:
        request.check_fits("portal.example", LOOK | {field: "other"})
    assert refusal.value.field == field
    with pytest.raises(AccessRequestError):
        request.check_fits("other.example", LOOK)


def test_a_note_of_another_form_is_no_request() -> None:
    """A field more, a number in place of a text, another version, another key, another type."""
    other = NoteSigner("portal.example/reader", SecretBytes(bytes(32)))
    for note in (_request(more="x"), _request(nonce=1), _request(v=2), _request(checkpoint="x" * 9000)):
        with pytest.raises(NoteError):
            open_request(note, SIGNER.vkey)
    with pytest.raises(NoteError):
        open_request(_request(), other.vkey)


def test_a_device_states_its_own_key_only() -> None:
    """Signed by the key that it names, and by no other."""
    body = {"v": 1, "portal": "p", "reader": "Rosa", "key": SIGNER.vkey, "nonce": "n" * 16, "time": "t"}
    assert open_reader_key(sign_typed(NoteType.READER_KEY, body, [SIGNER])).reader == "Rosa"
    other = NoteSigner("portal.example/reader", SecretBytes(bytes(32)))
    with pytest.raises(NoteError):
        open_reader_key(sign_typed(NoteType.READER_KEY, body, [other]))
    twice = sign_typed(NoteType.READER_KEY, {**body, "a": {"key": SIGNER.vkey}, "key": other.vkey}, [SIGNER])
    with pytest.raises(NoteError):
        open_reader_key(twice)


def test_what_a_device_knew_is_the_logs_own_and_not_newer() -> None:
    """Nothing, a state of another log, a true one, one that nobody signed, one larger than the log was."""
    verifiers = [parse_verifier(LOG.vkey)]

    def knowing(note: str) -> AccessRequest:
        return open_request(_request(checkpoint=note), SIGNER.vkey)

    true = sign_checkpoint(Checkpoint(LOG.name, 4, b"1" * 32), [LOG])
    stranger = LogSigner(LOG.name, SecretBytes(b"2" * 32))
    assert knowing("").check_known(9, LOG.name, verifiers) is None
    assert knowing(true).check_known(9, "other.example/log", verifiers) is None
    assert knowing(true).check_known(4, LOG.name, verifiers) == Checkpoint(LOG.name, 4, b"1" * 32)
    for note, index in ((true, 3), ("x", 9), (sign_checkpoint(Checkpoint(LOG.name, 4, b"1" * 32), [stranger]), 9)):
        with pytest.raises(AccessRequestError):
            knowing(note).check_known(index, LOG.name, verifiers)


def test_details_and_tags() -> None:
    """The detail may follow a mark's; a tag is of one state or rule."""
    note = _request()
    detail = f"mark 0a {detail_of(note, 12)}"
    assert key_index_in(detail) == 12
    check_committed(detail, note)
    for wrong, shown in ((detail, note + "x"), ("", note), ("request 0a 12", note)):
        with pytest.raises(AccessRequestError):
            check_committed(wrong, shown)
    assert key_index_in("mark 0a") is None
    with pytest.raises(ValueError, match="on or off"):
        key_tag(SIGNER.vkey, "lost")
    with pytest.raises(ValueError, match="rule"):
        rule_tag("never")
