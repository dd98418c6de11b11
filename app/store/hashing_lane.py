"""Argon2id in one lane per host: 64 MiB once, however many people, or attackers, sign in at a time.

1. At most `SEATS` threads of a host are in the lane or wait for it; whoever comes then is refused at once, so that
   looping bad sign-ins never hold the threads that serve petitioners.
2. One at a time on a host, in a process that stands back (hashing_process.py).
"""

import base64
import json
import subprocess
import sys
from pathlib import Path

from app.domain.errors import LimitError
from app.store.hashing_process import MALFORMED
from app.store.locks import HostLock, HostSeats
from crypto.errors import PasswordError
from crypto.passwords import UNKNOWN_ACCOUNT
from crypto.secret import SecretBytes

SEATS = 8  # of the 40 threads that serve requests in each process
BUSY_SECONDS = 5  # by then the lane has emptied
_STOP_SECONDS = 5


class HashingLane:
    """`Passwords` behind a host-wide lock, with a bounded queue before it."""

    def __init__(self, folder: Path) -> None:
        self._lock = HostLock(folder / "hashing.lock")
        self._seats = HostSeats(folder / "hashing.seats", SEATS)
        self._process: subprocess.Popen[str] | None = None

    def hash(self, password: SecretBytes) -> str:
        """Return a password's hash with its parameters. Raises LimitError: sign_in_busy."""
        return self._in_lane(None, password)

    def verify(self, stored: str | None, password: SecretBytes) -> bool:
        """Tell whether a password fits; an unknown account costs the same time and never fits. Raises LimitError."""
        fits = self._in_lane(UNKNOWN_ACCOUNT if stored is None else stored, password)
        return fits == "1" and stored is not None

    def close(self) -> None:
        """End the process and give the files back."""
        self._end()
        self._lock.close()

    def _in_lane(self, stored: str | None, password: SecretBytes) -> str:
        with self._seats.taken() as seated:
            if not seated:
                raise LimitError("sign_in_busy", seconds=BUSY_SECONDS)
            with self._lock.held():
                return self._ask(stored, password)

    def _ask(self, stored: str | None, password: SecretBytes) -> str:
        """Ask the process, a new one if it has ended. Raises PasswordError, OSError."""
        question = {"stored": stored, "password": base64.b64encode(password.reveal()).decode()}
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline().strip()
        except OSError:
            self._end()
            raise
        if not answer:
            self._end()
            raise OSError("the hashing process ended")
        if answer == MALFORMED:
            raise PasswordError("a stored password hash is malformed")
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.store.hashing_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process

    def _end(self) -> None:
        """End the process by ending its input."""
        if self._process is not None:
            try:
                self._process.communicate(timeout=_STOP_SECONDS)
            except (subprocess.TimeoutExpired, OSError):
                self._process.kill()
                self._process.wait()
            self._process = None
