"""Bech32 without a length limit, as age writes its keys.

Bech32 keys are one human-readable prefix, the digit 1, five bits a letter, and six letters of checksum. The
checksum catches typing errors; it authenticates nothing.

Source: BIP 173, without its limit of 90 characters (c2sp.org/age).
"""

from __future__ import annotations

import base64

from crypto.errors import KeyTextError

_CHARSET = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_BECH32 = bytes.maketrans(_BASE32, _CHARSET)
_TO_DIGIT = bytes.maketrans(_CHARSET, b"0123456789abcdefghijklmnopqrstuv")
_TO_VALUE = bytes.maketrans(_CHARSET, bytes(range(32)))
_FROM_VALUE = bytes.maketrans(bytes(range(32)), _CHARSET)
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH = 6


def _step(top: int) -> int:
    value = 0
    for bit, generator in enumerate(_GENERATORS):
        if top >> bit & 1:
            value ^= generator
    return value


_STEPS = tuple(_step(top) for top in range(32))


def _polymod(values: bytes) -> int:
    state = 1
    steps = _STEPS
    for value in values:
        state = (state & 0x1FFFFFF) << 5 ^ value ^ steps[state >> 25]
    return state


def _expand(prefix: str) -> bytes:
    raw = prefix.encode("ascii")
    return bytes(byte >> 5 for byte in raw) + b"\0" + bytes(byte & 31 for byte in raw)


def encode(prefix: str, data: bytes) -> str:
    """Return ``data`` as lower-case Bech32 under a lower-case ``prefix``."""
    letters = base64.b32encode(data).rstrip(b"=").translate(_TO_BECH32)
    state = _polymod(_expand(prefix) + letters.translate(_TO_VALUE) + bytes(_CHECKSUM_LENGTH)) ^ 1
    checksum = bytes(state >> shift & 31 for shift in range(25, -1, -5)).translate(_FROM_VALUE)
    return f"{prefix}1{(letters + checksum).decode('ascii')}"


def decode(prefix: str, text: str) -> bytes:
    """Return the bytes of a lower-case Bech32 text under ``prefix``.

    Raises: KeyTextError for another prefix, a foreign character, a wrong checksum, or bits left over that are not
    zero (each of them a second spelling of one key, or a typing error). Source: BIP 173.
    """
    if not text.startswith(prefix + "1") or not text.isascii():
        raise KeyTextError(f"this is not a key that begins with {prefix}1")
    letters = text[len(prefix) + 1 :].encode("ascii")
    if len(letters) < _CHECKSUM_LENGTH or letters.strip(_CHARSET):
        raise KeyTextError("the key holds a character that no key holds, or is cut short")
    if _polymod(_expand(prefix) + letters.translate(_TO_VALUE)) != 1:
        raise KeyTextError("the key's checksum is wrong: it was mistyped or cut")
    return _decode_letters(letters[:-_CHECKSUM_LENGTH])


def _decode_letters(letters: bytes) -> bytes:
    """Join five bits a letter to bytes, strictly: less than one letter is left over, and it is zero."""
    size, left = divmod(len(letters) * 5, 8)
    value = int(letters.translate(_TO_DIGIT) or b"0", 32)
    if left >= 5 or value & (1 << left) - 1:
        raise KeyTextError("the key's last bits are not zero, or it is not made of whole bytes")
    return (value >> left).to_bytes(size, "big")
