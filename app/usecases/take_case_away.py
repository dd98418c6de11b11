"""Take a case away from somebody who reads it; their open sittings over it end at once."""

from app.domain.chronicle import step_of_reader
from app.domain.entities import CaseId, EntryKind, StaffMember
from app.domain.errors import AccessError
from app.domain.policy import check_may_coordinate
from app.domain.ports import EntryDraft, Portal, Unit


def take_case_away(portal: Portal, member: StaffMember, case: CaseId, reader: int) -> None:
    """Take a case away, as a coordinator; from who does not have it, nothing is taken.

    Raises AccessError: not_coordinator (logged), case_unknown, staff_unknown.
    """

    def work(unit: Unit) -> None:
        check_may_coordinate(member)
        if unit.cases.card(case) is None:
            raise AccessError("case_unknown")
        other = unit.staff.by_id(reader)
        if other is None:
            raise AccessError("staff_unknown")
        if unit.cases.is_assigned(case, other.id):
            unit.desk.take_away(case, other.id, portal.clock())
            unit.append(EntryDraft(EntryKind.CASE_UNASSIGNED, member.name, member.role, case, detail=other.name))

    step_of_reader(portal, member, case, "take_away", work)
