"""The vault's encryption at rest: a data key per case, wrapped under the portal's master key.

Rules
1. Context (which case, which column, which record) is authenticated with every ciphertext: moved to another row or
   another case it does not open.
2. A wrapped key and an encrypted text cannot be taken for each other.
3. Destroying the wrapped data key of a case destroys what it protects (FORMAT.md "The vault").

Ciphertext: version (1 byte, 01) ‖ nonce (12 random bytes) ‖ ChaCha20-Poly1305. Random nonces of 96 bits are safe for
2^32 messages under one key, far above what one case has. Source: RFC 8439.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto.errors import VaultError
from crypto.keys import register
from crypto.secret import Random, SecretBytes

VERSION = b"\x01"
KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16
OVERHEAD = len(VERSION) + NONCE_SIZE + TAG_SIZE
VAULT_WRAP = register("resguardo/v1/vault/wrap")
VAULT_DATA = register("resguardo/v1/vault/data")


def new_data_key(random: Random) -> SecretBytes:
    """Return a new 32-byte data key."""
    return SecretBytes(random(KEY_SIZE))


def wrap(master: SecretBytes, data_key: SecretBytes, context: bytes, random: Random) -> bytes:
    """Return the data key encrypted under the master key, bound to ``context``: 61 bytes."""
    return _seal(master, data_key.reveal(), VAULT_WRAP, context, random)


def unwrap(master: SecretBytes, wrapped: bytes, context: bytes) -> SecretBytes:
    """Return the data key; raises VaultError for another master key or context, or a changed ciphertext."""
    return SecretBytes(_open(master, wrapped, VAULT_WRAP, context))


def encrypt(data_key: SecretBytes, plaintext: bytes, context: bytes, random: Random) -> bytes:
    """Return ``plaintext`` encrypted under a data key, bound to ``context``: 29 bytes longer."""
    return _seal(data_key, plaintext, VAULT_DATA, context, random)


def decrypt(data_key: SecretBytes, ciphertext: bytes, context: bytes) -> bytes:
    """Return the plaintext; raises VaultError for another key or context, or a changed ciphertext."""
    return _open(data_key, ciphertext, VAULT_DATA, context)


def _cipher(key: SecretBytes) -> ChaCha20Poly1305:
    if len(key) != KEY_SIZE:
        raise ValueError("a vault key has 32 bytes")
    return ChaCha20Poly1305(key.reveal())


def _seal(key: SecretBytes, plaintext: bytes, label: str, context: bytes, random: Random) -> bytes:
    nonce = random(NONCE_SIZE)
    return VERSION + nonce + _cipher(key).encrypt(nonce, plaintext, _associated(label, context))


def _open(key: SecretBytes, ciphertext: bytes, label: str, context: bytes) -> bytes:
    if len(ciphertext) < OVERHEAD or not ciphertext.startswith(VERSION):
        raise VaultError("this is no vault ciphertext of version 1")
    nonce, sealed = ciphertext[1 : 1 + NONCE_SIZE], ciphertext[1 + NONCE_SIZE :]
    try:
        return _cipher(key).decrypt(nonce, sealed, _associated(label, context))
    except InvalidTag:
        raise VaultError("a vault ciphertext does not open under this key and context") from None


def _associated(label: str, context: bytes) -> bytes:
    return label.encode("ascii") + b"\n" + context
