"""Argon2id in one lane per host: 64 MiB once, however many people, or attackers, sign in at a time.

1. At most `SEATS` threads of a host are in the lane or wait for it; whoever comes then is refused at once, so that
   looping bad sign-ins never hold the threads that serve petitioners.
2. One at a time on a host, in a process that stands back (hashing_process.py).
3. After a wrong password the lane of the whole host rests `RESTS` times as long as the processor worked, whoever asks
   next and in whatever process: who guesses without end gets a seventh of one core, and whoever signs in honestly waits
   for no more than `SEATS` such turns.
"""

import base64
import contextlib
import json
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

from app.domain.errors import LimitError
from app.store.hashing_process import MALFORMED, REFUSED
from app.store.locks import HostLock, HostSeats
from crypto.errors import PasswordError
from crypto.passwords import UNKNOWN_ACCOUNT
from crypto.secret import SecretBytes

SEATS = 8  # of the 40 threads that serve requests in each process
BUSY_SECONDS = 5  # by then the lane has emptied
RESTS = 6
LONGEST_REST = 5.0  # seconds; a clock that began anew with the machine must not shut the lane
_STOP_SECONDS = 5
_HUGE_PAGES = "glibc.malloc.hugetlb=1"
"""64 MiB in 32 large pages instead of 16,000 small ones: a seventh less work for each password; others ignore it."""


class HashingLane:
    """`Passwords` behind a host-wide lock, with a bounded queue before it."""

    def __init__(self, folder: Path) -> None:
        self._lock = HostLock(folder / "hashing.lock")
        self._seats = HostSeats(folder / "hashing.seats", SEATS)
        self._rest = _Rest(folder / "hashing.rest")
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
        self._rest.close()
        self._lock.close()

    def _in_lane(self, stored: str | None, password: SecretBytes) -> str:
        with self._seats.taken() as seated:
            if not seated:
                raise LimitError("sign_in_busy", seconds=BUSY_SECONDS)
            with self._lock.held():
                self._rest.wait()
                answer, worked = self._ask(stored, password)
                if answer == REFUSED:
                    self._rest.begin(RESTS * worked)
                return answer

    def _ask(self, stored: str | None, password: SecretBytes) -> tuple[str, float]:
        """Return what the process says, a new one if it has ended, and the processor seconds that it took.

        Raises PasswordError, OSError.
        """
        question = {"stored": stored, "password": base64.b64encode(password.reveal()).decode()}
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            self._end()
            raise
        if not line:
            self._end()
            raise OSError("the hashing process ended")
        answer, worked = line.split()
        if answer == MALFORMED:
            raise PasswordError("a stored password hash is malformed")
        return answer, float(worked)

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.store.hashing_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=_environment(),
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
                _close(self._process)
            self._process = None


def _close(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what was not written yet goes nowhere
            assert pipe is not None
            pipe.close()


class _Rest:
    """Until when the lane of this host rests, by the host's own monotonic clock; call under the lane's lock."""

    _MOMENT = struct.Struct("<d")

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def wait(self) -> None:
        """Wait for its end."""
        stored = os.pread(self._fd, self._MOMENT.size, 0)
        if len(stored) == self._MOMENT.size:
            left = self._MOMENT.unpack(stored)[0] - time.monotonic()
            time.sleep(min(max(left, 0.0), LONGEST_REST))

    def begin(self, seconds: float) -> None:
        """Rest from now on."""
        os.pwrite(self._fd, self._MOMENT.pack(time.monotonic() + seconds), 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


def _environment() -> dict[str, str]:
    """Return ours with large pages asked for beside what the operator asked for."""
    asked = os.environ.get("GLIBC_TUNABLES")
    return {**os.environ, "GLIBC_TUNABLES": f"{asked}:{_HUGE_PAGES}" if asked else _HUGE_PAGES}
