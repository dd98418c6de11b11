"""Show staff the cards: what is needed to find and clock a case, and nothing of its record."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.deadlines import Dated, Deadline, Milestone, legal_day
from app.domain.entities import CaseId, QueueRow, StaffMember
from app.domain.errors import AccessError
from app.domain.moments import rfc3339
from app.domain.policy import may_see_cards
from app.domain.ports import Portal
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


def list_queue(portal: Portal, member: StaffMember) -> tuple[CaseCard, ...]:
    """Return every card, oldest first. Raises AccessError: not_allowed."""
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        rows, days = view.cases.queue(), view.events.all_days()
    return tuple(_card(portal, row, days.get(row.case.id, {})) for row in rows)


def show_card(portal: Portal, member: StaffMember, case: CaseId) -> CaseCard:
    """Return one card. Raises AccessError: not_allowed, case_unknown."""
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        row, days = view.cases.card(case), view.events.days(case)
    if row is None:
        raise AccessError("case_unknown")
    return _card(portal, row, days)


def _card(portal: Portal, row: QueueRow, days: Mapping[Milestone, Dated]) -> CaseCard:
    about = json.loads(portal.vault.open_card(row.case.id, row.card_sealed))
    clock = clock_of(days, legal_day(portal.clock()))
    suspended = None if row.case.suspended is None else legal_day(row.case.suspended)
    return CaseCard(row.case.id, row.case.stage, rfc3339(row.case.received_at), about, row.assigned, clock, suspended)
