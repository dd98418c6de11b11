"""The vault: what is moved, changed or opened under another key stays closed."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import vault
from crypto.errors import VaultError
from crypto.secret import SecretBytes

MASTER = SecretBytes(b"m" * 32)
KEY = SecretBytes(b"k" * 32)


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_decrypt_undoes_encrypt(plaintext, context):
    """And the length grows by a constant."""
    ciphertext = vault.encrypt(KEY, plaintext, context, os.urandom)
    assert vault.decrypt(KEY, ciphertext, context) == plaintext
    assert len(ciphertext) == len(plaintext) + vault.OVERHEAD


def test_unwrap_undoes_wrap():
    """A data key comes back as a secret of 32 bytes."""
    key = vault.new_data_key(os.urandom)
    wrapped = vault.wrap(MASTER, key, b"case 1", os.urandom)
    assert vault.unwrap(MASTER, wrapped, b"case 1").reveal() == key.reveal()
    assert len(wrapped) == 61


@given(st.integers(0, 60), st.integers(1, 255))
def test_any_changed_byte_fails(at, change):
    """Version, nonce, ciphertext and tag are all authenticated."""
    wrapped = vault.wrap(MASTER, KEY, b"case 1", os.urandom)
    with pytest.raises(VaultError):
        vault.unwrap(MASTER, wrapped[:at] + bytes([wrapped[at] ^ change]) + wrapped[at + 1 :], b"case 1")


def test_ciphertext_moved_to_another_row_fails():
    """A database that is rearranged does not show one case in the place of another."""
    ciphertext = vault.encrypt(KEY, b"x", b"case 1", os.urandom)
    with pytest.raises(VaultError):
        vault.decrypt(KEY, ciphertext, b"case 2")
    with pytest.raises(VaultError):
        vault.decrypt(MASTER, ciphertext, b"case 1")


def test_wrapped_key_is_no_ciphertext():
    """The two uses of one key cannot be taken for each other."""
    with pytest.raises(VaultError):
        vault.decrypt(MASTER, vault.wrap(MASTER, KEY, b"case 1", os.urandom), b"case 1")
    with pytest.raises(VaultError):
        vault.unwrap(MASTER, vault.encrypt(MASTER, KEY.reveal(), b"case 1", os.urandom), b"case 1")


@pytest.mark.parametrize("ciphertext", [b"", b"\x01", b"\x01" * 28, b"\x02" * 61])
def test_foreign_bytes_are_refused(ciphertext):
    """Too short, or of another version."""
    with pytest.raises(VaultError):
        vault.decrypt(KEY, ciphertext, b"")


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_key_has_32_bytes(size):
    """A root or a truncated key is a mistake of the caller."""
    with pytest.raises(ValueError, match="32 bytes"):
        vault.encrypt(SecretBytes(bytes(size)), b"", b"", os.urandom)
