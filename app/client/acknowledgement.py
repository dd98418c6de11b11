"""Telling the portal when the official office received the petition, and proving that the log has that day."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from app.client.errors import ClientError
from app.client.proofs import ProvedEntry
from app.client.signin import Clock
from app.client.steps import Step, take_step
from app.client.transport import Transport
from app.client.trust import OpenedCase
from app.i18n import N_

KINDS = frozenset({"acknowledged", "correction"})
"""What the log calls a first statement of the day, and one that puts it right."""


class StatementError(ClientError):
    """What was typed cannot be sent."""

    MESSAGES: ClassVar[Mapping[str, str]] = {
        "day": N_("Write the day of the acknowledgement as year-month-day, such as 2026-03-12."),
    }


def acknowledge(
    transport: Transport, opened: OpenedCase, clock: Clock, folder: Path, statement: Mapping[str, str]
) -> Step:
    """State day and reference (`date`, `reference`, and `reason` for a correction). Raises as `take_step`."""

    def says(entry: ProvedEntry) -> bool:
        return entry.fields["kind"] in KINDS and entry.fields["detail"].endswith(f"D0 {statement['date']}")

    return take_step(transport, opened, clock, folder, "acknowledgement", statement, says)
