"""Requests to cosigners and their answers, as c2sp.org/tlog-witness has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import NoteError, SubmissionError
from crypto.log.checkpoint import Checkpoint, Ed25519Cosigner, add_signatures, parse_verifier, sign_checkpoint
from crypto.log.submission import MAX_REQUEST, Submission, accepted_lines, own_signatures, parse_size
from crypto.secret import SecretBytes
from tests.crypto.log.published import LOG, ORIGIN, PQ

CHECKPOINT = Checkpoint(ORIGIN, 3, b"r" * 32)
NOTE = sign_checkpoint(CHECKPOINT, [LOG], [PQ], 7)
UNION = Ed25519Cosigner("union.example/c", SecretBytes(b"1" * 32))
SCHOOL = Ed25519Cosigner("school.example/c", SecretBytes(b"2" * 32))

_EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501 - the specification's own lines


def test_the_specifications_example_is_read_and_written():
    """Byte for byte."""
    read = Submission.parse(_EXAMPLE.encode())
    assert (read.old, len(read.proof)) == (20852014, 4)
    assert Checkpoint.of_note(read.checkpoint).size == 20852163
    assert read.to_bytes() == _EXAMPLE.encode()


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_what_is_written_is_read(old, proof):
    """Property: a request survives the wire, an empty proof too."""
    made = Submission(old, tuple(proof), NOTE)
    assert Submission.parse(made.to_bytes()) == made


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1",
        b"old 01\n\n" + NOTE.encode(),
        b"old -1\n\n" + NOTE.encode(),
        b"Old 1\n\n" + NOTE.encode(),
        b"old 9223372036854775808\n\n" + NOTE.encode(),
        b"old 1\nAAAA\n\n" + NOTE.encode(),
        b"old 1\n!\n\n" + NOTE.encode(),
        b"old 1\n\xff\n\n" + NOTE.encode(),
        Submission(1, (b"h" * 32,) * 64, NOTE).to_bytes(),
        b"old 0\n\n" + b"x" * MAX_REQUEST,
    ],
)
def test_malformed_requests_are_refused(body):
    """Strangers send requests."""
    with pytest.raises(SubmissionError):
        Submission.parse(body)


def test_only_the_logs_own_signatures_are_sent():
    """Other cosigners' lines would make the request too long for some, and are none of their business."""
    signed = add_signatures(NOTE, [UNION.cosign(CHECKPOINT, 8)])
    assert own_signatures(signed, ORIGIN) == NOTE
    with pytest.raises(NoteError):
        own_signatures(signed, "other.example/log")


def test_sizes_in_conflicts():
    """The body of a 409."""
    assert parse_size(b"20852014\n") == 20852014
    assert parse_size(b"0") == 0
    for body in (b"", b"07\n", b"7\n\n", b"9223372036854775808\n", b"seven"):
        with pytest.raises(SubmissionError):
            parse_size(body)


def test_only_known_good_cosignatures_are_taken():
    """Known keys' lines, each once; others are left out."""
    known = [parse_verifier(UNION.vkey)]
    union, school = UNION.cosign(CHECKPOINT, 8), SCHOOL.cosign(CHECKPOINT, 8)
    assert accepted_lines(NOTE, f"{school}{union}{union}".encode(), known) == [union]
    other = UNION.cosign(Checkpoint(ORIGIN, 3, b"x" * 32), 8)
    for body in (str(school).encode(), b"", b"\xff", b"not a line\n", str(other).encode(), f"{union}{other}".encode()):
        with pytest.raises(SubmissionError):
            accepted_lines(NOTE, body, known)
