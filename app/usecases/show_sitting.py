"""Tell a reader whether a sitting of theirs still covers a record, and prove that it was logged."""

from app.domain.entities import CaseId, Sitting, StaffMember
from app.domain.errors import AccessError
from app.domain.policy import closed_to_office, is_open, may_see_cards
from app.domain.ports import Portal


def show_sitting(portal: Portal, member: StaffMember, case_id: CaseId) -> Sitting | None:
    """Return the reader's open sitting with the record's present version, or None. Raises AccessError: not_allowed."""
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        row = view.cases.card(case_id)
        sitting = view.staff.newest_sitting(member.id, case_id)
    if row is None or closed_to_office(row.case) or sitting is None or sitting.version != row.case.version:
        return None
    return sitting if is_open(sitting, portal.clock()) else None


def prove_sitting(portal: Portal, member: StaffMember, case_id: CaseId) -> str:
    """Return the tlog-proof of the open sitting's log entry. Raises AccessError: not_allowed, purpose_needed."""
    sitting = show_sitting(portal, member, case_id)
    if sitting is None:
        raise AccessError("purpose_needed")
    return portal.ledger.receipt_proof(sitting.entry_index)
