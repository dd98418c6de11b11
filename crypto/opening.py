"""Opening age files. Nothing that a serving process loads may import this module.

Rules
1. Only hybrid post-quantum identities and passphrases open anything here.
2. Nothing is released by :func:`open_bytes` and :func:`open_framed` unless the whole file is authentic. The stream
   calls write each chunk once it is authentic, so a caller writes to a partial file and removes it on an error.
3. What is wrong has a class of its own (:mod:`crypto.errors`): header, no match, HMAC, payload, armor.
4. A header is checked by its HMAC over the bytes that came, never over re-encoded ones.

Opening an object of a case
1. verify the newest manifest note under the pinned filer key; 2. find the ciphertext's hash in it;
3. open; 4. compare the head inside with the place (:mod:`crypto.framing`); 5. release the body.
Steps 1 and 2 are the caller's, 3 to 5 are :func:`open_framed`.

Source: c2sp.org/age, FORMAT.md "Sealed files".
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from crypto import bech32
from crypto.age import (
    ARMOR_BEGIN,
    ARMOR_END,
    CHUNK_SIZE,
    COLUMNS,
    HYBRID_ENC_SIZE,
    HYBRID_INFO,
    HYBRID_SUITE,
    HYBRID_TYPE,
    IDENTITY_PREFIX,
    MLKEM_CIPHERTEXT_SIZE,
    NONCE_SIZE,
    SCRYPT_MAX_WORK_FACTOR,
    SCRYPT_SALT_SIZE,
    SCRYPT_TYPE,
    SEED_SIZE,
    TAG_SIZE,
    WRAPPED_KEY_SIZE,
    Header,
    HybridRecipient,
    Source,
    Stanza,
    Target,
    chunk_nonce,
    decode_base64,
    expand_seed,
    header_mac,
    hybrid_recipient,
    payload_cipher,
    read_full,
    read_header,
    scrypt_key,
)
from crypto.digest import equal
from crypto.errors import ArmorError, HeaderError, KeyTextError, MacError, NoMatchError, PayloadError
from crypto.framing import Head, Unframer, unframe
from crypto.secret import SecretBytes

_WORK_FACTOR = re.compile(r"[1-9][0-9]?")
_ARMOR_LINE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_WHITESPACE = " \t\r\n"


class Identity(Protocol):
    """Whoever can open a file."""

    def unwrap(self, stanza: Stanza) -> SecretBytes | None:
        """Return the 16-byte file key, or None where the stanza is for someone else.

        Raises: HeaderError for a malformed stanza of the identity's own type.
        """
        ...


class HybridIdentity:
    """A post-quantum identity: opens what was sealed to its ``age1pq1…``. Its keys are expanded once."""

    __slots__ = ("_key", "_seed", "_x25519")

    def __init__(self, seed: SecretBytes) -> None:
        """Take the 32-byte seed; raises ValueError for another length."""
        mlkem, self._x25519 = expand_seed(seed)
        self._key = MLKEM768X25519PrivateKey(mlkem, self._x25519)
        self._seed = seed

    @classmethod
    def parse(cls, text: SecretBytes) -> HybridIdentity:
        """Read ``AGE-SECRET-KEY-PQ-1…``, upper case as it is written; raises KeyTextError for anything else."""
        try:
            letters = text.reveal().decode("ascii")
        except UnicodeDecodeError:
            raise KeyTextError("this is not an age identity") from None
        if letters != letters.upper():
            raise KeyTextError("an age identity is written in upper case")
        seed = bech32.decode(IDENTITY_PREFIX, letters.lower())
        if len(seed) != SEED_SIZE:
            raise KeyTextError("a post-quantum identity has another length")
        return cls(SecretBytes(seed))

    @property
    def recipient(self) -> HybridRecipient:
        """The public half."""
        return hybrid_recipient(self._seed)

    def unwrap(self, stanza: Stanza) -> SecretBytes | None:
        """Return the file key of a ``mlkem768x25519`` stanza, or None; raises HeaderError."""
        if stanza.type != HYBRID_TYPE:
            return None
        if len(stanza.args) != 1 or len(stanza.body) != WRAPPED_KEY_SIZE:
            raise HeaderError("a post-quantum stanza is malformed")
        enc = decode_base64(stanza.args[0].encode("ascii"))
        if len(enc) != HYBRID_ENC_SIZE:
            raise HeaderError("a post-quantum stanza has an encapsulated key of another length")
        try:
            return SecretBytes(HYBRID_SUITE.decrypt(enc + stanza.body, self._key, HYBRID_INFO))
        except InvalidTag:
            _refuse_low_order(self._x25519, enc[MLKEM_CIPHERTEXT_SIZE:])
            return None


class ScryptIdentity:
    """A passphrase: opens what was sealed to it."""

    __slots__ = ("_max_work_factor", "_passphrase")

    def __init__(self, passphrase: SecretBytes, max_work_factor: int = SCRYPT_MAX_WORK_FACTOR) -> None:
        """Take a passphrase in UTF-8, and the cost (its base-2 logarithm) above which a file is refused."""
        self._passphrase = passphrase
        self._max_work_factor = max_work_factor

    def unwrap(self, stanza: Stanza) -> SecretBytes | None:
        """Return the file key of a ``scrypt`` stanza, or None; raises HeaderError."""
        if stanza.type != SCRYPT_TYPE:
            return None
        if len(stanza.args) != 2 or len(stanza.body) != WRAPPED_KEY_SIZE:
            raise HeaderError("a passphrase stanza is malformed")
        salt = decode_base64(stanza.args[0].encode("ascii"))
        if len(salt) != SCRYPT_SALT_SIZE or not _WORK_FACTOR.fullmatch(stanza.args[1]):
            raise HeaderError("a passphrase stanza has a malformed salt or work factor")
        work_factor = int(stanza.args[1])
        if work_factor > self._max_work_factor:
            raise HeaderError("a passphrase stanza asks for more work than is allowed")
        key = scrypt_key(self._passphrase, salt, work_factor)
        try:
            return SecretBytes(ChaCha20Poly1305(key.reveal()).decrypt(bytes(12), stanza.body, None))
        except InvalidTag:
            return None


def open_bytes(ciphertext: bytes, identities: Sequence[Identity]) -> bytes:
    """Return the content of a binary age file; raises as :func:`open_stream`, and then releases nothing."""
    target = io.BytesIO()
    open_stream(io.BytesIO(ciphertext), target, identities)
    return target.getvalue()


def open_stream(source: Source, target: Target, identities: Sequence[Identity]) -> None:
    """Write the content of a binary age file to ``target``, each chunk once it is authentic.

    1. Parse the header. 2. Unwrap the file key. 3. Check the header's HMAC. 4. Open the chunks in order.

    Raises: HeaderError, NoMatchError, MacError (nothing was written then), PayloadError (authentic chunks were).
    Source: c2sp.org/age.
    """
    header, rest = read_header(source)  # 1
    reader = _Resumed(rest, source)
    file_key = _unwrap(header, identities)  # 2
    if not equal(header_mac(file_key, header.covered), header.mac):  # 3
        raise MacError("the header was changed after the file was sealed")
    nonce = read_full(reader, NONCE_SIZE)
    if len(nonce) != NONCE_SIZE:
        raise HeaderError("the file ends before its content begins")
    _open_chunks(reader, target, payload_cipher(file_key, nonce))  # 4


def open_framed(ciphertext: bytes, identities: Sequence[Identity], expected: Head) -> bytes:
    """Return the body of a sealed object, once it is authentic and its head names the expected place.

    Raises: AgeError as :func:`open_stream`, FrameError.
    """
    return unframe(open_bytes(ciphertext, identities), expected)


def open_framed_stream(source: Source, target: Target, identities: Sequence[Identity], expected: Head) -> Head:
    """Write the body of a sealed object to ``target`` and return its head; no byte is written for another place.

    Raises: AgeError as :func:`open_stream`, FrameError. Remove what was written after any error.
    """
    unframer = Unframer(expected, target)
    open_stream(source, unframer, identities)
    return unframer.finish()


def dearmor(text: str | bytes) -> bytes:
    """Return the binary age file inside its PEM-like text.

    Whitespace around it and CRLF are allowed; everything else has one spelling. Raises: ArmorError.
    """
    try:
        letters = text if isinstance(text, str) else text.decode("ascii")
    except UnicodeDecodeError:
        raise ArmorError("the text around the file is not ASCII") from None
    first, *lines = letters.strip(_WHITESPACE).replace("\r\n", "\n").split("\n")
    if first != ARMOR_BEGIN or not lines or lines.pop() != ARMOR_END:
        raise ArmorError("the first or last line of the text is not that of an age file")
    return _decode_armor_lines(lines)


def _decode_armor_lines(lines: Sequence[str]) -> bytes:
    if any(len(line) != COLUMNS for line in lines[:-1]) or any(not 0 < len(line) <= COLUMNS for line in lines[-1:]):
        raise ArmorError("a line of the text has another length")
    if not all(_ARMOR_LINE.fullmatch(line) for line in lines) or any("=" in line for line in lines[:-1]):
        raise ArmorError("a line of the text holds a foreign character")
    letters = "".join(lines).encode("ascii")
    try:
        data = binascii.a2b_base64(letters, strict_mode=True)
    except binascii.Error:
        raise ArmorError("the text is not base64") from None
    if binascii.b2a_base64(data, newline=False) != letters:
        raise ArmorError("the text is base64 that is not canonical")
    return data


class _Resumed:
    """A source from which some bytes were read too far: gives them first."""

    def __init__(self, rest: bytes, source: Source) -> None:
        self._rest = memoryview(rest)
        self._source = source

    def read(self, size: int, /) -> bytes:
        if not self._rest:
            return self._source.read(size)
        data, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return data


def _unwrap(header: Header, identities: Sequence[Identity]) -> SecretBytes:
    if len(header.stanzas) > 1 and any(stanza.type == SCRYPT_TYPE for stanza in header.stanzas):
        # Whoever knows the passphrase could otherwise pass a file off as sealed to the others, and the reverse.
        raise HeaderError("a passphrase stanza is not alone")
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                return file_key
    raise NoMatchError("none of the identities opens this file")


def _open_chunks(source: Source, target: Target, cipher: ChaCha20Poly1305) -> None:
    """Open chunk after chunk until the one marked as the last, which nothing may follow."""
    last = False
    index = 0
    while not last:
        plain, last = _open_chunk(cipher, index, read_full(source, CHUNK_SIZE + TAG_SIZE))
        if index and not plain:
            raise PayloadError("the file ends with an empty chunk")
        target.write(plain)
        index += 1
    if source.read(1):
        raise PayloadError("something was added after the end of the file")


def _open_chunk(cipher: ChaCha20Poly1305, index: int, chunk: bytes) -> tuple[bytes, bool]:
    """Return a chunk's content and whether it is marked as the last; a chunk that is not full has to be."""
    for last in (False, True) if len(chunk) == CHUNK_SIZE + TAG_SIZE else (True,):
        try:
            return cipher.decrypt(chunk_nonce(index, last=last), chunk, None), last
        except InvalidTag:
            continue
    raise PayloadError("the content was changed, cut or reordered after the file was sealed")


def _refuse_low_order(private: X25519PrivateKey, share: bytes) -> None:
    """Raise HeaderError for a share that makes the X25519 half of the secret zero."""
    try:
        private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise HeaderError("a post-quantum stanza has a share of low order") from None
