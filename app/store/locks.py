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
