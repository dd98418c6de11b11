"""Show a reader where a case stands in the procedure and which steps are theirs to take."""

from dataclasses import dataclass, replace

from app.domain.chronicle import read_events
from app.domain.deadlines import legal_day
from app.domain.entities import CaseId, StaffMember
from app.domain.errors import AccessError, ProcedureError
from app.domain.places import Spot
from app.domain.policy import check_access, check_second_person, may_coordinate, may_see_cards
from app.domain.ports import Portal
from app.domain.procedure import Action, Flagged, possible
from app.domain.questions import Question
from app.domain.standing import Standing, standing


@dataclass(frozen=True)
class Procedure:
    """A case's standing, the steps that this reader has, and whether its draft waits for them to approve.

    `may_read` says whether they are let at the case at all.
    """

    standing: Standing
    steps: tuple[Action, ...]
    may_approve: bool
    may_read: bool = True


def show_procedure(portal: Portal, member: StaffMember, case_id: CaseId) -> Procedure:
    """Return the procedure of a case; who is not let at it sees no step, no draft and no question.

    Raises AccessError: not_allowed, case_unknown.
    """
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        row = view.cases.card(case_id)
        if row is None:
            raise AccessError("case_unknown")
        assigned = view.cases.is_assigned(case_id, member.id)
        events = read_events(portal, view, case_id)
        people = {each.id: each for each in view.staff.all()}
    found = standing(row.case, events, legal_day(portal.clock()))
    try:
        check_access(member, row.case, assigned=assigned)
    except AccessError:
        return Procedure(replace(found, draft=None, questions=()), (), may_approve=False, may_read=False)
    steps = possible(row.case.stage, member.role, portal.facts.deployment)
    found = replace(found, questions=tuple(_as_seen(each, member) for each in found.questions))
    drafter = people.get(found.draft.staff or 0) if found.draft else None
    return Procedure(found, steps, may_approve=_may_approve(member, drafter))


def _as_seen(question: Question, member: StaffMember) -> Question:
    """Return a question as a reader sees it: of a colleague's flag only that it is there and whether it holds."""
    if question.flag is None or question.staff == member.id or may_coordinate(member):
        return question
    spot = Spot(question.flag.spot.record)
    return replace(question, text="", flag=Flagged(spot, question.flag.hold))


def _may_approve(member: StaffMember, drafter: StaffMember | None) -> bool:
    try:
        check_second_person(member, drafter)
    except ProcedureError:
        return False
    return True
