"""A lock between all processes and threads of one host."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path


class HostLock:
    """One holder at a time on a host, in whatever process or thread."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._threads = threading.Lock()  # flock counts open files: threads that share one would all pass

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock."""
        with self._threads:
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; nobody may hold the lock any more."""
        os.close(self._fd)


class HostSeats:
    """A number of seats on a host, for whatever process or thread; the kernel frees those of a process that died."""

    def __init__(self, path: Path, count: int) -> None:
        self._paths = [path.with_name(f"{path.name}.{number}") for number in range(count)]

    @contextlib.contextmanager
    def taken(self) -> Iterator[bool]:
        """Sit down until the end of the block if a seat is free, and tell whether one was; nobody waits here."""
        fd = next((fd for path in self._paths if (fd := _locked(path)) is not None), None)
        try:
            yield fd is not None
        finally:
            if fd is not None:
                os.close(fd)


def _locked(path: Path) -> int | None:
    """Return a file of its own with the lock, so that threads count too; None if somebody has it."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd
