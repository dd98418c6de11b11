"""Steps that a holder takes in the procedure, each proved on this machine from the log entries that it made.

1. The holder signs in. 2. The step is sent; saying it twice changes nothing. 3. Each entry that this made is in the log
and about this case, and one of them says what was sent. 4. The proofs are kept in the case folder.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from app.client.errors import NetworkError, TamperingError
from app.client.proofs import ProvedEntry, keep, prove
from app.client.signin import Clock, signed_in
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.i18n import N_
from crypto.errors import CryptoError
from crypto.note import strict_base64

Says = Callable[[ProvedEntry], bool]
"""Tells whether an entry is the one that a step must have made."""


class UnprovedError(TamperingError):
    """The portal took a step and did not prove that its log has it."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "unproved": N_(
            "The portal took this, and what it shows of its log does not prove it. "
            "Keep this folder and run “resguardo history”."
        ),
    }


@dataclass(frozen=True)
class Step:
    """The proved entries that a step made; none when it stood so already."""

    entries: tuple[ProvedEntry, ...]
    repeated: bool


def take_step(
    transport: Transport,
    opened: OpenedCase,
    clock: Clock,
    folder: Path,
    path: str,
    body: Mapping[str, Any],
    says: Says,
) -> Step:
    """Send a step to a path of the case's API, and keep the proofs of what it made in the folder.

    Raises:
        NetworkError: the portal refuses or is not reached.
        UnprovedError: its answer proves nothing.
    """
    with signed_in(transport, opened, clock):  # 1
        answer = transport.post(f"/api/v1/case/{path}", body, repeatable=True)  # 2
    repeated, served = answer.get("repeated"), answer.get("entries")
    if not isinstance(repeated, bool) or not isinstance(served, list):
        raise NetworkError("answer", host=transport.host)
    entries = prove_all(opened, served)  # 3
    if not repeated and not any(map(says, entries)):
        raise UnprovedError("unproved")
    for entry in entries:
        keep(folder, entry)  # 4
    return Step(entries, repeated)


def prove_all(opened: OpenedCase, served: list[Any]) -> tuple[ProvedEntry, ...]:
    """Return served entries after each was proved and found to be about this case. Raises UnprovedError."""
    try:
        return tuple(_proved(opened, line) for line in served)
    except (CryptoError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnprovedError("unproved") from error


def _proved(opened: OpenedCase, line: Mapping[str, Any]) -> ProvedEntry:
    entry = prove(opened.case, line["proof"], strict_base64(line["leaf"]), line["opening"])
    if entry.fields["case"] != opened.case.case:
        raise ValueError("the entry is about another case")
    return entry


def withdraw(transport: Transport, opened: OpenedCase, clock: Clock, folder: Path) -> Step:
    """Take the petition back. Raises as `take_step`."""

    def says(entry: ProvedEntry) -> bool:
        return entry.fields["kind"] == "petition_withdrawn"

    return take_step(transport, opened, clock, folder, "withdrawal", {"withdraw": True}, says)


def suspend(transport: Transport, opened: OpenedCase, clock: Clock, folder: Path, *, suspended: bool) -> Step:
    """Suspend the office's access, or lift that. Raises as `take_step`."""
    kind = "access_suspended" if suspended else "access_restored"

    def says(entry: ProvedEntry) -> bool:
        return entry.fields["kind"] == kind

    return take_step(transport, opened, clock, folder, "suspension", {"suspended": suspended}, says)
