"""Time-based one-time codes of six digits for staff, each accepted once.

Rules
1. A code is good for its own step of 30 seconds and one step on either side, for clocks that differ.
2. A step at or before the last accepted one is refused: a code seen over a shoulder or on the wire opens nothing.
   The caller stores the returned step in the transaction that signs the person in.

Source: RFC 6238 (5.2 asks for rule 2).
"""

from __future__ import annotations

import re

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from crypto.digest import equal
from crypto.errors import TotpError
from crypto.secret import Random, SecretBytes

SECRET_SIZE = 20
DIGITS = 6
STEP = 30  # seconds
WINDOW = 1  # steps on either side
_CODE = re.compile(r"[0-9]{6}")


def new_totp_secret(random: Random) -> SecretBytes:
    """Return a new secret of 20 bytes."""
    return SecretBytes(random(SECRET_SIZE))


def totp_uri(secret: SecretBytes, account: str, issuer: str) -> str:
    """Return the ``otpauth://`` address that an authenticator reads as a QR code; it holds the secret."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def verify_totp(secret: SecretBytes, code: str, now: int, last_step: int) -> int:
    """Return the step that ``code`` belongs to, at ``now`` in Unix seconds; ``last_step`` is 0 before the first one.

    Raises: TotpError for a wrong, old or used code: which of these is not said. Source: RFC 6238.
    """
    digits = "".join(code.split())
    current = now // STEP
    totp = _totp(secret)
    if _CODE.fullmatch(digits):
        for step in range(current - WINDOW, current + WINDOW + 1):
            if step > last_step and equal(totp.generate(step * STEP), digits.encode("ascii")):
                return step
    raise TotpError("the one-time code is wrong, expired or used")


def _totp(secret: SecretBytes) -> TOTP:
    sha1 = hashes.SHA1()  # noqa: S303  # authenticator apps know no other; HMAC does not need collision resistance
    return TOTP(secret.reveal(), DIGITS, sha1, STEP)
