"""Assign a case to somebody who reads: the operator by name, a coordinator in pages."""

from collections.abc import Collection

from app.domain.chronicle import step_of_reader
from app.domain.entities import READERS, CaseId, EntryKind, Role, StaffMember
from app.domain.errors import AccessError
from app.domain.policy import check_may_be_assigned, check_may_coordinate
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


def assign_readers(portal: Portal, member: StaffMember, case: CaseId, readers: Collection[int]) -> None:
    """Let accounts read a case, as a coordinator; who reads it already is passed over.

    Raises AccessError: not_coordinator (logged), case_unknown, staff_unknown, staff_not_reader, staff_away.
    """

    def work(unit: Unit) -> None:
        check_may_coordinate(member)
        if unit.cases.card(case) is None:
            raise AccessError("case_unknown")
        for reader in sorted(readers):
            other = check_may_be_assigned(unit.staff.by_id(reader))
            if not unit.cases.is_assigned(case, other.id):
                unit.cases.assign(case, other.id, portal.clock())
                unit.append(EntryDraft(EntryKind.CASE_ASSIGNED, member.name, member.role, case, detail=other.name))

    step_of_reader(portal, member, case, "assign", work)
