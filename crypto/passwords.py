"""Staff passwords: Argon2id with the low-memory profile of RFC 9106 (64 MiB, three passes).

One verification takes 64 MiB and some tens of milliseconds: the caller runs one at a time per host and limits rates.
A login for an unknown name verifies against ``UNKNOWN_ACCOUNT``, so that it takes as long as one for a known name.
The salt is drawn by the library. Source: RFC 9106 section 4.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from crypto.errors import PasswordError
from crypto.secret import SecretBytes

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
UNKNOWN_ACCOUNT = "$argon2id$v=19$m=65536,t=3,p=4$IJ8pD85+xvMchgHJl/R3cg$IwmOT2l/mb4vcQa5Hy31Zp7W5gsjsrYZVhEoei9Y5wY"


def hash_password(password: SecretBytes) -> str:
    """Return the hash of a password in UTF-8, with its salt and parameters, as it is stored."""
    return _HASHER.hash(password.reveal())


def verify_password(stored: str, password: SecretBytes) -> bool:
    """Say whether the password is the one that was hashed; raises PasswordError for a malformed hash."""
    try:
        return _HASHER.verify(stored, password.reveal())
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError):
        raise PasswordError("a stored password hash is malformed") from None


def needs_rehash(stored: str) -> bool:
    """Say whether the hash was made with other parameters than today's; raises PasswordError for a malformed one."""
    try:
        return _HASHER.check_needs_rehash(stored)
    except InvalidHashError:
        raise PasswordError("a stored password hash is malformed") from None
