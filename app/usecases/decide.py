"""End the screen: one reader drafts the answer, a second one approves it (law of two persons, `app.domain.policy`)."""

from app.domain.chronicle import By, Chronicle, read_events, step_of_reader
from app.domain.deadlines import legal_day
from app.domain.entities import Case, CaseId, StaffMember, Stage
from app.domain.errors import AccessError, ProcedureError
from app.domain.policy import check_access, check_second_person
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Outcome, Stated, check_languages
from app.domain.reasons import check_codes, languages_needed
from app.domain.standing import Draft, standing


def draft_decision(portal: Portal, member: StaffMember, case_id: CaseId, stated: Stated) -> None:
    """Append a draft; an older one is superseded. Raises AccessError, ProcedureError; refusals are logged."""

    def work(unit: Unit) -> Stage:
        case = _case_of(unit, member, case_id)
        _check_reasons(stated, portal.facts.deployment)
        return Chronicle(portal, unit).take(case, By(member.role, member), Action.DRAFT, stated)

    step_of_reader(portal, member, case_id, Action.DRAFT, work)


def approve_decision(portal: Portal, member: StaffMember, case_id: CaseId, draft: int) -> Stage:
    """Approve the draft of that number: the stage moves and the answer stands in the open of the log.

    Raises:
        AccessError: not_allowed, not_assigned, case_unknown.
        ProcedureError: no_draft, draft_changed, same_person, step_unlisted. All of these are logged.
    """

    def work(unit: Unit) -> Stage:
        case = _case_of(unit, member, case_id)
        found = _draft_of(portal, unit, case)
        if found.seq != draft:
            raise ProcedureError("draft_changed")
        check_second_person(member, unit.staff.by_id(found.staff or 0))
        decision = found.decision
        stated = Stated(day=decision.dated, codes=decision.codes, words=decision.words, draft=found.seq)
        return Chronicle(portal, unit).take(case, By(member.role, member), decision.outcome.action, stated)

    return step_of_reader(portal, member, case_id, "approve", work)


def _case_of(unit: Unit, member: StaffMember, case_id: CaseId) -> Case:
    row = unit.cases.card(case_id)
    if row is None:
        raise AccessError("case_unknown")
    check_access(member, row.case, assigned=unit.cases.is_assigned(case_id, member.id))
    return row.case


def _draft_of(portal: Portal, unit: Unit, case: Case) -> Draft:
    if case.stage is not Stage.US_REVIEW:
        raise ProcedureError("step_unlisted")
    events = read_events(portal, unit, case.id)
    found = standing(case, events, legal_day(portal.clock())).draft
    if found is None:
        raise ProcedureError("no_draft")
    return found


def _check_reasons(stated: Stated, deployment: str) -> None:
    """A negative answer gives reasons; a positive one needs none."""
    if stated.outcome is Outcome.DECLINE:
        check_codes(stated.codes, deployment)
        check_languages(stated.words, languages_needed(stated.codes))
