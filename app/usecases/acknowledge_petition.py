"""Start the true clock: a holder states when the official office received the petition, and under which reference.

Stating the same again changes nothing; stating something else is a correction, which needs a reason and leaves the
first statement where it is.
"""

from app.domain.chronicle import By, Chronicle, read_events, step_of_holder
from app.domain.deadlines import Basis, Milestone
from app.domain.entities import Case, CaseId, Role, Stage
from app.domain.errors import AccessError, ProcedureError
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Stated, day_of
from app.domain.proving import ProvenEntry, prove_for_holder


def acknowledge_petition(
    portal: Portal, case_id: CaseId, day: str, reference: str, reason: str = ""
) -> tuple[ProvenEntry, ...]:
    """State or correct D0 as a holder of the case; return the entries made, none for a repeated statement.

    Raises:
        ProcedureError: the day or reference does not fit, another one stands and no reason was given, or this portal
            is the office's own, where D0 is the receipt.
    """
    stated = Stated(day=day_of(day, Basis.RECEIVED), reference=reference.strip(), reason=reason.strip())

    def work(unit: Unit) -> None:
        case = unit.cases.get(case_id)
        if case is None:
            raise AccessError("case_unknown")
        action = _action(portal, unit, case, stated)
        if action is not None:
            Chronicle(portal, unit).take(case, By(Role.HOLDER), action, stated)

    committed = step_of_holder(portal, case_id, Action.ACKNOWLEDGE, work)
    return tuple(
        prove_for_holder(portal, entry.index, entry.leaf, entry.entry_key, entry.fields) for entry in committed.entries
    )


def _action(portal: Portal, unit: Unit, case: Case, stated: Stated) -> Action | None:
    """Return the step that a statement is: the first one, a correction, or None when it is known already."""
    if case.stage is Stage.RECEIVED:
        return Action.ACKNOWLEDGE
    known = [event.stated for event in read_events(portal, unit, case.id) if event.milestone is Milestone.D0]
    if known and (known[-1].day, known[-1].reference) == (stated.day, stated.reference):
        return None
    if not stated.reason:
        raise ProcedureError("already_acknowledged", "reason")
    return Action.CORRECT_D0
