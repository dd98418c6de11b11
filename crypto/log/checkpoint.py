"""Checkpoints: what the log signs, and what cosigners add to it.

Rules of trust
  1. A checkpoint's text is three lines: origin, size, root. Extension lines are refused: ML-DSA cosignatures do not
     cover them, so they would be a part of a signed text that nobody signed.
  2. It counts only if a key named as the origin signed it; cosignatures alone do not make a checkpoint.
  3. The log key signs checkpoints of its own origin and nothing else; ``LogSigner`` refuses every other text.
  4. The empty tree has one root. A cosignature's time is part of what is signed.

Worked example: ``sign_checkpoint(Checkpoint("a.example/log", 3, root), [log], [pq], time=1700000000)`` gives a note
with two lines by ``a.example/log``: type 01 over the text, type 06 over the binary form that L10 asks for.

Source: c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature; FORMAT.md, section "Notes and the log".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from crypto import note
from crypto.errors import BadSignatureError, CheckpointError, NoteError
from crypto.log.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE
from crypto.note import SignatureLine, Verifier
from crypto.secret import SecretBytes

ED25519_COSIGNATURE = 0x04
"""Signature type of a timestamped Ed25519 cosignature."""
MLDSA44_COSIGNATURE = 0x06
"""Signature type of a timestamped ML-DSA-44 cosignature of a subtree; ours start at leaf 0."""

_TIME_SIZE = 8
_MAX_TIME = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """The log ``origin`` had ``size`` entries with this 32-byte root; raises ``CheckpointError`` for what cannot be."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        """An empty tree with a root of something, or an origin that breaks the lines, is refused at once."""
        try:
            note.check_name(self.origin)
        except NoteError as error:
            raise CheckpointError("malformed origin") from error
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise CheckpointError("malformed size or root")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise CheckpointError("the empty tree has another root")

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint, **unverified**; raises ``CheckpointError``."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not _SIZE.fullmatch(lines[1]):
            raise CheckpointError("a checkpoint is three lines: origin, size, root")
        try:
            root = note.strict_base64(lines[2])
        except ValueError as error:
            raise CheckpointError("malformed root") from error
        return cls(lines[0], int(lines[1]), root)

    @classmethod
    def of_note(cls, signed: str) -> Self:
        """Read the checkpoint in a note, **unverified**; raises ``CheckpointError`` or ``NoteError``."""
        return cls.parse(note.split(signed)[0])


class LogSigner(note.NoteSigner):
    """The log's Ed25519 key, named as the origin; signs checkpoints of that origin only (rule 3)."""

    def sign(self, text: bytes) -> bytes:
        """Return the signature over a checkpoint; raises ``CheckpointError`` for any other text."""
        if Checkpoint.parse(text.decode()).origin != self.name:
            raise CheckpointError("the log key signs checkpoints of its own origin only")
        return super().sign(text)


class Cosigner(Protocol):
    """Who adds a timestamped signature to a checkpoint."""

    @property
    def name(self) -> str: ...
    def cosign(self, checkpoint: Checkpoint, time: int) -> SignatureLine: ...


class Ed25519Cosigner:
    """A cosigner with an Ed25519 key (type 04); ``seed`` is the 32-byte private key."""

    def __init__(self, name: str, seed: SecretBytes) -> None:
        """Raises ``NoteError`` for a malformed name, ``ValueError`` for a seed of another length."""
        self.name = note.check_name(name)
        self._key = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        public = self._key.public_key().public_bytes_raw()
        self.key_id = note.key_id(name, ED25519_COSIGNATURE, public)
        self.vkey = note.encode_vkey(name, ED25519_COSIGNATURE, public)

    def cosign(self, checkpoint: Checkpoint, time: int) -> SignatureLine:
        """Return the line that says: seen at ``time`` (Unix seconds), consistent with everything seen before."""
        signature = self._key.sign(_ed25519_message(checkpoint, time))
        return SignatureLine(self.name, self.key_id, _encode_time(time) + signature)


class MlDsaCosigner:
    """A cosigner with an ML-DSA-44 key (type 06), as the log has one itself; ``seed`` is the 32 bytes of FIPS 204."""

    def __init__(self, name: str, seed: SecretBytes) -> None:
        """Raises ``NoteError`` for a malformed name, ``ValueError`` for a seed of another length."""
        self.name = note.check_name(name)
        self._key = MLDSA44PrivateKey.from_seed_bytes(seed.reveal())
        public = self._key.public_key().public_bytes_raw()
        self.key_id = note.key_id(name, MLDSA44_COSIGNATURE, public)
        self.vkey = note.encode_vkey(name, MLDSA44_COSIGNATURE, public)

    def cosign(self, checkpoint: Checkpoint, time: int) -> SignatureLine:
        """Return the line that says: seen at ``time`` (Unix seconds), consistent with everything seen before."""
        signature = self._key.sign(_mldsa_message(self.name, checkpoint, time))
        return SignatureLine(self.name, self.key_id, _encode_time(time) + signature)


@dataclass(frozen=True)
class Ed25519CosignatureVerifier:
    """Checks cosignatures of type 04 by one named key."""

    name: str
    key_id: bytes
    public: bytes

    def check(self, text: bytes, signature: bytes) -> None:
        """Raises ``BadSignatureError`` unless ``signature`` is a time and this key's cosignature at that time."""
        time, rest = _split_time(signature)
        note.check_ed25519(self.public, _ed25519_message(_checkpoint_of(text), time), rest)


@dataclass(frozen=True)
class MlDsaVerifier:
    """Checks cosignatures of type 06 by one named key."""

    name: str
    key_id: bytes
    public: bytes

    def check(self, text: bytes, signature: bytes) -> None:
        """Raises ``BadSignatureError`` unless ``signature`` is a time and this key's cosignature at that time."""
        time, rest = _split_time(signature)
        message = _mldsa_message(self.name, _checkpoint_of(text), time)
        try:
            MLDSA44PublicKey.from_public_bytes(self.public).verify(rest, message)
        except (InvalidSignature, ValueError) as error:
            raise BadSignatureError("an ML-DSA-44 cosignature does not fit") from error


LogVerifier = note.NoteVerifier | Ed25519CosignatureVerifier | MlDsaVerifier


def parse_verifier(vkey: str) -> LogVerifier:
    """Read a verifier key of type 01, 04 or 06; raises ``NoteError`` for a malformed or other one."""
    name, signature_type, public = note.decode_vkey(vkey)
    identifier = note.key_id(name, signature_type, public)
    if signature_type == note.ED25519 and len(public) == 32:
        return note.NoteVerifier(name, identifier, public)
    if signature_type == ED25519_COSIGNATURE and len(public) == 32:
        return Ed25519CosignatureVerifier(name, identifier, public)
    if signature_type == MLDSA44_COSIGNATURE and len(public) == 1312:
        return MlDsaVerifier(name, identifier, public)
    raise NoteError("a verifier key of an unknown type")


def sign_checkpoint(
    checkpoint: Checkpoint, signers: Sequence[LogSigner], cosigners: Sequence[Cosigner] = (), time: int = 0
) -> str:
    """Return a checkpoint signed by the log, with a cosignature at ``time`` (Unix seconds) by each cosigner."""
    signed = note.sign(checkpoint.text(), signers)
    return add_signatures(signed, [cosigner.cosign(checkpoint, time) for cosigner in cosigners])


def add_signatures(signed: str, lines: Iterable[SignatureLine]) -> str:
    """Return a note with more signature lines; checks nothing about them."""
    return signed + "".join(str(line) for line in lines)


def verify_checkpoint(signed: str, origin: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """Return the checkpoint in a note that the log ``origin`` signed.

    1. Verify the note's known signatures. 2. Read the text. 3. Compare the origin. 4. Require a signature of the log.

    Raises:
        UnknownSignerError, BadSignatureError, NoteError: as :func:`crypto.note.verify`.
        CheckpointError: malformed, of another origin, or signed by cosigners only.
    """
    # 1.
    verified = note.verify(signed, verifiers)
    # 2.
    checkpoint = Checkpoint.parse(verified.text)
    # 3.
    if checkpoint.origin != origin:
        raise CheckpointError("the checkpoint is of another log")
    # 4.
    if origin not in verified.names:
        raise CheckpointError("the log itself did not sign")
    return checkpoint


def cosignature_times(signed: str, verifiers: Sequence[Verifier]) -> dict[str, int]:
    """Return when each known cosigner (type 04 or 06) signed, in Unix seconds, after verification.

    Raises:
        NoteError: as :func:`crypto.note.verify`.
    """
    verified = note.verify(signed, verifiers)
    timed = {
        (verifier.name, verifier.key_id)
        for verifier in verifiers
        if isinstance(verifier, Ed25519CosignatureVerifier | MlDsaVerifier)
    }
    known = timed.intersection(zip(verified.names, verified.key_ids, strict=True))
    lines = note.split(signed)[1]
    return {line.name: _split_time(line.signature)[0] for line in lines if (line.name, line.key_id) in known}


def _checkpoint_of(text: bytes) -> Checkpoint:
    try:
        return Checkpoint.parse(text.decode())
    except (CheckpointError, UnicodeDecodeError) as error:
        raise BadSignatureError("a cosignature stands under something that is no checkpoint") from error


def _encode_time(time: int) -> bytes:
    if not 0 <= time <= _MAX_TIME:
        raise ValueError("a time is a count of seconds since 1970")
    return time.to_bytes(_TIME_SIZE, "big")


def _split_time(signature: bytes) -> tuple[int, bytes]:
    time = int.from_bytes(signature[:_TIME_SIZE], "big")
    if len(signature) <= _TIME_SIZE or time > _MAX_TIME:
        raise BadSignatureError("a cosignature without a time")
    return time, signature[_TIME_SIZE:]


def _ed25519_message(checkpoint: Checkpoint, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{checkpoint.text()}".encode()


def _mldsa_message(cosigner: str, checkpoint: Checkpoint, time: int) -> bytes:
    start = 0
    return b"".join(
        (
            b"subtree/v1\n\0",
            _prefixed(cosigner),
            _encode_time(time),
            _prefixed(checkpoint.origin),
            start.to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _prefixed(name: str) -> bytes:
    data = name.encode()
    return len(data).to_bytes(1, "big") + data
