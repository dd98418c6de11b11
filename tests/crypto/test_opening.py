"""Opening: identities, malformed stanzas, armor, and objects that are bound to their place."""

from __future__ import annotations

import io
import os
from dataclasses import replace

import pytest

from crypto.age import Stanza, armor, encode_base64, hybrid_recipient, identity_text, seal, seal_stream
from crypto.errors import ArmorError, FrameError, HeaderError, KeyTextError, PayloadError
from crypto.framing import IDENTITY_SIZE, FramedSource, Head, frame
from crypto.opening import HybridIdentity, ScryptIdentity, dearmor, open_framed, open_framed_stream
from crypto.secret import SecretBytes

SEED = SecretBytes(b"\x07" * 32)
RECIPIENT = hybrid_recipient(SEED)
IDENTITY = HybridIdentity(SEED)
PLACE = Head("portal.invalid", "c" * 26, "identity", "0011223344556677", 1)


def test_identity_text_round_trip():
    """``AGE-SECRET-KEY-PQ-1…`` and back, with the same recipient."""
    text = identity_text(SEED)
    assert text.reveal().startswith(b"AGE-SECRET-KEY-PQ-1")
    assert HybridIdentity.parse(text).recipient == RECIPIENT


@pytest.mark.parametrize(
    "text",
    [
        identity_text(SEED).reveal().lower(),
        identity_text(SEED).reveal()[:-1],
        b"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0",
        b"AGE-SECRET-KEY-PQ-1",
        "ÑAGE".encode(),
        b"",
    ],
)
def test_other_identity_text_is_refused(text):
    """Lower case, cut, classic, empty."""
    with pytest.raises(KeyTextError):
        HybridIdentity.parse(SecretBytes(text))


def test_identity_of_another_length_is_refused():
    """A right checksum over sixteen bytes makes no identity."""
    from crypto import bech32

    text = bech32.encode("age-secret-key-pq-", bytes(16)).upper()
    with pytest.raises(KeyTextError):
        HybridIdentity.parse(SecretBytes(text.encode()))


@pytest.mark.parametrize(
    "stanza",
    [
        Stanza("mlkem768x25519", (), bytes(32)),
        Stanza("mlkem768x25519", ("AAAA", "AAAA"), bytes(32)),
        Stanza("mlkem768x25519", ("AAAA",), bytes(32)),
        Stanza("mlkem768x25519", (encode_base64(bytes(1120)),), bytes(31)),
        Stanza("mlkem768x25519", (encode_base64(bytes(1120)),), bytes(32)),
        Stanza("mlkem768x25519", (encode_base64(bytes(1120)) + "=",), bytes(32)),
    ],
    ids=["no argument", "two arguments", "short enc", "short body", "low order", "padded base64"],
)
def test_malformed_hybrid_stanza_is_a_header_failure(stanza):
    """A malformed stanza of our own type is not passed over as somebody else's."""
    with pytest.raises(HeaderError):
        IDENTITY.unwrap(stanza)


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("AAAA", "1"),
        (encode_base64(bytes(16)), "01"),
        (encode_base64(bytes(16)), "100"),
        (encode_base64(bytes(16)),),
    ],
)
def test_malformed_passphrase_stanza_is_a_header_failure(args):
    """Salt and work factor have one spelling."""
    with pytest.raises(HeaderError):
        ScryptIdentity(SecretBytes(b"x")).unwrap(Stanza("scrypt", args, bytes(32)))


ARMORED = armor(bytes(range(100)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "-----BEGIN AGE ENCRYPTED FILE-----",
        ARMORED.replace("BEGIN", "BEGINN"),
        ARMORED.replace("\n", "\n\n", 1),
        ARMORED.replace("AAEC", "AA=C"),
        ARMORED.replace("AAEC", "AAÑC"),
        ARMORED.replace("AAEC", "AA C"),
        ARMORED.replace("AAEC", "AAE"),
        ARMORED.replace("==", ""),
        ARMORED.replace("Yw==", "Yx=="),
        ARMORED.replace("Yw==", "Yw="),
        "x" + ARMORED,
        ARMORED + "x",
        ARMORED.encode("utf-16"),
    ],
)
def test_malformed_armor_is_refused(text):
    """Each in a way of its own."""
    with pytest.raises(ArmorError):
        dearmor(text)


def test_armor_survives_the_mail():
    """CRLF and blank lines around it do not matter, text or bytes."""
    mailed = " \r\n\n" + ARMORED.replace("\n", "\r\n") + "\n\n"
    assert dearmor(mailed) == dearmor(mailed.encode()) == bytes(range(100))


def test_long_armor_has_lines_of_64():
    """As PEM has, so that mail programs do not break it."""
    lines = armor(bytes(480)).splitlines()[1:-1]
    assert [len(line) for line in lines] == [64] * 10
    assert dearmor(armor(bytes(480))) == bytes(480)


def sealed(head: Head, body: bytes, size: int | None = None) -> bytes:
    return seal(frame(head, body, size), [RECIPIENT], random=os.urandom)


def test_framed_object_opens_at_its_place():
    """Head and padding are gone, the body is there."""
    assert open_framed(sealed(PLACE, b"Rosa", IDENTITY_SIZE), [IDENTITY], PLACE) == b"Rosa"


OTHER_PLACES = [
    replace(PLACE, portal="other.invalid"),
    replace(PLACE, case="d" * 26),
    replace(PLACE, kind="statement"),
    replace(PLACE, record="8899aabbccddeeff"),
    replace(PLACE, epoch=2),
    replace(PLACE, length=5),
]


@pytest.mark.parametrize("place", OTHER_PLACES)
def test_object_served_at_another_place_is_refused(place):
    """A server cannot pass one witness's record off as another's: nothing is released."""
    file = sealed(PLACE, b"Rosa", IDENTITY_SIZE)
    with pytest.raises(FrameError):
        open_framed(file, [IDENTITY], place)
    target = io.BytesIO()
    with pytest.raises(FrameError):
        open_framed_stream(io.BytesIO(file), target, [IDENTITY], place)
    assert target.getvalue() == b""


@pytest.mark.parametrize("size", [0, 1, 5000, 200_000])
def test_framed_stream_round_trip(size):
    """A large file is framed, sealed, opened and unframed in pieces, and is the same object as the bytes calls make."""
    body = os.urandom(size)
    head = replace(PLACE, kind="file", length=size)
    file, target = io.BytesIO(), io.BytesIO()
    seal_stream(FramedSource(head, io.BytesIO(body)), file, [RECIPIENT], random=os.urandom)
    assert open_framed_stream(io.BytesIO(file.getvalue()), target, [IDENTITY], replace(head, length=None)) == head
    assert target.getvalue() == open_framed(file.getvalue(), [IDENTITY], head) == body


def test_framed_stream_reports_a_changed_chunk():
    """What was written before the error is for the caller to remove; the error is there."""
    file = sealed(replace(PLACE, kind="file"), os.urandom(200_000))
    with pytest.raises(PayloadError):
        open_framed_stream(io.BytesIO(file[:-1] + b"\0"), io.BytesIO(), [IDENTITY], replace(PLACE, kind="file"))
