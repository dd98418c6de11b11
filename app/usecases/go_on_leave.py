"""Say that somebody is on leave, or back: themselves, or a coordinator for them."""

from app.domain.chronicle import step_of_reader
from app.domain.entities import EntryKind, StaffMember, StaffState
from app.domain.errors import AccessError
from app.domain.policy import check_may_set_leave
from app.domain.ports import EntryDraft, Portal, Unit

_KIND = {StaffState.ON_LEAVE: EntryKind.STAFF_ON_LEAVE, StaffState.ACTIVE: EntryKind.STAFF_BACK}


def set_leave(portal: Portal, member: StaffMember, who: int, *, away: bool) -> None:
    """Mark an account as on leave or back; saying it twice changes nothing. It may still sign in.

    Raises AccessError: not_coordinator (logged), staff_unknown, staff_not_reader, staff_away.
    """
    state = StaffState.ON_LEAVE if away else StaffState.ACTIVE

    def work(unit: Unit) -> None:
        other = unit.staff.by_id(who)
        if other is None:
            raise AccessError("staff_unknown")
        check_may_set_leave(member, other)
        if other.state is not state:
            unit.staff.set_state(other.id, state)
            unit.append(EntryDraft(_KIND[state], member.name, member.role, detail=other.name))

    step_of_reader(portal, member, None, "leave", work)
