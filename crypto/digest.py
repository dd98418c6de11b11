"""SHA-2, HMAC-SHA-256 and comparison in constant time: the only doors to ``hashlib`` and ``hmac``."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from crypto.secret import SecretBytes


class Digest(Protocol):
    """A running hash."""

    def update(self, data: bytes, /) -> None:
        """Add ``data`` to what is hashed."""

    def digest(self) -> bytes:
        """Return the hash of everything added so far: 32 bytes."""
        ...

    def hexdigest(self) -> str:
        """Return the hash of everything added so far: 64 lower-case hex digits."""
        ...


def sha256(*parts: bytes) -> bytes:
    """Return the 32-byte SHA-256 of the parts joined; the parts' borders do not count."""
    return hashlib.sha256(parts[0] if len(parts) == 1 else b"".join(parts)).digest()


def sha256_hex(*parts: bytes) -> str:
    """Return the SHA-256 of the parts joined as 64 lower-case hex digits."""
    return sha256(*parts).hex()


def sha384_base64(data: bytes) -> str:
    """Return the SHA-384 as base64, as the `integrity` attribute of a page has it (W3C Subresource Integrity)."""
    return base64.b64encode(hashlib.sha384(data).digest()).decode("ascii")


def new_sha256() -> Digest:
    """Return a running SHA-256, for what does not fit in memory."""
    return hashlib.sha256()


def hmac_sha256(key: SecretBytes, *parts: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA-256 of the parts joined under ``key``."""
    return hmac.digest(key.reveal(), b"".join(parts), "sha256")


def keyed_hmac(key: SecretBytes) -> Callable[[bytes], bytes]:
    """Return the HMAC-SHA-256 under ``key`` as a function of the message.

    The key is taken up once and its state copied for each message, which then costs a third of ``hmac_sha256``.
    """
    keyed = HMAC(key.reveal(), SHA256())

    def authenticate(message: bytes) -> bytes:
        running = keyed.copy()
        running.update(message)
        return running.finalize()

    return authenticate


def equal(a: bytes, b: bytes) -> bool:
    """Say whether two byte strings are the same, in time that depends on their lengths only."""
    return hmac.compare_digest(a, b)
