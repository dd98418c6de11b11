"""Who may read what: the decisions, and the only place where an access ticket is made (laws L3, L4).

Rules
    1. Reviewers, coordinators and panel members see cards; operators and auditors do not.
    2. A record opens for a reader to whom the case is assigned, who said for what, within one sitting.
    3. A sitting is one reader, one record, one version, one purpose, at most 30 minutes, and has its log entry.
    4. A holder reads the records of the case whose key they opened.
    5. An auditor gets openings, never a record; nobody gets an identity here.

Worked example: a reviewer gives REVIEW at 09:00; the entry is durable at index 41; the sitting says so, and until
09:30 `ticket_for_sitting` gives tickets for that version of that record without a new entry. At 09:31 it refuses, and
the page asks for the purpose again.
"""

from app.domain.entities import SITTING_SECONDS, CaseId, Role, Sitting, StaffMember
from app.domain.errors import AccessError
from app.domain.ports import AccessTicket, LoggedEntry

READERS = frozenset({Role.REVIEWER, Role.COORDINATOR, Role.PANEL})
_ISSUED = object()


def may_see_cards(member: StaffMember) -> bool:
    """Tell whether a member of staff works with the queue."""
    return member.role in READERS


def may_fetch_openings(member: StaffMember) -> bool:
    """Tell whether a member of staff gets openings of log entries."""
    return member.role is Role.AUDITOR


def is_open(sitting: Sitting, now: int) -> bool:
    """Tell whether a sitting still covers a look at the record."""
    return sitting.started <= now < sitting.started + SITTING_SECONDS


def ticket_for_sitting(sitting: Sitting | None, now: int) -> AccessTicket:
    """Return a ticket for a sitting that is still open. Raises AccessError: purpose_needed."""
    if sitting is None or not is_open(sitting, now):
        raise AccessError("purpose_needed")
    return AccessTicket(sitting.case, sitting.version, sitting.entry_index, _ISSUED)


def ticket_for_entry(case: CaseId, version: int, entry: LoggedEntry) -> AccessTicket:
    """Return a ticket for an access that was just logged. Raises AccessError: not_allowed, for another case's entry."""
    if entry.fields["case"] != case:
        raise AccessError("not_allowed")
    return AccessTicket(case, version, entry.index, _ISSUED)
