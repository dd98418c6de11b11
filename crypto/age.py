"""The age v1 file format and the sealing half of it: nothing in this module opens anything.

Rules
1. A file is sealed to hybrid post-quantum recipients (``age1pq1…``), or to one passphrase; never to both, and to
   nothing else. A classic recipient beside a hybrid one would make the file as weak as the classic one.
2. Every file has its own random file key; no key of the header or payload is used for anything else.
3. Everything has one spelling: base64 is canonical and unpadded, numbers have no leading zero, lines end in LF. A
   header that may be written in two ways can be changed without its HMAC noticing in one of the readers.
4. The header names no recipient. age proves no author and binds no place: see :mod:`crypto.framing`.

Worked example::

    age-encryption.org/v1
    -> mlkem768x25519 <1120 bytes of HPKE enc>
    <16-byte file key under HPKE, 32 bytes>
    --- <HMAC of everything above, to the dashes>
    <16-byte nonce><64 KiB chunks, each with a tag of 16 bytes>

Source: c2sp.org/age, RFC 9180 (HPKE), FORMAT.md "Sealed files".
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from crypto import bech32
from crypto.digest import hmac_sha256
from crypto.errors import HeaderError, KeyTextError
from crypto.secret import Random, SecretBytes

VERSION_LINE = b"age-encryption.org/v1"
CHUNK_SIZE = 64 * 1024
TAG_SIZE = 16
FILE_KEY_SIZE = 16
WRAPPED_KEY_SIZE = FILE_KEY_SIZE + TAG_SIZE
NONCE_SIZE = 16
MAC_SIZE = 32
MAX_HEADER = 1024 * 1024  # some 600 hybrid recipients; a longer header only fills memory

SEED_SIZE = 32
MLKEM_SEED_SIZE = 64
X25519_SIZE = 32
MLKEM_PUBLIC_SIZE = 1184
MLKEM_CIPHERTEXT_SIZE = 1088
HYBRID_PUBLIC_SIZE = MLKEM_PUBLIC_SIZE + X25519_SIZE
HYBRID_ENC_SIZE = MLKEM_CIPHERTEXT_SIZE + X25519_SIZE
HYBRID_TYPE = "mlkem768x25519"
HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
HYBRID_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
RECIPIENT_PREFIX = "age1pq"
IDENTITY_PREFIX = "age-secret-key-pq-"

SCRYPT_TYPE = "scrypt"
SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
SCRYPT_SALT_SIZE = 16
SCRYPT_WORK_FACTOR = 18  # 2^18 rounds: 256 MiB and about a second, as the age program uses
SCRYPT_MAX_WORK_FACTOR = 20  # 1 GiB; a file that asks for more only wants to exhaust its reader

ARMOR_BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
ARMOR_END = "-----END AGE ENCRYPTED FILE-----"
COLUMNS = 64
BYTES_PER_LINE = COLUMNS * 3 // 4
_ARGUMENT = re.compile(rb"[!-~]+")


class Source(Protocol):
    """Where bytes are read from; a binary file is one."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""
        ...


class Target(Protocol):
    """Where bytes are written to; a buffered binary file is one."""

    def write(self, data: bytes, /) -> object:
        """Take all of ``data``."""


@dataclass(frozen=True)
class Stanza:
    """One recipient's part of a header: its type, its arguments, and a body of bytes."""

    type: str
    args: tuple[str, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """A parsed header: ``covered`` is exactly the bytes that ``mac`` was made over, never re-encoded ones."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    covered: bytes


class Recipient(Protocol):
    """Whoever a file can be sealed to."""

    def wrap(self, file_key: SecretBytes, random: Random) -> Stanza:
        """Return a stanza from which only this recipient gets the 16-byte file key."""
        ...


class HybridRecipient:
    """The public half of an age post-quantum identity: ML-KEM-768 and X25519 together."""

    __slots__ = ("_key", "raw")

    def __init__(self, raw: bytes) -> None:
        """Take 1216 bytes: 1184 of ML-KEM-768, 32 of X25519; raises KeyTextError where they are no public key."""
        if len(raw) != HYBRID_PUBLIC_SIZE:
            raise KeyTextError("a post-quantum recipient has another length")
        self.raw = raw
        self._key = _public_key(raw)

    @classmethod
    def parse(cls, text: str) -> HybridRecipient:
        """Read ``age1pq1…``; raises KeyTextError for anything else, a classic ``age1…`` recipient too."""
        return cls(bech32.decode(RECIPIENT_PREFIX, text))

    def wrap(self, file_key: SecretBytes, random: Random) -> Stanza:  # noqa: ARG002  # HPKE draws its own randomness
        """Return a ``mlkem768x25519`` stanza: one argument, HPKE's enc, and the sealed file key as its body."""
        sealed = HYBRID_SUITE.encrypt(file_key.reveal(), self._key, HYBRID_INFO)
        return Stanza(HYBRID_TYPE, (encode_base64(sealed[:HYBRID_ENC_SIZE]),), sealed[HYBRID_ENC_SIZE:])

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self.raw)

    def __repr__(self) -> str:
        return f"HybridRecipient({str(self)[:16]}…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HybridRecipient) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)


class ScryptRecipient:
    """A passphrase, for files that a person keeps; it must be the only recipient of its file."""

    __slots__ = ("_passphrase", "_work_factor")

    def __init__(self, passphrase: SecretBytes, work_factor: int = SCRYPT_WORK_FACTOR) -> None:
        """Take a passphrase in UTF-8 and the base-2 logarithm of scrypt's cost, 1 to 20."""
        if not 1 <= work_factor <= SCRYPT_MAX_WORK_FACTOR:
            raise ValueError(f"a work factor is between 1 and {SCRYPT_MAX_WORK_FACTOR}")
        if not len(passphrase):
            raise ValueError("a passphrase is not empty")
        self._passphrase = passphrase
        self._work_factor = work_factor

    def wrap(self, file_key: SecretBytes, random: Random) -> Stanza:
        """Return a ``scrypt`` stanza: salt and work factor as arguments, the sealed file key as its body."""
        salt = random(SCRYPT_SALT_SIZE)
        key = scrypt_key(self._passphrase, salt, self._work_factor)
        body = ChaCha20Poly1305(key.reveal()).encrypt(bytes(12), file_key.reveal(), None)
        return Stanza(SCRYPT_TYPE, (encode_base64(salt), str(self._work_factor)), body)


def seal(plaintext: bytes, recipients: Sequence[Recipient], *, random: Random) -> bytes:
    """Return ``plaintext`` as an age file for the recipients; raises as :func:`seal_stream` does."""
    target = io.BytesIO()
    seal_stream(io.BytesIO(plaintext), target, recipients, random=random)
    return target.getvalue()


def seal_stream(source: Source, target: Target, recipients: Sequence[Recipient], *, random: Random) -> None:
    """Write what ``source`` holds to ``target`` as an age file for the recipients, in pieces of 64 KiB.

    1. Draw the file key; wrap it for each recipient.
    2. Write the header with its HMAC, then the payload nonce.
    3. Write the chunks, the last one marked, so that a cut file does not open.

    Raises: ValueError without recipients, or for a passphrase beside another recipient. Source: c2sp.org/age.
    """
    if not recipients:
        raise ValueError("a file needs a recipient")
    if len(recipients) > 1 and any(isinstance(one, ScryptRecipient) for one in recipients):
        raise ValueError("a passphrase must be the only recipient of its file")
    file_key = SecretBytes(random(FILE_KEY_SIZE))  # 1
    stanzas = [recipient.wrap(file_key, random) for recipient in recipients]
    covered = _encode_stanzas(stanzas)  # 2
    nonce = random(NONCE_SIZE)
    target.write(covered + b" " + encode_base64(header_mac(file_key, covered)).encode("ascii") + b"\n" + nonce)
    cipher = payload_cipher(file_key, nonce)  # 3
    for index, (chunk, last) in enumerate(_chunks(source)):
        target.write(cipher.encrypt(chunk_nonce(index, last=last), chunk, None))


def armor(data: bytes) -> str:
    """Return a binary age file as PEM-like text, for letters and mail."""
    lines = [base64.b64encode(data[at : at + BYTES_PER_LINE]).decode() for at in range(0, len(data), BYTES_PER_LINE)]
    return "\n".join([ARMOR_BEGIN, *lines, ARMOR_END, ""])


def hybrid_recipient(seed: SecretBytes) -> HybridRecipient:
    """Return the public half of the identity whose seed these 32 bytes are."""
    mlkem, x25519 = expand_seed(seed)
    return HybridRecipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())


def identity_text(seed: SecretBytes) -> SecretBytes:
    """Return the 32-byte seed as ``AGE-SECRET-KEY-PQ-1…`` in ASCII, which the age program reads."""
    if len(seed) != SEED_SIZE:
        raise ValueError("an identity's seed has 32 bytes")
    return SecretBytes(bech32.encode(IDENTITY_PREFIX, seed.reveal()).upper().encode("ascii"))


def expand_seed(seed: SecretBytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Return both private keys of a 32-byte seed: SHAKE-256 to 96 bytes, 64 for ML-KEM and 32 for X25519."""
    if len(seed) != SEED_SIZE:
        raise ValueError("an identity's seed has 32 bytes")
    xof = hashes.Hash(hashes.SHAKE256(MLKEM_SEED_SIZE + X25519_SIZE))
    xof.update(seed.reveal())
    expanded = xof.finalize()
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:MLKEM_SEED_SIZE]),
        X25519PrivateKey.from_private_bytes(expanded[MLKEM_SEED_SIZE:]),
    )


def read_header(source: Source) -> tuple[Header, bytes]:
    """Read a header and return it with the first bytes of what follows it.

    It needs no key, so a service can refuse what is not an age file without being able to open one.
    Raises: HeaderError.
    """
    data = b""
    while True:
        footer = data.find(b"\n---")
        end = data.find(b"\n", footer + 1) if footer >= 0 else -1
        if end >= 0:
            return parse_header(data[: end + 1]), data[end + 1 :]
        block = source.read(CHUNK_SIZE)
        if not block or len(data) >= MAX_HEADER:
            raise HeaderError("this is not an age file: its header has no end")
        data += block


def parse_header(data: bytes) -> Header:
    """Parse a whole header strictly, from the version line to the end of the HMAC line; raises HeaderError."""
    lines = data.split(b"\n")
    if lines[0] != VERSION_LINE or lines[-1]:
        raise HeaderError("this is not an age file of version 1")
    stanzas = []
    at = 1
    while lines[at].startswith(b"-> "):
        stanza, at = _parse_stanza(lines, at)
        stanzas.append(stanza)
    footer = lines[at]
    if not stanzas or not footer.startswith(b"--- ") or lines[at + 1 :] != [b""]:
        raise HeaderError("the header's last line is malformed")
    mac = decode_base64(footer[4:])
    if len(mac) != MAC_SIZE:
        raise HeaderError("the header's HMAC has another length")
    return Header(tuple(stanzas), mac, data[: -len(footer) - 1] + b"---")


def encode_base64(data: bytes) -> str:
    """Return base64 without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").decode("ascii")


def decode_base64(text: bytes) -> bytes:
    """Decode base64 without padding, in its one canonical spelling only; raises HeaderError."""
    try:
        data = binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error:
        raise HeaderError("the header holds malformed base64") from None
    if binascii.b2a_base64(data, newline=False).rstrip(b"=") != text:
        raise HeaderError("the header holds base64 that is not canonical")
    return data


def scrypt_key(passphrase: SecretBytes, salt: bytes, work_factor: int) -> SecretBytes:
    """Return the 32-byte key of a passphrase: slow, and 128 bytes × 8 × 2^work_factor of memory."""
    kdf = Scrypt(salt=SCRYPT_LABEL + salt, length=32, n=1 << work_factor, r=8, p=1)
    return SecretBytes(kdf.derive(passphrase.reveal()))


def header_mac(file_key: SecretBytes, covered: bytes) -> bytes:
    """Return the 32-byte HMAC of a header's bytes up to and with the three dashes."""
    key = HKDF(hashes.SHA256(), 32, None, b"header").derive(file_key.reveal())
    return hmac_sha256(SecretBytes(key), covered)


def payload_cipher(file_key: SecretBytes, nonce: bytes) -> ChaCha20Poly1305:
    """Return the cipher of a file's payload."""
    return ChaCha20Poly1305(HKDF(hashes.SHA256(), 32, nonce, b"payload").derive(file_key.reveal()))


def chunk_nonce(index: int, *, last: bool) -> bytes:
    """Return a chunk's nonce: its number in 11 bytes, and whether it is the last, so that none moves or is cut."""
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def read_full(source: Source, size: int) -> bytes:
    """Read ``size`` bytes, fewer at the end only; pipes and sockets answer in smaller pieces."""
    data = source.read(size)
    while data and len(data) < size:
        more = source.read(size - len(data))
        if not more:
            break
        data += more
    return data


def _public_key(raw: bytes) -> MLKEM768X25519PublicKey:
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_SIZE])
        x25519 = X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_SIZE:])
        # Any exchange with a point of low order gives zero, which the library refuses: better here than when sealing.
        X25519PrivateKey.from_private_bytes(b"\x01" * X25519_SIZE).exchange(x25519)
    except ValueError:
        raise KeyTextError("these bytes are no post-quantum public key") from None
    return MLKEM768X25519PublicKey(mlkem, x25519)


def _encode_stanzas(stanzas: Sequence[Stanza]) -> bytes:
    """Return the header up to and with the three dashes, which is what the HMAC covers."""
    lines = [VERSION_LINE.decode()]
    for stanza in stanzas:
        lines.append(" ".join(("->", stanza.type, *stanza.args)))
        body = encode_base64(stanza.body)
        # A body ends with a line shorter than 64 columns, an empty one if need be.
        lines += [body[at : at + COLUMNS] for at in range(0, len(body) + 1, COLUMNS)]
    return "\n".join([*lines, "---"]).encode("ascii")


def _parse_stanza(lines: Sequence[bytes], at: int) -> tuple[Stanza, int]:
    """Parse the stanza that begins at line ``at`` and return it with the number of the line after it."""
    arguments = lines[at][3:].split(b" ")
    if not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
        raise HeaderError("a stanza has an empty or malformed argument")
    kind, *args = (argument.decode("ascii") for argument in arguments)
    body = b""
    for end in range(at + 1, len(lines) - 1):
        if len(lines[end]) > COLUMNS:
            raise HeaderError("a stanza has a line that is too long")
        body += decode_base64(lines[end])
        if len(lines[end]) < COLUMNS:
            return Stanza(kind, tuple(args), body), end + 1
    raise HeaderError("a stanza has no end")


def _chunks(source: Source) -> Iterator[tuple[bytes, bool]]:
    """Yield the chunks of 64 KiB, each with whether it is the last; an empty file has one, empty chunk."""
    chunk = read_full(source, CHUNK_SIZE)
    while len(chunk) == CHUNK_SIZE:
        following = read_full(source, CHUNK_SIZE)
        yield chunk, not following
        if not following:
            return
        chunk = following
    yield chunk, True
