"""The other door (law L2): whether it is open, and how much memory its calls may take at once.

Unsealed petitions are read into memory and nowhere else: no temporary file, no form parser that spools to disk. So
memory is what bounds it, and a call that finds no room is told to come again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.domain.assisted import MAX_FILE
from app.domain.errors import AssistedError, DomainError

MIB = 1024 * 1024
CALL = 64 * MIB
"""Bytes of one call: a file of 30 MiB in base64, and the petition."""
PREPARE = 24 * MIB
ROOM = 2 * CALL
"""Bytes of all bodies that one process holds at once."""
TURN = 1 * MIB
"""Bytes of one page's form: every answer so far travels in it."""
AT_WORK = 2
"""Calls that one process works on at once."""
READ_SECONDS = 300

R = TypeVar("R")


class AssistedDoor:
    """One process's door."""

    def __init__(self, *, is_open: bool) -> None:
        """Make a door that is open or not."""
        self.is_open = is_open
        self._free = ROOM
        self._at_work = asyncio.Semaphore(AT_WORK)

    def described(self) -> dict[str, object]:
        """Return what the portal says of this door."""
        return {"on": self.is_open, "service_reads_names": True, "limits": {"call": CALL, "file": MAX_FILE}}

    @asynccontextmanager
    async def body(self, request: Request, limit: int) -> AsyncIterator[bytearray]:
        """Give a body of at most `limit` bytes, and the right to work on it; both end with the block.

        Raises:
            AssistedError: assisted_off, assisted_busy. HTTPException: 413.
        """
        if not self.is_open:
            raise AssistedError("assisted_off")
        body = bytearray()
        taken = 0
        try:
            async for size in self._read(request, body, limit):
                taken += size
            async with self._at_work:
                yield body
        finally:
            self._free += taken
            body.clear()

    async def _read(self, request: Request, body: bytearray, limit: int) -> AsyncIterator[int]:
        """Read into `body` and yield how much room each piece took."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                async for chunk in request.stream():
                    yield self._take(len(chunk))
                    if len(body) + len(chunk) > limit:
                        raise HTTPException(413)
                    body += chunk
        except TimeoutError:
            slow = True
        else:
            slow = False
        if slow:
            raise AssistedError("assisted_busy")

    def _take(self, size: int) -> int:
        if size > self._free:
            raise AssistedError("assisted_busy")
        self._free -= size
        return size


def quietly(work: Callable[[bytearray], R], body: bytearray) -> R:
    """Run work on a body; an unforeseen failure comes out with its kind and place, without its words."""
    try:
        return work(body)
    except (DomainError, HTTPException):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, its words may quote what was sent
        failure = f"assisted intake failed: {type(error).__name__} at {_place_of(error)}"
    raise RuntimeError(failure)


def _place_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
