"""An opener for classic age recipients, so that every C2SP vector can be run; the product has none.

Source: c2sp.org/age, "The X25519 recipient type".
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import bech32
from crypto.age import Stanza, decode_base64
from crypto.errors import HeaderError
from crypto.secret import SecretBytes


class X25519Identity:
    """Opens ``X25519`` stanzas."""

    def __init__(self, text: str) -> None:
        self._private = X25519PrivateKey.from_private_bytes(bech32.decode("age-secret-key-", text.lower()))
        self._public = self._private.public_key().public_bytes_raw()

    def unwrap(self, stanza: Stanza) -> SecretBytes | None:
        if stanza.type != "X25519":
            return None
        if len(stanza.args) != 1 or len(stanza.body) != 32:
            raise HeaderError("malformed X25519 stanza")
        share = decode_base64(stanza.args[0].encode())
        try:
            secret = self._private.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise HeaderError("malformed X25519 share") from None
        info = b"age-encryption.org/v1/X25519"
        key = HKDF(hashes.SHA256(), 32, share + self._public, info).derive(secret)
        try:
            return SecretBytes(ChaCha20Poly1305(key).decrypt(bytes(12), stanza.body, None))
        except InvalidTag:
            return None
