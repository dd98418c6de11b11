"""A second look at the pages of copies, in a process of its own that can do nothing else (page_guard_process.py).

1. The pages go in over a pipe; they are plain text that is not stored yet, and touch no disk.
2. At most two looks at a time in each serving process, and none longer than a minute: filings without pages go on.
3. What the process answers is a place and a kind of a fixed list; if it ends without an answer, the page is refused.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from app.domain.errors import ServiceError
from app.domain.pages.form import PROBLEMS

_AT_ONCE = 2
_WAIT_SECONDS = 30
_SECONDS = 60
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""Of the environment: what Python needs to start; the portal's settings are not for that process."""
_COMMAND = (sys.executable, "-P", "-m", "app.store.page_guard_process")


class PageGuard:
    """`PageGuard` by a child process for each look."""

    def __init__(self) -> None:
        self._seats = threading.BoundedSemaphore(_AT_ONCE)

    def look(self, pages: Sequence[bytes]) -> tuple[int, str] | None:
        """Return the place of the first page that is none and the kind of its problem. Raises ServiceError: busy."""
        if not self._seats.acquire(timeout=_WAIT_SECONDS):
            raise ServiceError("storage_busy")
        try:
            return _answer(_ask(pages), len(pages))
        finally:
            self._seats.release()


def environment() -> dict[str, str]:
    """Return what of our environment a process of this kind starts with."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


def _ask(pages: Sequence[bytes]) -> bytes:
    said = b"".join(len(page).to_bytes(4) + page for page in pages)
    try:
        run = subprocess.run(  # noqa: S603 - our own module, nothing of a page is in the command
            _COMMAND, input=said, capture_output=True, timeout=_SECONDS, check=False, env=environment()
        )
    except subprocess.TimeoutExpired:
        return b""
    return run.stdout if run.returncode == 0 else b""


def _answer(said: bytes, count: int) -> tuple[int, str] | None:
    """Read `{"seen": n}` or `{"seen": n, "problem": kind}`; whatever else it says is a refusal."""
    try:
        answer = json.loads(said)
        seen, problem = int(answer["seen"]), answer.get("problem")
    except (ValueError, TypeError, KeyError, AttributeError):
        return 0, "broken"
    if problem is None and seen == count:
        return None
    return min(max(seen, 0), count - 1), problem if problem in PROBLEMS else "broken"
