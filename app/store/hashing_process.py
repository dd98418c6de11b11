"""The process in which passwords are hashed: `python -m app.store.hashing_process`, started by hashing_lane.py.

It stands back: it takes what processor time filings and readings leave. A thread of the serving process could not: with
low priority it would hold the interpreter's lock while it waits for the processor, and everybody there with it.
One line of JSON in, one line out: a hash; or, against a stored hash, 1 or 0. It ends with its input.
"""

import base64
import json
import os
import signal
import sys

from crypto.errors import PasswordError
from crypto.passwords import hash_password, verify_password
from crypto.secret import SecretBytes

NICENESS = 10  # about a tenth of the processor when others want it, all of it when nobody does
MALFORMED = "malformed"


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


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the server, which then closes the input
    os.nice(NICENESS)
    for line in sys.stdin:
        sys.stdout.write(answer(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
