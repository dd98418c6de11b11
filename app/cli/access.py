"""What the petitioner's verbs share: reaching the portal, and finding the words."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from app.cli.language import language, say
from app.cli.terminal import ask_passphrase, ask_words, note, read_words_from_input
from app.client.keyring import has_key, load_root, read_words
from app.client.transport import Transport
from app.i18n import N_
from crypto.secret import Random, SecretBytes

FROM_INPUT = Path("-")
_CONTRADICTED = N_(
    "ALARM: what this machine proved before is no earlier state of the portal's log, and the portal says so itself. "
    "Keep the case folder: it is evidence. Show it to your organization or an auditor."
)
clock: Callable[[], float] = time.time  # noqa: TID251 - a verb is where the clock is read
randomness: Random = os.urandom  # noqa: TID251 - a verb is where randomness comes from


def reach(address: str) -> Transport:
    """Return a connection to a portal, through `RESGUARDO_PROXY` if that is set."""
    transport = Transport(address, language(), time.sleep, os.environ.get("RESGUARDO_PROXY"))
    transport.on_contradiction = lambda: note(say(_CONTRADICTED))
    return transport


def find_root(key: Path | None, case: Path | None) -> SecretBytes:
    """Return the root: of `--key`, else of the words beside the case, else of words typed in.

    Raises:
        WordsError: they are not found or not understood.
    """
    if key == FROM_INPUT:
        return read_words(read_words_from_input().reveal().decode("utf-8", "replace"))
    if key is not None:
        return load_root(key, ask_passphrase)
    if case is not None and has_key(case):
        return load_root(case, ask_passphrase)
    return read_words(ask_words().reveal().decode())
