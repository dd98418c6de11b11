"""Setting a document, in a process of its own that can do nothing else (typesetter_process.py).

1. What is set goes in over a pipe as data, and comes back over one; neither touches a disk.
2. At most two at a time in each serving process, and none longer than a minute: the desk goes on.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from app.domain.errors import ServiceError
from app.store.page_guard import environment

_AT_ONCE = 2
_WAIT_SECONDS = 30
_SECONDS = 60
_COMMAND = (sys.executable, "-P", "-m", "app.store.typesetter_process")
_PDF = b"%PDF-"


class Typesetter:
    """`Typesetter` by a child process for each document."""

    def __init__(self) -> None:
        self._seats = threading.BoundedSemaphore(_AT_ONCE)

    def set(self, content: Mapping[str, Any], moment: int, template: str = "evidence") -> bytes:
        """Return the PDF; `moment` is the day in its properties, unix seconds. Raises ServiceError: storage_busy.

        `template` is "evidence" or "petition".
        """
        if not self._seats.acquire(timeout=_WAIT_SECONDS):
            raise ServiceError("storage_busy")
        try:
            made = _ask(json.dumps({"moment": moment, "template": template, "data": content}).encode())
        finally:
            self._seats.release()
        if not made.startswith(_PDF):
            raise ServiceError("storage_busy")
        return made


def _ask(said: bytes) -> bytes:
    try:
        run = subprocess.run(  # noqa: S603 - our own module, nothing of a case is in the command
            _COMMAND, input=said, capture_output=True, timeout=_SECONDS, check=False, env=environment()
        )
    except subprocess.TimeoutExpired:
        return b""
    return run.stdout if run.returncode == 0 else b""
