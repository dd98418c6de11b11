"""Stop the office's access to a case, or open it again: a holder's word, in force from the office's next request."""

from app.domain.chronicle import By, Chronicle, step_of_holder
from app.domain.entities import CaseId, Role
from app.domain.errors import AccessError
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Stated
from app.domain.proving import ProvenEntry, prove_for_holder


def suspend_access(portal: Portal, case_id: CaseId, *, suspended: bool) -> tuple[ProvenEntry, ...]:
    """Suspend access or lift the suspension; return the entries made, none where it stands so already.

    Raises:
        AccessError: case_unknown.
        ProcedureError: step_unlisted, at a stage without office access; the attempt is logged.
    """
    action = Action.SUSPEND if suspended else Action.LIFT

    def work(unit: Unit) -> None:
        case = unit.cases.get(case_id)
        if case is None:
            raise AccessError("case_unknown")
        if (case.suspended is not None) is not suspended:
            Chronicle(portal, unit).take(case, By(Role.HOLDER), action, Stated())

    made = step_of_holder(portal, case_id, action, work).entries
    return tuple(prove_for_holder(portal, each.index, each.leaf, each.entry_key, each.fields) for each in made)
