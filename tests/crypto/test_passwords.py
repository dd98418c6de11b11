"""Staff passwords."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from crypto import passwords
from crypto.errors import PasswordError
from crypto.secret import SecretBytes


def test_password_verifies_and_another_does_not():
    """The low-memory profile of RFC 9106 stands in the hash, and two hashes of one password differ."""
    password = SecretBytes("contraseña larga".encode())
    stored = passwords.hash_password(password)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify_password(stored, password)
    assert not passwords.verify_password(stored, SecretBytes(b"otra"))
    assert passwords.hash_password(password) != stored
    assert not passwords.needs_rehash(stored)


def test_unknown_account_costs_as_much_as_a_known_one():
    """The hash to verify against for an unknown name has today's parameters and fits no password we know."""
    assert not passwords.needs_rehash(passwords.UNKNOWN_ACCOUNT)
    assert not passwords.verify_password(passwords.UNKNOWN_ACCOUNT, SecretBytes(b""))


def test_weaker_hash_is_made_anew():
    """A hash with old parameters still verifies, and says that it is old."""
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(b"x")
    assert passwords.verify_password(old, SecretBytes(b"x"))
    assert passwords.needs_rehash(old)


@pytest.mark.parametrize(
    "stored", ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$argon2id$v=19$m=1,t=1,p=1$c2FsdHNhbHQ$AAAA"]
)
def test_malformed_hash_is_an_error_and_not_a_wrong_password(stored):
    """A damaged row must be seen, not counted as a bad login."""
    with pytest.raises(PasswordError):
        passwords.verify_password(stored, SecretBytes(b"x"))


def test_malformed_hash_needs_no_guess():
    """Nor is it said to be up to date."""
    with pytest.raises(PasswordError):
        passwords.needs_rehash("plain")
