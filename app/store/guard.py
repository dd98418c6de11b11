"""The rollback guard: the last size and root that may have been signed, kept outside the data folder (law L5).

Order at each batch: rows durable, guard durable, signature leaves. A database that is restored from an older copy is
then behind its guard, and the portal serves read-only instead of signing a second history.

Every host has a guard of its own, which knows what this host signed. Other hosts may have gone on since: a guard that
is older than the database is fine as long as the database passed through its size with its root.

The file has two slots that are written in turn, so that a torn write leaves the older one: each slot is one line
`resguardo/guard/v1 <sequence> <size> <root hex> <check hex>` padded to 256 bytes.
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.store.locks import HostLock
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
    """Reads and writes the guard file; any thread and process of the host may."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._lock = HostLock(path)

    def read(self) -> Guarded | None:
        """Return the newest well-formed slot, or None if there never was one."""
        slots = [_parse(os.pread(self._fd, SLOT, place * SLOT)) for place in (0, 1)]
        known = [slot for slot in slots if slot is not None]
        return max(known, key=lambda slot: slot.sequence, default=None)

    def raise_to(self, size: int, root: bytes) -> None:
        """Record a size and root durably, unless a later one stands there: a guard never goes back.

        Call only with what was compared with the guard before (standing.py).
        """
        with self._lock.held():
            last = self.read()
            if last is None or last.size < size:
                self._write(last.sequence + 1 if last else 1, size, root)

    def _write(self, sequence: int, size: int, root: bytes) -> None:
        text = f"{_TYPE} {sequence} {size} {root.hex()}"
        line = f"{text} {sha256_hex(text.encode())[:16]}\n"
        os.pwrite(self._fd, line.ljust(SLOT).encode(), (sequence % 2) * SLOT)
        os.fdatasync(self._fd)

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)
        self._lock.close()


@lru_cache(maxsize=4)
def _parse(slot: bytes) -> Guarded | None:
    words = slot.decode("ascii", "replace").split()
    if len(words) != 5 or words[0] != _TYPE:
        return None
    if sha256_hex(" ".join(words[:4]).encode())[:16] != words[4]:
        return None
    return Guarded(size=int(words[2]), root=bytes.fromhex(words[3]), sequence=int(words[1]))
