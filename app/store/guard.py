"""The rollback guard: the last size and root that may have been signed, kept outside the data folder (law L5).

Order at each batch: rows durable, guard durable, signature leaves. A data folder that is restored from an older copy
is then behind its guard, and the portal serves read-only instead of signing a second history.

The file has two slots that are written in turn, so that a torn write leaves the older one: each slot is one line
`resguardo/guard/v1 <sequence> <size> <root hex> <check hex>` padded to 256 bytes.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from crypto.digest import sha256_hex

SLOT = 256
_TYPE = "resguardo/guard/v1"


@dataclass(frozen=True)
class Guarded:
    """A size and root that a signature may stand under."""

    size: int
    root: bytes
    sequence: int = 0


class Guard:
    """Reads and writes the guard file; call only while holding the sequencer's lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def read(self) -> Guarded | None:
        """Return the newest well-formed slot, or None if there never was one."""
        slots = [_parse(os.pread(self._fd, SLOT, place * SLOT)) for place in (0, 1)]
        known = [slot for slot in slots if slot is not None]
        return max(known, key=lambda slot: slot.sequence, default=None)

    def write(self, size: int, root: bytes) -> None:
        """Record a size and root durably."""
        last = self.read()
        sequence = last.sequence + 1 if last else 1
        text = f"{_TYPE} {sequence} {size} {root.hex()}"
        line = f"{text} {sha256_hex(text.encode())[:16]}\n"
        os.pwrite(self._fd, line.ljust(SLOT).encode(), (sequence % 2) * SLOT)
        os.fdatasync(self._fd)

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


def _parse(slot: bytes) -> Guarded | None:
    words = slot.decode("ascii", "replace").split()
    if len(words) != 5 or words[0] != _TYPE:
        return None
    if sha256_hex(" ".join(words[:4]).encode())[:16] != words[4]:
        return None
    return Guarded(size=int(words[2]), root=bytes.fromhex(words[3]), sequence=int(words[1]))
