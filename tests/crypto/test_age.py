"""Sealing: who a file can be sealed to, and that what is sealed opens for them only."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.age import (
    CHUNK_SIZE,
    HYBRID_PUBLIC_SIZE,
    MAX_HEADER,
    MLKEM_PUBLIC_SIZE,
    HybridRecipient,
    Recipient,
    ScryptRecipient,
    Stanza,
    armor,
    hybrid_recipient,
    identity_text,
    parse_header,
    read_header,
    seal,
    seal_stream,
)
from crypto.errors import AgeError, HeaderError, KeyTextError, MacError, NoMatchError, PayloadError
from crypto.opening import HybridIdentity, ScryptIdentity, dearmor, open_bytes, open_stream
from crypto.secret import SecretBytes

SEED = SecretBytes(b"\x07" * 32)
RECIPIENT = hybrid_recipient(SEED)
IDENTITY = HybridIdentity(SEED)
OTHER = HybridIdentity(SecretBytes(b"\x08" * 32))


class Slow:
    """A source that answers in small pieces, as a socket does."""

    def __init__(self, data: bytes, piece: int) -> None:
        self._source = io.BytesIO(data)
        self._piece = piece

    def read(self, size: int, /) -> bytes:
        return self._source.read(min(size, self._piece))


class Passphrase:
    """Some other recipient, to see what the header holds."""

    def __init__(self, stanza: Stanza) -> None:
        self.stanza = stanza

    def wrap(self, file_key, random):
        return self.stanza


@given(st.binary(max_size=300))
def test_open_undoes_seal(content):
    """open ∘ seal is the identity, armored or not."""
    file = seal(content, [RECIPIENT], random=os.urandom)
    assert open_bytes(file, [IDENTITY]) == content
    assert dearmor(armor(file)) == file


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE, 3 * CHUNK_SIZE + 7])
@pytest.mark.parametrize("piece", [1000, CHUNK_SIZE, 10 * CHUNK_SIZE])
def test_stream_opens_what_stream_sealed(size, piece):
    """At every border of a chunk, from sources that answer in pieces of any size."""
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    sealed, opened = io.BytesIO(), io.BytesIO()
    seal_stream(Slow(content, piece), sealed, [RECIPIENT], random=os.urandom)
    open_stream(Slow(sealed.getvalue(), piece), opened, [IDENTITY])
    assert opened.getvalue() == content


def test_stream_holds_no_more_than_some_chunks(tmp_path):
    """A file larger than memory is sealed and opened in pieces: 64 MB through sources that make and drop them."""

    class Zeros:
        def __init__(self, left: int) -> None:
            self.left = left

        def read(self, size: int, /) -> bytes:
            assert size <= 2 * CHUNK_SIZE
            data = bytes(min(size, self.left))
            self.left -= len(data)
            return data

    class Count:
        total = 0

        def write(self, data: bytes, /) -> None:
            assert len(data) <= 2 * CHUNK_SIZE
            self.total += len(data)

    path = tmp_path / "large.age"
    with path.open("wb") as sealed:
        seal_stream(Zeros(64 * 1000 * 1000), sealed, [RECIPIENT], random=os.urandom)
    target = Count()
    with path.open("rb") as source:
        open_stream(source, target, [IDENTITY])
    assert target.total == 64 * 1000 * 1000


_FILE = seal(b"contenido sellado" * 3, [RECIPIENT, hybrid_recipient(SecretBytes(b"\x09" * 32))], random=os.urandom)


@given(st.integers(0, len(_FILE) - 1), st.integers(1, 255))
def test_any_changed_byte_fails(at, change):
    """No byte of a file is without meaning."""
    changed = _FILE[:at] + bytes([_FILE[at] ^ change]) + _FILE[at + 1 :]
    with pytest.raises(AgeError):
        open_bytes(changed, [IDENTITY])


@given(st.integers(0, len(_FILE) - 1))
def test_any_cut_fails(length):
    """A file that ends early does not open."""
    with pytest.raises(AgeError):
        open_bytes(_FILE[:length], [IDENTITY])


def test_appended_byte_fails():
    """Nor does one that goes on."""
    with pytest.raises(PayloadError):
        open_bytes(_FILE + b"\0", [IDENTITY])


def test_chunks_cannot_be_swapped():
    """Each chunk knows its number."""
    file = seal(b"a" * CHUNK_SIZE + b"b" * CHUNK_SIZE + b"c", [RECIPIENT], random=os.urandom)
    start = len(file) - (2 * (CHUNK_SIZE + 16) + 17)
    middle = start + CHUNK_SIZE + 16
    end = middle + CHUNK_SIZE + 16
    with pytest.raises(PayloadError):
        open_bytes(file[:start] + file[middle:end] + file[start:middle] + file[end:], [IDENTITY])


def test_header_of_another_file_is_refused():
    """A payload under the header of another file for the same recipient does not open."""
    one, two = (seal(b"x" * 50, [RECIPIENT], random=os.urandom) for _ in range(2))
    with pytest.raises(PayloadError):
        open_bytes(one[:-82] + two[-82:], [IDENTITY])


def test_removed_recipient_is_noticed():
    """Cutting a co-holder's stanza out of the header breaks its HMAC."""
    header, rest = read_header(io.BytesIO(_FILE))
    second = header.covered.index(b"-> ", header.covered.index(b"-> ") + 1)
    first = _FILE[:second] + header.covered[-3:] + _FILE[len(header.covered) :]
    assert first.endswith(rest)
    with pytest.raises(MacError):
        open_bytes(first, [IDENTITY])


def test_stranger_does_not_open():
    """Neither another identity nor a passphrase opens it, nor does nobody."""
    for identities in ([], [OTHER], [ScryptIdentity(SecretBytes(b"x"))], [OTHER, OTHER]):
        with pytest.raises(NoMatchError):
            open_bytes(_FILE, identities)


def test_second_identity_of_several_opens():
    """All identities are tried."""
    assert open_bytes(_FILE, [OTHER, IDENTITY])


def test_same_content_never_seals_the_same():
    """Each file has its own key."""
    assert seal(b"x", [RECIPIENT], random=os.urandom) != seal(b"x", [RECIPIENT], random=os.urandom)


def test_passphrase_must_be_alone():
    """Beside another recipient it would be the weaker door to the same file."""
    passphrase = ScryptRecipient(SecretBytes(b"x"), 1)
    mixed: list[list[Recipient]] = [[passphrase, RECIPIENT], [RECIPIENT, passphrase], [passphrase, passphrase]]
    for recipients in mixed:
        with pytest.raises(ValueError, match="only recipient"):
            seal(b"", recipients, random=os.urandom)


def test_nobody_is_refused():
    """A file without recipient could never be opened."""
    with pytest.raises(ValueError, match="needs a recipient"):
        seal(b"", [], random=os.urandom)


def test_passphrase_opens():
    """The right passphrase opens, another does not, whoever else tries."""
    file = seal(b"doce palabras", [ScryptRecipient(SecretBytes(b"right"), 4)], random=os.urandom)
    assert open_bytes(file, [IDENTITY, ScryptIdentity(SecretBytes(b"right"))]) == b"doce palabras"
    for identities in ([ScryptIdentity(SecretBytes(b"wrong"))], [IDENTITY]):
        with pytest.raises(NoMatchError):
            open_bytes(file, identities)


def test_costly_passphrase_file_is_refused():
    """A file cannot make its reader work for hours."""
    file = seal(b"", [ScryptRecipient(SecretBytes(b"x"), 5)], random=os.urandom)
    with pytest.raises(HeaderError):
        open_bytes(file, [ScryptIdentity(SecretBytes(b"x"), max_work_factor=4)])


@pytest.mark.parametrize("factor", [0, -1, 21, 64])
def test_work_factor_out_of_range_is_refused(factor):
    """What our own reader would refuse is not written."""
    with pytest.raises(ValueError, match="work factor"):
        ScryptRecipient(SecretBytes(b"x"), factor)


def test_empty_passphrase_is_refused():
    """An empty passphrase protects nothing."""
    with pytest.raises(ValueError, match="empty"):
        ScryptRecipient(SecretBytes(b""))


def test_recipient_text_round_trip():
    """``age1pq1…`` and back; equal recipients are equal; nothing of it is classic."""
    text = str(RECIPIENT)
    assert text.startswith("age1pq1")
    assert HybridRecipient.parse(text) == RECIPIENT
    assert hash(HybridRecipient.parse(text)) == hash(RECIPIENT)
    assert hybrid_recipient(SecretBytes(b"\x09" * 32)) != RECIPIENT
    assert text not in repr(RECIPIENT)


@pytest.mark.parametrize(
    "raw",
    [
        RECIPIENT.raw[:-1],
        RECIPIENT.raw + b"\0",
        b"\xff" * HYBRID_PUBLIC_SIZE,
        RECIPIENT.raw[:MLKEM_PUBLIC_SIZE] + bytes(32),
        RECIPIENT.raw[:MLKEM_PUBLIC_SIZE] + b"\x01" + bytes(31),
    ],
    ids=["short", "long", "not ML-KEM", "zero point", "low order"],
)
def test_bad_public_key_is_refused(raw):
    """A key that would fail, or share nothing, is refused when it is read and not when it is used."""
    with pytest.raises(KeyTextError):
        HybridRecipient(raw)


def test_classic_recipient_is_refused():
    """X25519 alone is not accepted anywhere in the product."""
    with pytest.raises(KeyTextError):
        HybridRecipient.parse("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")


@pytest.mark.parametrize("call", [identity_text, hybrid_recipient, HybridIdentity])
def test_seed_has_32_bytes(call):
    """A root of 16 bytes passed by mistake is refused."""
    with pytest.raises(ValueError, match="32 bytes"):
        call(SecretBytes(bytes(16)))


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30),
    st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30), max_size=3),
    st.binary(max_size=200),
)
def test_unknown_stanza_is_kept_and_ignored(kind, args, body):
    """Files to recipients of other programs parse, and what is between does not disturb."""
    stanza = Stanza(kind if kind not in ("mlkem768x25519", "scrypt") else "other", tuple(args), body)
    file = seal(b"x", [Passphrase(stanza), RECIPIENT], random=os.urandom)
    header, _ = read_header(io.BytesIO(file))
    assert header.stanzas[0] == stanza
    assert open_bytes(file, [IDENTITY]) == b"x"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"age-encryption.org/v1",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v1\n-> x\n",
        b"age-encryption.org/v1\n-> x\n" + b"A" * 64 + b"\n",
        b"age-encryption.org/v1\n-> x\n\n",
        b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\n",
        b"age-encryption.org/v1\n-> x\n\n--- " + b"A" * 43,
        b"age-encryption.org/v1\n-> x\n\n--- " + b"A" * 43 + b"\nmore\n",
        b"age-encryption.org/v1\n-> \xc3\xb1\n\n--- " + b"A" * 43 + b"\n",
        b"plain text\n---\n",
    ],
)
def test_malformed_header_is_refused(data):
    """Cut, without stanza, without end, with more, with letters outside ASCII."""
    with pytest.raises(HeaderError):
        parse_header(data)
    with pytest.raises(HeaderError):
        read_header(io.BytesIO(data.rstrip(b"more\n")))


def test_endless_header_is_refused():
    """A header that never ends does not fill memory."""

    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return b"A" * size

    source = Endless()
    with pytest.raises(HeaderError):
        read_header(source)
    assert source.given <= 2 * MAX_HEADER


def test_nothing_is_written_before_the_header_is_checked():
    """A stream call that fails on the header leaves its target empty."""
    target = io.BytesIO()
    with pytest.raises(MacError):
        open_stream(io.BytesIO(_FILE.replace(b"\n--- ", b"\n-> grease\n\n--- ", 1)), target, [IDENTITY])
    assert target.getvalue() == b""
