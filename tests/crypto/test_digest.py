"""Digests against published values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crypto.digest import equal, hmac_sha256, keyed_hmac, new_sha256, sha256, sha256_hex
from crypto.secret import SecretBytes

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_sha256_is_that_of_fips_180():
    """The value of FIPS 180-4, whole, in parts and running."""
    running = new_sha256()
    running.update(b"a")
    running.update(b"bc")
    assert sha256_hex(b"abc") == sha256_hex(b"a", b"", b"bc") == running.hexdigest() == ABC
    assert sha256(b"abc") == running.digest() == bytes.fromhex(ABC)
    assert sha256() == sha256(b"")


def test_hmac_is_that_of_rfc_4231():
    """Test case 2 of RFC 4231, its data in two parts."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac_sha256(SecretBytes(b"Jefe"), b"what do ya want ", b"for nothing?").hex() == expected


def test_equal_compares_bytes():
    """Same, other, and of another length."""
    assert equal(b"abc", b"abc")
    assert not equal(b"abc", b"abd")
    assert not equal(b"abc", b"ab")


@given(st.binary(max_size=200), st.lists(st.binary(max_size=200), max_size=4))
def test_a_key_taken_up_once_authenticates_as_each_time_anew(key: bytes, messages: list[bytes]) -> None:
    """One message leaves nothing behind for the next."""
    authenticate = keyed_hmac(SecretBytes(key))
    assert [authenticate(each) for each in messages] == [hmac_sha256(SecretBytes(key), each) for each in messages]
