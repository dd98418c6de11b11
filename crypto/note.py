"""Signed notes (c2sp.org/signed-note) and our own typed notes: every statement that someone signs is one of these.

Rules of trust
  1. A note is text ending in a newline, an empty line, then signature lines ``— <name> <base64(key id ‖ signature)>``;
     UTF-8 without control characters other than the newline. The last empty line separates.
  2. A key is known by its name **and** its key id, ``SHA-256(name ‖ 0A ‖ type ‖ public key)[:4]``; a signature of
     which only one of the two is known is ignored, however many there are (up to ``MAX_SIGNATURES``).
  3. A known signature that fails rejects the whole note. No known signature at all rejects it too.
  4. Our own notes begin with a registered type line, followed by one line of RFC 8785 JSON, so that a signature made
     for one purpose cannot be shown for another; a body that is not in canonical form is refused.

Worked example: the filer's key ``portal.example/filer`` signs the body ``{"v":1}`` as a manifest::

    resguardo/manifest/v1
    {"v":1}

    — portal.example/filer <base64 of 4 + 64 bytes>

``open_typed(note, NoteType.SIGN_IN, [filer])`` refuses it (rule 4), ``open_typed(note, NoteType.MANIFEST, [other])``
raises ``UnknownSignerError`` (rule 3), and one changed byte raises ``BadSignatureError`` (rule 3).

Source: c2sp.org/signed-note@v1.0.0, RFC 8032, RFC 8785; FORMAT.md, section "Notes and the log".
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Any, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crypto.canonical import CanonicalizationError, canonical_json
from crypto.digest import sha256
from crypto.errors import BadSignatureError, NoteError, NoteTypeError, UnknownSignerError
from crypto.secret import SecretBytes

ED25519 = 0x01
"""Signature type of an Ed25519 signature over the note's text."""
KEY_ID_SIZE = 4
MAX_SIGNATURES = 64
"""Signature lines in one note; the specification asks for at least 16."""
MAX_NOTE_SIZE = 4 * 1024 * 1024
"""Bytes of one note: a manifest of ten thousand parts, with room to spare."""

_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@unique
class NoteType(StrEnum):
    """The registered type lines; a line is never used for a second meaning, a new meaning gets a new version.

    ``resguardo/genesis/v1`` is taken as well: it begins a text that nobody signs (:mod:`crypto.keys`).
    """

    MANIFEST = "resguardo/manifest/v1"
    RECEIPT = "resguardo/receipt/v1"
    SIGN_IN = "resguardo/sign-in/v1"
    STATUS = "resguardo/status/v1"
    EXPORT = "resguardo/export/v1"
    SUCCESSOR = "resguardo/successor/v1"
    CERTIFICATE = "resguardo/certificate/v1"
    LINK = "resguardo/link/v1"
    KEYS = "resguardo/keys/v1"
    READER_KEY = "resguardo/reader-key/v1"
    ACCESS_REQUEST = "resguardo/access-request/v1"
    RELEASE = "resguardo/release/v1"
    RELEASED = "resguardo/released/v1"


class Signer(Protocol):
    """Who signs a note's text; ``sign`` returns what stands after the key id."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def sign(self, text: bytes) -> bytes: ...


class Verifier(Protocol):
    """Who checks one signature of a note; ``check`` raises ``BadSignatureError``."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def check(self, text: bytes, signature: bytes) -> None: ...


@dataclass(frozen=True)
class VerifiedNote:
    """A note's text and the names of the known keys whose signatures were checked, in the note's order."""

    text: str
    names: tuple[str, ...]
    key_ids: tuple[bytes, ...]


@dataclass(frozen=True)
class SignatureLine:
    """One signature line: the name, four bytes of key id, and the signature after them."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {_encode(self.key_id + self.signature)}\n"


def strict_base64(text: str) -> bytes:
    """Decode standard base64 with padding, in its one canonical form; raises ``ValueError``.

    Two spellings of the same bytes would let a proof or a note be changed without its meaning changing.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("malformed base64") from error
    if _encode(data) != text:
        raise ValueError("base64 is not in canonical form")
    return data


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def check_name(name: str) -> str:
    """Return a key name; raises ``NoteError`` when it is empty or holds a space, a plus or a control character."""
    if not name or len(name) > 255 or any(c.isspace() or c == "+" or c < " " for c in name):
        raise NoteError("malformed key name")
    _check_utf8(name)
    return name


def key_id(name: str, signature_type: int, public: bytes) -> bytes:
    """Return the four bytes by which a signature line names its key."""
    return sha256(name.encode(), b"\n", bytes([signature_type]), public)[:KEY_ID_SIZE]


def encode_vkey(name: str, signature_type: int, public: bytes) -> str:
    """Return a verifier key as text, ``name+hex id+base64(type ‖ public key)``."""
    identifier = key_id(name, signature_type, public).hex()
    return f"{name}+{identifier}+{_encode(bytes([signature_type]) + public)}"


def decode_vkey(vkey: str) -> tuple[str, int, bytes]:
    """Return a verifier key's name, signature type and public key; raises ``NoteError`` if its parts do not fit."""
    name, _, rest = vkey.partition("+")
    identifier, _, encoded = rest.partition("+")
    try:
        data = strict_base64(encoded)
    except ValueError as error:
        raise NoteError("malformed verifier key") from error
    check_name(name)
    if len(data) < 2 or key_id(name, data[0], data[1:]).hex() != identifier:
        raise NoteError("the verifier key's id does not fit its name and key")
    return name, data[0], data[1:]


class NoteSigner:
    """Signs texts with an Ed25519 key; ``seed`` is the 32-byte private key of RFC 8032."""

    def __init__(self, name: str, seed: SecretBytes) -> None:
        """Raises ``NoteError`` for a malformed name, ``ValueError`` for a seed of another length."""
        self.name = check_name(name)
        self._key = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        public = self._key.public_key().public_bytes_raw()
        self.key_id = key_id(name, ED25519, public)
        self.vkey = encode_vkey(name, ED25519, public)

    def sign(self, text: bytes) -> bytes:
        """Return the 64-byte signature over a note's text."""
        return self._key.sign(text)

    def verifier(self) -> NoteVerifier:
        """Return the verifier of this signer's notes."""
        return NoteVerifier.parse(self.vkey)


@dataclass(frozen=True)
class NoteVerifier:
    """Checks Ed25519 signatures (type 01) of one named key."""

    name: str
    key_id: bytes
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a verifier key; raises ``NoteError`` when it is malformed or not of type 01."""
        name, signature_type, public = decode_vkey(vkey)
        if signature_type != ED25519 or len(public) != 32:
            raise NoteError("not an Ed25519 verifier key")
        return cls(name, key_id(name, ED25519, public), public)

    @property
    def vkey(self) -> str:
        """The verifier key as text."""
        return encode_vkey(self.name, ED25519, self.public)

    def check(self, text: bytes, signature: bytes) -> None:
        """Raises ``BadSignatureError`` unless ``signature`` (64 bytes) is this key's over ``text``."""
        check_ed25519(self.public, text, signature)


def check_ed25519(public: bytes, message: bytes, signature: bytes) -> None:
    """Raises ``BadSignatureError`` unless ``signature`` is the 32-byte key's over ``message`` (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise BadSignatureError("an Ed25519 signature does not fit") from error


def sign(text: str, signers: Sequence[Signer]) -> str:
    """Return ``text`` signed by each of ``signers``; raises ``NoteError`` for a text that no note can hold."""
    _check_text(text)
    lines = [SignatureLine(s.name, s.key_id, s.sign(text.encode())) for s in signers]
    return assemble(text, lines)


def assemble(text: str, lines: Iterable[SignatureLine]) -> str:
    """Return a note of a text and its signature lines; raises ``NoteError`` when there are none."""
    signatures = "".join(str(line) for line in lines)
    if not signatures:
        raise NoteError("a note needs a signature")
    return f"{text}\n{signatures}"


def split(note: str) -> tuple[str, tuple[SignatureLine, ...]]:
    """Return a note's text and signature lines, **unverified**; raises ``NoteError`` when it is malformed."""
    if len(note) > MAX_NOTE_SIZE:
        raise NoteError("the note is too long")
    head, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteError("a note is text, an empty line and signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError("too many signatures")
    text = head + "\n"
    _check_text(text)
    return text, tuple(_parse_line(line) for line in lines)


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteError("a note's text ends with a newline and holds no other control character")
    _check_utf8(text)


def _check_utf8(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoteError("a note is UTF-8") from error


def _parse_line(line: str) -> SignatureLine:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        data = strict_base64(encoded)
    except ValueError as error:
        raise NoteError("malformed signature line") from error
    if not line.startswith(_DASH) or len(data) <= KEY_ID_SIZE:
        raise NoteError("malformed signature line")
    return SignatureLine(check_name(name), data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])


def verify(note: str, verifiers: Iterable[Verifier]) -> VerifiedNote:
    """Return the text of a note that at least one known key signed (rules 1 to 3 above).

    1. Split the note. 2. Pick the lines of known keys. 3. Check each of them; one that fails rejects the note.

    Raises:
        NoteError: the note is malformed.
        UnknownSignerError: no signature is by a key of ``verifiers``.
        BadSignatureError: a signature by a known key does not fit.
    """
    # 1.
    text, lines = split(note)
    # 2.
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    data = text.encode()
    checked: dict[tuple[str, bytes], None] = {}
    # 3.
    for line in lines:
        verifier = known.get((line.name, line.key_id))
        if verifier is not None:
            verifier.check(data, line.signature)
            checked[line.name, line.key_id] = None
    if not checked:
        raise UnknownSignerError("no signature of the note is by a known key")
    return VerifiedNote(text, tuple(name for name, _ in checked), tuple(identifier for _, identifier in checked))


def sign_typed(kind: NoteType, body: Mapping[str, Any], signers: Sequence[Signer]) -> str:
    """Return a typed note: the type line, then ``body`` as one line of canonical JSON, signed by ``signers``.

    Raises:
        NoteError: the body is not something that RFC 8785 can write.
    """
    return sign(f"{NoteType(kind)}\n{_canonical(body)}\n", signers)


def open_typed(note: str, kind: NoteType, verifiers: Iterable[Verifier]) -> dict[str, Any]:
    """Return the body of a typed note, after its signature, its type line and its canonical form were checked.

    Raises:
        UnknownSignerError, BadSignatureError, NoteError: as :func:`verify`.
        NoteTypeError: authentic, but of another type, or its body is not one canonical JSON object.
    """
    text = verify(note, verifiers).text
    line, _, encoded = text.partition("\n")
    if line != NoteType(kind):
        raise NoteTypeError("the note is of another type")
    try:
        body = json.loads(encoded)
        canonical = _canonical(body) + "\n" if isinstance(body, dict) else None
    except (ValueError, RecursionError, NoteError) as error:
        raise NoteTypeError("the note's body is not canonical JSON") from error
    if canonical != encoded:
        raise NoteTypeError("the note's body is not canonical JSON")
    return dict(body)


def _canonical(body: Mapping[str, Any]) -> str:
    try:
        return canonical_json(dict(body)).decode()
    except (CanonicalizationError, UnicodeError, RecursionError) as error:
        raise NoteError("the body has no canonical JSON form") from error
