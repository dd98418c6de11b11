"""One-time codes: each opens once."""

from __future__ import annotations

import os

import pytest

from crypto import totp
from crypto.errors import TotpError
from crypto.secret import SecretBytes

SECRET = SecretBytes(b"12345678901234567890")
NOW = 1111111109
CODE = "081804"  # RFC 6238, appendix B: 07081804 at this time, its last six digits
STEP = NOW // 30


def test_code_of_rfc_6238_is_accepted():
    """The published value, with the space that authenticators show."""
    assert totp.verify_totp(SECRET, CODE, NOW, 0) == STEP
    assert totp.verify_totp(SECRET, " 081 804 ", NOW, 0) == STEP


@pytest.mark.parametrize("now", [NOW - 30, NOW + 30])
def test_clock_may_differ_by_a_step(now):
    """One step on either side, and the step of the code is what is returned."""
    assert totp.verify_totp(SECRET, CODE, now, 0) == STEP


@pytest.mark.parametrize("now", [NOW - 60, NOW + 60, 0])
def test_old_code_is_refused(now):
    """Two steps away it is no longer good."""
    with pytest.raises(TotpError):
        totp.verify_totp(SECRET, CODE, now, 0)


@pytest.mark.parametrize("last", [STEP, STEP + 1])
def test_code_is_never_accepted_twice(last):
    """A code that was seen over a shoulder opens nothing."""
    with pytest.raises(TotpError):
        totp.verify_totp(SECRET, CODE, NOW, last)


def test_next_code_is_accepted_after_the_last():
    """The window does not lock the person out."""
    assert totp.verify_totp(SECRET, CODE, NOW, STEP - 1) == STEP


@pytest.mark.parametrize("code", ["", "0", "081805", "0818040", "-81804", "٠٨١٨٠٤", "abcdef", "08180\n"])
def test_wrong_code_is_refused(code):
    """Other digits, other lengths, digits of other scripts."""
    with pytest.raises(TotpError):
        totp.verify_totp(SECRET, code, NOW, 0)


def test_secret_and_address():
    """A new secret has 160 bits; the address names account and issuer."""
    secret = totp.new_totp_secret(os.urandom)
    assert len(secret) == 20
    address = totp.totp_uri(secret, "reviewer@office.invalid", "Resguardo")
    assert address.startswith("otpauth://totp/Resguardo:reviewer%40office.invalid?")
    assert "digits=6" in address
    assert "period=30" in address
