"""The process in which passwords are hashed: `python -m app.store.hashing_process`, started by hashing_lane.py.

It stands back: it takes what processor time filings and readings leave. A thread of the serving process could not: with
low priority it would hold the interpreter's lock while it waits for the processor, and everybody there with it.
Where Linux shares the processor among sessions first (autogroups), a low priority counts only inside one's own: there
it is a session of its own, which stands back as a whole.
One line of JSON in, one line out: a hash; or, against a stored hash, 1 or 0; and, after a space, the seconds that the
processor worked for it. It ends with its input.
"""

import base64
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

from crypto.errors import PasswordError
from crypto.passwords import hash_password, verify_password
from crypto.secret import SecretBytes

NICENESS = 10  # about a tenth of the processor when others want it, all of it when nobody does
MALFORMED = "malformed"
REFUSED = "0"
GROUP_NICENESS = 3  # half of another session: with less, who signs in honestly waits long beside busy neighbours
_GROUP = Path("/proc/self/autogroup")
_TRIES = 20
_PAUSE = 0.15  # seconds; the kernel takes such a wish every tenth of a second, from whomever


def answer(line: str) -> str:
    """Return the answer to one line."""
    asked = json.loads(line)
    password = SecretBytes(base64.b64decode(asked["password"]))
    try:
        if asked["stored"] is None:
            return hash_password(password)
        return str(int(verify_password(asked["stored"], password)))
    except PasswordError:
        return MALFORMED


def stand_back() -> None:
    """Take what others leave of the processor, on whatever kernel."""
    os.nice(NICENESS)
    with contextlib.suppress(OSError), _GROUP.open("wb", buffering=0) as group:
        os.setsid()  # only now: a session that may not stand back would weigh as much as the portal
        for _ in range(_TRIES):
            with contextlib.suppress(BlockingIOError):
                group.write(str(GROUP_NICENESS).encode())
                return
            time.sleep(_PAUSE)


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then closes the input
    stand_back()
    for line in sys.stdin:
        begun = time.process_time()  # of all its threads
        said = answer(line)
        sys.stdout.write(f"{said} {time.process_time() - begun:.6f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
