"""Telling the portal when the official office received the petition, and proving that the log has it.

1. The holder signs in. 2. Day and reference are sent. 3. Each log entry that this made is proved on this machine, is
about this case and names this day. 4. The proofs are kept in the case folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from app.client.errors import ClientError, NetworkError, TamperingError
from app.client.proofs import ProvedEntry, keep, prove
from app.client.signin import Clock, signed_in
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.i18n import N_
from crypto.errors import CryptoError
from crypto.note import strict_base64

KINDS = frozenset({"acknowledged", "correction"})
"""What the log calls a first statement of the day, and one that puts it right."""


class UnprovedError(TamperingError):
    """The portal took the statement and did not prove that its log has it."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "unproved": N_(
            "The portal took the acknowledgement, and what it shows of its log does not prove it. "
            "Keep this folder and run “resguardo history”."
        ),
    }


class StatementError(ClientError):
    """What was typed cannot be sent."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "day": N_("Write the day of the acknowledgement as year-month-day, such as 2026-03-12."),
    }


@dataclass(frozen=True)
class Acknowledged:
    """The proved entries that the statement made; none when the portal had it already."""

    entries: tuple[ProvedEntry, ...]
    repeated: bool


def acknowledge(
    transport: Transport, opened: OpenedCase, clock: Clock, folder: Path, statement: Mapping[str, str]
) -> Acknowledged:
    """State day and reference (`date`, `reference`, and `reason` for a correction); keep the proofs in the folder.

    Raises:
        NetworkError: the portal refuses or is not reached.
        UnprovedError: its answer proves nothing.
    """
    with signed_in(transport, opened, clock):  # 1
        answer = transport.post("/api/v1/case/acknowledgement", statement, repeatable=True)  # 2
    repeated, served = answer.get("repeated"), answer.get("entries")
    if not isinstance(repeated, bool) or not isinstance(served, list):
        raise NetworkError("answer", host=transport.host)
    try:
        entries = tuple(_proved(opened, line) for line in served)  # 3
    except (CryptoError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnprovedError("unproved") from error
    if not repeated and not any(_says(entry, statement["date"]) for entry in entries):
        raise UnprovedError("unproved")
    for entry in entries:
        keep(folder, entry)  # 4
    return Acknowledged(entries, repeated)


def _proved(opened: OpenedCase, line: Mapping[str, Any]) -> ProvedEntry:
    entry = prove(opened.case, line["proof"], strict_base64(line["leaf"]), line["opening"])
    if entry.fields["case"] != opened.case.case:
        raise ValueError("the entry is about another case")
    return entry


def _says(entry: ProvedEntry, day: str) -> bool:
    return entry.fields["kind"] in KINDS and entry.fields["detail"].endswith(f"D0 {day}")
