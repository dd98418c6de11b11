"""Argon2id in one lane per host: 64 MiB once, however many people, or attackers, sign in at a time.

1. At most `SEATS` threads of a host are in the lane or wait for it; whoever comes then is refused at once, so that
   looping bad sign-ins never hold the threads that serve petitioners.
2. The work is done by a thread that stands back: it takes what processor time filings and readings leave.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from app.domain.errors import LimitError
from app.store.locks import HostLock, HostSeats
from crypto.passwords import UNKNOWN_ACCOUNT, hash_password, verify_password
from crypto.secret import SecretBytes

SEATS = 8  # of the 40 threads that serve requests in each process
BUSY_SECONDS = 5  # by then the lane has emptied
NICENESS = 10  # a tenth of the processor time when somebody else wants it, all of it when nobody does
T = TypeVar("T")


class HashingLane:
    """`Passwords` behind a host-wide lock, with a bounded queue before it."""

    def __init__(self, folder: Path) -> None:
        self._lock = HostLock(folder / "hashing.lock")
        self._seats = HostSeats(folder / "hashing.seats", SEATS)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="hashing", initializer=_stand_back)

    def hash(self, password: SecretBytes) -> str:
        """Return a password's hash with its parameters. Raises LimitError: sign_in_busy."""
        return self._in_lane(lambda: hash_password(password))

    def verify(self, stored: str | None, password: SecretBytes) -> bool:
        """Tell whether a password fits; an unknown account costs the same time and never fits. Raises LimitError."""
        fits = self._in_lane(lambda: verify_password(UNKNOWN_ACCOUNT if stored is None else stored, password))
        return fits and stored is not None

    def close(self) -> None:
        """Let what waits finish, and give the files back."""
        self._worker.shutdown()
        self._lock.close()

    def _in_lane(self, work: Callable[[], T]) -> T:
        with self._seats.taken() as seated:
            if not seated:
                raise LimitError("sign_in_busy", seconds=BUSY_SECONDS)
            return self._worker.submit(self._alone, work).result()

    def _alone(self, work: Callable[[], T]) -> T:
        with self._lock.held():
            return work()


def _stand_back() -> None:
    """Lower this thread's priority, and that of the threads which Argon2 starts from it (Linux counts each thread)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
