"""The second factor of staff: the authenticator's code, or one of ten recovery codes in its place.

A recovery code has 80 random bits, so that its plain hash tells nobody anything; it is shown once and used once.
"""

import base64
import re
from typing import Final

from app.domain.entities import StaffSecrets
from app.domain.ports import Portal
from crypto.digest import sha256_hex
from crypto.errors import TotpError
from crypto.secret import Random, SecretBytes
from crypto.totp import SECRET_SIZE, verify_totp

RECOVERY_CODES: Final = 10
_CODE_BYTES: Final = 10  # 80 bits: 16 letters and digits in base32
_GROUP: Final = 4
_LABEL: Final = b"resguardo/recovery-code/v1"
_LOOK_ALIKES: Final = str.maketrans("018", "OIB")


def new_recovery_codes(random: Random) -> tuple[str, ...]:
    """Return a set of codes as they are shown, `XXXX-XXXX-XXXX-XXXX`."""
    letters = (base64.b32encode(random(_CODE_BYTES)).decode() for _ in range(RECOVERY_CODES))
    return tuple("-".join(each[at : at + _GROUP] for at in range(0, len(each), _GROUP)) for each in letters)


def recovery_hash(staff: int, typed: str) -> str:
    """Return what is stored for a code of an account; case, blanks and dashes do not count. Any text has a hash."""
    letters = re.sub(r"[\W_]+", "", typed.upper()).translate(_LOOK_ALIKES)
    return sha256_hex(_LABEL, staff.to_bytes(8, "big"), letters.encode())


def totp_step(portal: Portal, staff: int, secrets: StaffSecrets | None, code: str) -> int:
    """Return the time step of a right authenticator code, 0 for a wrong one; no secrets cost the same work."""
    label = f"totp/{staff}"
    sealed = secrets.totp_sealed if secrets else portal.vault.seal_system(label, bytes(SECRET_SIZE))
    totp = SecretBytes(portal.vault.open_system(label, sealed))
    try:
        step = verify_totp(totp, code, portal.clock(), secrets.totp_last_step if secrets else 0)
    except TotpError:
        return 0
    return step if secrets else 0
