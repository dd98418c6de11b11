"""Assign a case to somebody who reads."""

from app.domain.entities import READERS, CaseId, EntryKind, Role
from app.domain.errors import AccessError
from app.domain.ports import EntryDraft, Portal, Unit


def assign_case(portal: Portal, name: str, prefix: str) -> CaseId:
    """Assign the case whose number begins with a prefix.

    Raises AccessError: staff_unknown, staff_not_reader, case_unknown, case_prefix.
    """

    def work(unit: Unit) -> CaseId:
        member = unit.staff.by_name(name)
        if member is None:
            raise AccessError("staff_unknown")
        if member.role not in READERS:
            raise AccessError("staff_not_reader")
        found = unit.cases.matching(prefix.strip().lower())
        if not found or not prefix.strip():
            raise AccessError("case_unknown")
        if len(found) > 1:
            raise AccessError("case_prefix")
        unit.cases.assign(found[0], member.id, portal.clock())
        unit.append(EntryDraft(EntryKind.CASE_ASSIGNED, "operator", Role.OPERATOR, found[0], detail=name))
        return found[0]

    return portal.ledger.write(work).value
