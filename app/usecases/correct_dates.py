"""Put a day of the procedure right, or note something about its clock: appended with its reason, never edited."""

from app.domain.chronicle import By, Chronicle, step_of_reader
from app.domain.entities import CaseId, StaffMember, Stage
from app.domain.errors import AccessError, ProcedureError
from app.domain.policy import check_access
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Stated

CORRECTIONS = (Action.ACKNOWLEDGE_FOR, Action.CORRECT_D0, Action.CORRECT_DECISION, Action.NOTE_CLOCK)


def correct_dates(portal: Portal, member: StaffMember, case_id: CaseId, action: Action, stated: Stated) -> None:
    """Append a correction by a reader. Raises AccessError, ProcedureError; refusals are logged."""

    def work(unit: Unit) -> Stage:
        row = unit.cases.card(case_id)
        if row is None:
            raise AccessError("case_unknown")
        check_access(member, row.case, assigned=unit.cases.is_assigned(case_id, member.id))
        if action not in CORRECTIONS:
            raise ProcedureError("step_unlisted")
        return Chronicle(portal, unit).take(row.case, By(member.role, member), action, stated)

    step_of_reader(portal, member, case_id, action, work)
