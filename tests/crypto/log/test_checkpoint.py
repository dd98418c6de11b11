"""Checkpoints: who signed, what is covered, and what an attacker would like to add."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import note
from crypto.errors import BadSignatureError, CheckpointError, NoteError, UnknownSignerError
from crypto.log import checkpoint as cp
from crypto.log.checkpoint import Checkpoint, Ed25519Cosigner, LogSigner, MlDsaCosigner
from crypto.log.merkle import EMPTY_ROOT
from crypto.note import NoteSigner
from crypto.secret import SecretBytes
from tests.crypto.log.published import LOG, ORIGIN, PQ, TIME

HEAD = Checkpoint(ORIGIN, 70_000, b"r" * 32)
WITNESS = Ed25519Cosigner("cosigner.example/w1", SecretBytes(b"w" * 32))
LOG_KEY, PQ_KEY, WITNESS_KEY = (cp.parse_verifier(key.vkey) for key in (LOG, PQ, WITNESS))


def signed(time: int = TIME) -> str:
    """The published form: Ed25519, ML-DSA and a cosigner."""
    return cp.sign_checkpoint(HEAD, [LOG], [PQ, WITNESS], time=time)


def test_a_published_checkpoint_verifies_under_each_of_its_keys():
    """Alone and together."""
    for verifiers in ([LOG_KEY], [PQ_KEY], [LOG_KEY, PQ_KEY], [LOG_KEY, PQ_KEY, WITNESS_KEY]):
        assert cp.verify_checkpoint(signed(), ORIGIN, verifiers) == HEAD


def test_the_text_has_three_lines():
    """Origin, size, root; no extension lines."""
    assert HEAD.text() == "portal.example/log\n70000\n" + "cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=" + "\n"
    assert Checkpoint.parse(HEAD.text()) == HEAD
    assert Checkpoint.of_note(signed()) == HEAD


@given(st.integers(0, len(signed().encode()) - 1), st.integers(1, 255))
def test_any_one_byte_change_is_refused(place, change):
    """Text, names, key ids, times and signatures are all covered when all keys are known."""
    data = bytearray(signed().encode())
    data[place] ^= change
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    try:
        verified = note.verify(text, [LOG_KEY, PQ_KEY, WITNESS_KEY])
    except NoteError:
        return
    assert len(verified.names) == 2, "a line whose name or id was changed is unknown, the others hold"
    assert verified.text == HEAD.text()


def test_a_cosigner_alone_makes_no_checkpoint():
    """The log itself must sign."""
    with pytest.raises(CheckpointError, match="did not sign"):
        cp.verify_checkpoint(signed(), ORIGIN, [WITNESS_KEY])
    with pytest.raises(UnknownSignerError):
        cp.verify_checkpoint(signed(), ORIGIN, [])


def test_a_checkpoint_of_another_log_is_refused():
    """One key, two origins: the origin is compared."""
    other = Checkpoint("other.example/log", 3, b"r" * 32)
    text = note.sign(other.text(), [NoteSigner(ORIGIN, SecretBytes(b"L" * 32))])
    with pytest.raises(CheckpointError, match="another log"):
        cp.verify_checkpoint(text, ORIGIN, [LOG_KEY])


def test_the_log_key_signs_nothing_but_its_checkpoints():
    """No sign-in text, no other origin, no extension line gets the log's signature."""
    for text in (
        "resguardo/sign-in/v1\n{}\n",
        "other.example/log\n3\ncnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=\n",
        HEAD.text() + "extension\n",
    ):
        with pytest.raises(CheckpointError):
            note.sign(text, [LOG])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n1\n" + "A" * 43 + "\n",
        "a\n1\nAAAA\n",
        "a\n1\n" + "A" * 43 + "=",
        "a\n1\n" + "A" * 43 + "=\nextension\n",
        "\n1\n" + "A" * 43 + "=\n",
        "a b\n1\n" + "A" * 43 + "=\n",
        "a\n0\n" + "A" * 43 + "=\n",
        "a\n٣\n" + "A" * 43 + "=\n",
        "a\n9223372036854775808\n" + "A" * 43 + "=\n",
        "a\n1\n" + "A" * 42 + "B=\n",
    ],
)
def test_malformed_checkpoints_are_refused(text):
    """Leading zeros, other roots of the empty tree, extension lines, sizes beyond the formats."""
    with pytest.raises(CheckpointError):
        Checkpoint.parse(text)


def test_the_empty_log_has_a_checkpoint():
    """Size 0 with the root of nothing."""
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert cp.verify_checkpoint(cp.sign_checkpoint(empty, [LOG]), ORIGIN, [LOG_KEY]) == empty


def test_a_cosignature_for_one_time_or_name_does_not_hold_for_another():
    """Both are under the signature: time in 04 and 06, name in 06."""
    line = PQ.cosign(HEAD, TIME)
    later = note.SignatureLine(line.name, line.key_id, (TIME + 1).to_bytes(8, "big") + line.signature[8:])
    other = MlDsaCosigner("other.example/c", SecretBytes(b"Q" * 32))
    moved = note.SignatureLine(other.name, other.key_id, line.signature)
    base = cp.sign_checkpoint(HEAD, [LOG])
    for bad, key in ((later, PQ.vkey), (moved, other.vkey)):
        with pytest.raises(BadSignatureError):
            note.verify(cp.add_signatures(base, [bad]), [cp.parse_verifier(key)])


def test_a_plain_signature_is_no_cosignature():
    """The same key under type 01 and 04 has two ids and two messages."""
    seed = SecretBytes(b"w" * 32)
    plain, timed = NoteSigner("cosigner.example/w1", seed), Ed25519Cosigner("cosigner.example/w1", seed)
    assert plain.key_id != timed.key_id
    swapped = note.SignatureLine(timed.name, timed.key_id, plain.sign(HEAD.text().encode()))
    with pytest.raises(BadSignatureError):
        note.verify(note.assemble(HEAD.text(), [swapped]), [WITNESS_KEY])


@pytest.mark.parametrize("cosigner", [PQ, WITNESS])
@pytest.mark.parametrize("signature", [b"", b"\0" * 8, b"\xff" * 72, b"\0" * 72])
def test_malformed_cosignatures_are_refused(cosigner, signature):
    """Too short for a time, a time beyond 2^63, nonsense."""
    line = note.SignatureLine(cosigner.name, cosigner.key_id, signature or b"\0")
    with pytest.raises(BadSignatureError):
        note.verify(note.assemble(HEAD.text(), [line]), [cp.parse_verifier(cosigner.vkey)])


@pytest.mark.parametrize("cosigner", [PQ, WITNESS])
def test_a_cosignature_under_something_else_than_a_checkpoint_is_refused(cosigner):
    """It does not cover what it does not read."""
    line = cosigner.cosign(HEAD, TIME)
    with pytest.raises(BadSignatureError):
        note.verify(note.assemble(HEAD.text() + "extension\n", [line]), [cp.parse_verifier(cosigner.vkey)])


def test_the_times_of_known_cosigners():
    """Only verified cosignatures tell the time."""
    assert cp.cosignature_times(signed(), [LOG_KEY, PQ_KEY, WITNESS_KEY]) == {ORIGIN: TIME, WITNESS.name: TIME}
    assert cp.cosignature_times(signed(), [LOG_KEY]) == {}
    assert cp.cosignature_times(cp.sign_checkpoint(HEAD, [LOG]), [LOG_KEY, PQ_KEY]) == {}


@pytest.mark.parametrize("time", [-1, 2**63])
def test_impossible_times_are_not_signed(time):
    """Neither before 1970 nor beyond the field."""
    with pytest.raises(ValueError, match="seconds"):
        signed(time=time)


@pytest.mark.parametrize(
    "vkey", [note.encode_vkey("a", 2, b"k" * 32), note.encode_vkey("a", 6, b"k" * 32), note.encode_vkey("a", 4, b"k")]
)
def test_verifier_keys_of_other_types_or_lengths_are_refused(vkey):
    """01, 04 and 06 only."""
    with pytest.raises(NoteError):
        cp.parse_verifier(vkey)


def test_the_key_id_of_each_type():
    """SHA-256(name ‖ 0A ‖ type ‖ key)[:4], the same seed under 01 and 04."""
    assert LogSigner(ORIGIN, SecretBytes(b"L" * 32)).vkey == LOG.vkey
    assert len({LOG.key_id, PQ.key_id, WITNESS.key_id}) == 3


def test_sixteen_cosignatures_are_accepted():
    """A log with many cosigners is readable."""
    many = [MlDsaCosigner(f"c{n}.example", SecretBytes(bytes([n]) * 32)) for n in range(16)]
    text = cp.sign_checkpoint(HEAD, [LOG], many, time=TIME)
    verifiers = [LOG_KEY, *(cp.parse_verifier(one.vkey) for one in many)]
    assert len(cp.cosignature_times(text, verifiers)) == 16
