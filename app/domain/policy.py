"""Who may read what: the decisions, and the only place where an access ticket is made (laws L3, L4).

Rules
    1. Reviewers, coordinators and panel members see cards; operators and auditors do not.
    2. A record opens for a reader to whom the case is assigned, who said for what, within one sitting.
    3. A sitting is one reader, one record, one version, one purpose, at most 30 minutes, and has its log entry. An
       answer to a question is a record of its own.
    4. A holder reads the records of the case whose key they opened.
    5. An auditor gets openings, never a record; nobody gets an identity here.
    6. Who takes a step on a case, or works with what was written about it, reads it: the case is assigned to them.
       A decision needs two.
    7. While a petitioner has suspended access, and once they have withdrawn, the office gets the card and nothing
       else: no record, no answer, no note, no step. `check_access` is the one place that says so.
    8. A coordinator says who has which case. Everybody says for themselves that they are on leave, a coordinator for
       others too.
    9. A coordinator brings a colleague back who lost their device, never themselves. Whoever vouches holds the new link
       for a moment, so the two count as one person for rule 6, until the operator makes a link.
    10. What petitioners gave to everybody opens under the entry of its release: nobody's look at it is logged, and once
       it was called back it opens no more.

Worked example: a reviewer gives REVIEW at 09:00; the entry is durable at index 41; the sitting says so, and until
09:30 `ticket_for_sitting` gives tickets for that version of that record without a new entry. At 09:31 it refuses, and
the page asks for the purpose again.
"""

from app.domain.entities import (
    EVERYONE,
    PUBLIC,
    READERS,
    SIGNING_IN,
    SITTING_SECONDS,
    Case,
    RecordPlace,
    Released,
    Role,
    Sitting,
    StaffMember,
    StaffState,
    Stage,
)
from app.domain.errors import AccessError, ProcedureError
from app.domain.ports import AccessTicket, LoggedEntry

_ISSUED = object()


def may_see_cards(member: StaffMember) -> bool:
    """Tell whether a member of staff works with the queue."""
    return member.role in READERS


def closed_to_office(case: Case) -> str:
    """Return why nobody of the office is let at a case (rule 7), the code of the refusal, or the empty text."""
    if case.suspended is not None:
        return "case_suspended"
    return "case_withdrawn" if case.stage is Stage.WITHDRAWN else ""


def check_access(member: StaffMember, case: Case, *, assigned: bool) -> None:
    """Let a reader at a case: its record, its answers, notes about it, steps on it (rules 2, 6, 7).

    Raises AccessError: not_allowed, not_assigned, case_suspended, case_withdrawn; the caller logs the attempt.
    """
    if member.role not in READERS:
        raise AccessError("not_allowed")
    if not assigned:
        raise AccessError("not_assigned")
    if why := closed_to_office(case):
        raise AccessError(why)


def check_at_work(member: StaffMember) -> None:
    """Keep an account out that was switched off after its request began. Raises AccessError: sign_in_needed."""
    if member.state is StaffState.DISABLED:
        raise AccessError("sign_in_needed")


def check_second_person(member: StaffMember, drafter: StaffMember | None) -> None:
    """Let only somebody else than the drafter approve (rules 6 and 9). Raises ProcedureError: same_person, vouched."""
    if drafter is None or drafter.id == member.id:
        raise ProcedureError("same_person")
    if _hands(member) & _hands(drafter):
        raise ProcedureError("vouched")


def _hands(member: StaffMember) -> frozenset[int]:
    """Return the accounts whose owners may have held this account's link."""
    return frozenset({member.id, member.vouched_by or member.id})


def may_coordinate(member: StaffMember) -> bool:
    """Tell whether a member of staff says who has which case (rule 8)."""
    return member.role is Role.COORDINATOR


def check_may_coordinate(member: StaffMember) -> None:
    """Let a coordinator say who has which case (rule 8). Raises AccessError: not_coordinator."""
    if not may_coordinate(member):
        raise AccessError("not_coordinator")


def check_may_be_assigned(other: StaffMember | None) -> StaffMember:
    """Return an account that may get a case. Raises AccessError: staff_unknown, staff_not_reader, staff_away."""
    if other is None:
        raise AccessError("staff_unknown")
    if other.role not in READERS:
        raise AccessError("staff_not_reader")
    if other.state not in SIGNING_IN:
        raise AccessError("staff_away")
    return other


def check_may_set_leave(member: StaffMember, other: StaffMember) -> None:
    """Let everybody say it for themselves, a coordinator for others (rule 8). Raises AccessError."""
    if other.id != member.id:
        check_may_coordinate(member)
    if other.role not in READERS:
        raise AccessError("staff_not_reader")
    if other.state not in SIGNING_IN:
        raise AccessError("staff_away")


def check_may_vouch(member: StaffMember, other: StaffMember) -> None:
    """Let a coordinator bring a colleague back (rule 9). Raises AccessError: not_coordinator, vouch_oneself, vouch_for.

    Auditors and operators check the office, so that nobody of the office makes a link for them; nor for an account that
    the operator switched off.
    """
    check_may_coordinate(member)
    if other.id == member.id:
        raise AccessError("vouch_oneself")
    if other.role not in READERS or other.state is StaffState.DISABLED:
        raise AccessError("vouch_for")


def may_fetch_openings(member: StaffMember) -> bool:
    """Tell whether a member of staff gets openings of log entries."""
    return member.role is Role.AUDITOR


def is_open(sitting: Sitting, now: int) -> bool:
    """Tell whether a sitting still covers a look at the record."""
    return sitting.ended is None and sitting.started <= now < sitting.started + SITTING_SECONDS


def ticket_for_sitting(sitting: Sitting | None, now: int) -> AccessTicket:
    """Return a ticket for a sitting that is still open. Raises AccessError: purpose_needed."""
    if sitting is None or not is_open(sitting, now):
        raise AccessError("purpose_needed")
    return AccessTicket(sitting.place, sitting.entry_index, _ISSUED)


def ticket_for_release(released: Released) -> AccessTicket:
    """Return a ticket for what is public (rule 10). Raises AccessError: public_unknown."""
    if released.withdrawn is not None or released.audience != EVERYONE:
        raise AccessError("public_unknown")
    return AccessTicket(RecordPlace(released.case, PUBLIC, released.version), released.entry_index, _ISSUED)


def ticket_for_entry(place: RecordPlace, entry: LoggedEntry) -> AccessTicket:
    """Return a ticket for an access that was just logged.

    Raises AccessError: not_allowed, where the entry is about another case or another version of a record.
    """
    if (entry.fields["case"], entry.fields["record"]) != (place.case, str(place)):
        raise AccessError("not_allowed")
    return AccessTicket(place, entry.index, _ISSUED)
