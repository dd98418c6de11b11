"""Signing in to one's case: the client writes the text itself, names the address it called, and signs nothing else."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.client.errors import ClientError, NetworkError
from app.client.transport import RefusedError, Transport
from app.client.trust import OpenedCase
from app.domain.moments import rfc3339
from crypto.note import NoteType, sign_typed

Clock = Callable[[], float]
_CONTRADICTED = "contradicted"
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)


@contextmanager
def signed_in(transport: Transport, opened: OpenedCase, clock: Clock) -> Iterator[None]:
    """Hold a session for a case; it is ended in any event. `clock` gives unix seconds.

    1. Ask for a nonce, which the portal binds to our cookie. 2. Build the text. 3. Sign it. 4. Send it.

    The newest checkpoint that this machine knows goes along, unsigned: it is signed by the log already.

    A text signed here is of no use elsewhere: it names the address that was called, so that a portal which relays
    another portal's nonce gets a signature for itself only.

    Raises:
        NetworkError: the portal does not take it.
    """
    # 1.
    challenge = transport.post("/api/v1/sign-in/challenge", {"case": opened.case.case})
    nonce = challenge.get("nonce")
    if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce):
        raise NetworkError("answer", host=transport.host)
    # 2.
    time = rfc3339(int(clock()))
    body = {"v": 1, "address": transport.origin, "case": opened.case.case, "nonce": nonce, "time": time}
    # 3.
    note = sign_typed(NoteType.SIGN_IN, body, [opened.sign_in])
    # 4.
    try:
        answer = transport.post("/api/v1/sign-in", {"note": note, "known": opened.case.known})
    except RefusedError as error:
        raise NetworkError("sign_in") from error
    if answer.get("log") == _CONTRADICTED:
        transport.tell_contradiction()
    try:
        yield
    finally:
        _end(transport)


def _end(transport: Transport) -> None:
    try:
        transport.delete("/api/v1/session")
    except ClientError:
        return  # the session ends by itself soon; what was opened is not lost for that
