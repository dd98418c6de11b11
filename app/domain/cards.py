"""A case's card: what is needed to find and clock a case, and nothing of its record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.deadlines import Dated, Deadline, Milestone, legal_day
from app.domain.entities import CaseId, QueueEntry
from app.domain.moments import rfc3339
from app.domain.ports import Portal, View
from app.domain.standing import clock_of

NOT_STARTED = clock_of({}, date.min)


@dataclass(frozen=True)
class CaseCard:
    """One line of the queue; `about` holds facility, place, sector, denial codes and urgency.

    `suspended` is the day on which the petitioner stopped the office's access, None while it is open.
    """

    case: CaseId
    stage: str
    since: str
    about: Mapping[str, Any]
    assigned: tuple[str, ...]
    clock: Deadline = NOT_STARTED
    suspended: date | None = None


def open_cards(
    portal: Portal, view: View, entries: Sequence[QueueEntry], clocks: Mapping[CaseId, Deadline]
) -> tuple[CaseCard, ...]:
    """Return the cards of cases, in the order given: one look at the rows and one at the keys for all of them."""
    sealed = view.cases.cards_sealed([entry.case.id for entry in entries])
    opened = portal.vault.open_cards(sealed)
    return tuple(
        CaseCard(
            case=entry.case.id,
            stage=entry.case.stage,
            since=rfc3339(entry.case.received_at),
            about=json.loads(opened[entry.case.id]),
            assigned=entry.assigned,
            clock=clocks.get(entry.case.id, NOT_STARTED),
            suspended=None if entry.case.suspended is None else legal_day(entry.case.suspended),
        )
        for entry in entries
    )


def clocks_of(portal: Portal, days: Mapping[CaseId, Mapping[Milestone, Dated]]) -> Mapping[CaseId, Deadline]:
    """Return the clock that matters of each case that has one."""
    today = legal_day(portal.clock())
    return {case: clock_of(known, today) for case, known in days.items()}
