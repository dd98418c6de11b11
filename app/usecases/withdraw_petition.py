"""Take a petition back: a holder ends the case, its clock stops, and the office has no access to it from then on."""

from app.domain.chronicle import By, Chronicle, step_of_holder
from app.domain.deadlines import Basis, Dated, legal_day
from app.domain.entities import CaseId, Role, Stage
from app.domain.errors import AccessError
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Stated
from app.domain.proving import ProvenEntry, prove_for_holder


def withdraw_petition(portal: Portal, case_id: CaseId) -> tuple[ProvenEntry, ...]:
    """Withdraw; return the entries made, none for a petition that is withdrawn already.

    Raises:
        AccessError: case_unknown.
        ProcedureError: step_unlisted, where the case has ended otherwise; the attempt is logged.
    """

    def work(unit: Unit) -> None:
        case = unit.cases.get(case_id)
        if case is None:
            raise AccessError("case_unknown")
        if case.stage is not Stage.WITHDRAWN:
            day = Dated(legal_day(portal.clock()), Basis.EFFECTIVE)
            Chronicle(portal, unit).take(case, By(Role.HOLDER), Action.WITHDRAW, Stated(day=day))

    made = step_of_holder(portal, case_id, Action.WITHDRAW, work).entries
    return tuple(prove_for_holder(portal, each.index, each.leaf, each.entry_key, each.fields) for each in made)
