"""The code on every page that a reader is shown, and the two shares without which it leads nowhere.

Rules
1. The code is an HMAC of reader, case, record and beginning of the sitting, under a key that is drawn for that sitting
   alone: two shares of 32 bytes. No lasting key gives it again, so that trying all readers, cases and sittings with one
   share leads nowhere.
2. One share is kept for the operator and one is sealed to the auditor; whoever made them forgets them.
3. The sitting's log entry holds their commitment: shares that were exchanged later to blame somebody do not fit it.

Worked example: ``code = code_of(shares, "ana", case, "evidence-3/1", 1770000000)`` stands on a page that was leaked.
Operator and auditor together have the shares of each sitting and find the one whose code it is.

Source: RFC 5869 (HKDF, which is HMAC), FORMAT.md "The reader's mark".
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from crypto.errors import KeyTextError
from crypto.keys import derive, register
from crypto.secret import Random, SecretBytes

SHARE_SIZE = 32
CODE_BYTES = 10  # 80 bits: 16 letters without padding
MARK_CODE = register("resguardo/v1/mark/code")
MARK_COMMITMENT = register("resguardo/v1/mark/commitment")
_CODE = re.compile(r"[A-Z2-7]{16}")
_LOOK_ALIKES = str.maketrans("018", "OIB")
_GROUP = 4


@dataclass(frozen=True, eq=False)
class MarkShares:
    """What a sitting's code is made with: the operator's share and the auditor's, 32 bytes each."""

    operator: SecretBytes
    auditor: SecretBytes

    def __post_init__(self) -> None:
        """Refuse shares of another length."""
        if {len(self.operator), len(self.auditor)} != {SHARE_SIZE}:
            raise ValueError("a share has 32 bytes")

    @property
    def key(self) -> SecretBytes:
        """Both together."""
        return SecretBytes(self.operator.reveal() + self.auditor.reveal())


def new_shares(random: Random) -> MarkShares:
    """Return the shares of one sitting."""
    return MarkShares(SecretBytes(random(SHARE_SIZE)), SecretBytes(random(SHARE_SIZE)))


def commitment_of(shares: MarkShares) -> str:
    """Return what the sitting's log entry says of its shares: 64 hex digits, which tell nothing of either."""
    return derive(shares.key, MARK_COMMITMENT).reveal().hex()


def code_of(shares: MarkShares, reader: str, case: str, record: str, started: int) -> str:
    """Return the code of a sitting, ``XXXX-XXXX-XXXX-XXXX``; ``record`` with its version, ``started`` in unix time."""
    place = [each.encode("utf-8") for each in (reader, case, record, str(started))]
    return _grouped(base64.b32encode(derive(shares.key, MARK_CODE, *place, length=CODE_BYTES).reveal()).decode("ascii"))


def normalise_code(text: str) -> str:
    """Return a typed code as it is shown; raises KeyTextError.

    Case, spaces and dashes do not count; the digits 0, 1 and 8, which no code holds, are read as O, I and B.
    """
    letters = re.sub(r"[\W_]+", "", text.upper()).translate(_LOOK_ALIKES)
    if not _CODE.fullmatch(letters):
        raise KeyTextError("a mark's code has 16 letters and digits from 2 to 7")
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
