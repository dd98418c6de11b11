"""Running the child that decodes a foreign file, and reading what it says without trusting it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

from app.client.cleaning.errors import CleaningError
from app.client.cleaning.frames import MIB, Drawn, Written, drawn_of, read_frame

LARGEST = 256
"""MiB of a file that is looked into."""
SECONDS = 300
_KEPT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""Of the environment: what Python needs to start. A passphrase may stand in the rest."""
_COMMAND = (sys.executable, "-P", "-m", "app.client.cleaning.workshop")
_TEXT_LIMIT = 8 * MIB


def decode(data: bytes, seconds: float = SECONDS) -> Iterator[Drawn | Written]:
    """Yield the pages of a file, or its one text. Raises CleaningError, also where the child came to an end."""
    if len(data) > LARGEST * MIB:
        raise CleaningError("too_large", limit=LARGEST)
    if not data:
        raise CleaningError("empty")
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # -P: a folder of evidence must not be a place from which Python takes its modules.
    with subprocess.Popen(  # noqa: S603 - our own module, nothing of the file is in the command
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as child:
        clock = threading.Timer(seconds, child.kill)
        clock.start()
        try:
            _feed(child, data)
            yield from _answers(child, clock)
        finally:
            clock.cancel()
            child.kill()


def _feed(child: "subprocess.Popen[bytes]", data: bytes) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(data)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended; what it said before tells why


def _answers(child: "subprocess.Popen[bytes]", clock: threading.Timer) -> Iterator[Drawn | Written]:
    assert child.stdout is not None
    try:
        while (frame := read_frame(child.stdout)) is not None:
            line, data = frame
            if "refused" in line:
                raise CleaningError(line["refused"] if line["refused"] in CleaningError.MESSAGES else "broken")
            if "done" in line:
                return
            if "text" in line:
                yield Written(_text(data), int(line.get("pictures", 0)))
                return
            yield drawn_of(line, data)
    except (ValueError, KeyError, TypeError) as error:
        raise _ended(clock) from error
    raise _ended(clock)


def _ended(clock: threading.Timer) -> CleaningError:
    return CleaningError("time" if clock.finished.is_set() else "broken")


def _text(data: bytes) -> str:
    if len(data) > _TEXT_LIMIT:
        raise CleaningError("bomb")
    return data.decode()
