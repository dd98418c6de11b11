"""Ask the petitioner: the words stay with the office under the case's data key, and go to the holders sealed.

1. The reader may. 2. The words are there and name nobody. 3. The message is sealed, and its hash goes into the step's
log entry. 4. Message, event and entry stand or fall together.
"""

from app.domain.chronicle import By, Chronicle, read_events, step_of_reader
from app.domain.deadlines import legal_day
from app.domain.entities import Case, CaseId, StaffMember
from app.domain.errors import AccessError, ProcedureError
from app.domain.messages import seal_message
from app.domain.policy import check_access, may_coordinate
from app.domain.ports import Portal, Unit, View
from app.domain.procedure import Action, Asked, Stated, check_stated, find
from app.domain.questions import Question, check_room, check_words, open_question, questions


def check_question(portal: Portal, member: StaffMember, case_id: CaseId, asked: Asked) -> None:
    """Check a question that is only shown before it is asked. Raises as `ask_question`; refused attempts are logged."""

    def work(unit: Unit) -> None:
        _check(portal, unit, member, _case_of(unit, member, case_id), asked)

    step_of_reader(portal, member, case_id, Action.ASK, work)


def ask_question(portal: Portal, member: StaffMember, case_id: CaseId, asked: Asked) -> int:
    """Ask, and return the question's number.

    Raises:
        AccessError: not_allowed, not_assigned, case_suspended, case_withdrawn, case_unknown.
        ProcedureError: step_unlisted, and with the field: question_missing, question_guard, question_most, until_past.
    """

    def work(unit: Unit) -> int:
        case = _case_of(unit, member, case_id)  # 1
        _check(portal, unit, member, case, asked)  # 2
        recipient = unit.messages.recipient(case_id)
        if recipient is None:
            raise AccessError("case_unknown")
        number = unit.events.next_seq(case_id)
        message = seal_message(portal, case_id, recipient, number, asked, legal_day(portal.clock()))  # 3
        stated = Stated(asked=asked, question=number, sha256=message.sha256)
        Chronicle(portal, unit).take(case, By(member.role, member), Action.ASK, stated)  # 4
        unit.messages.add(message)
        return number

    return step_of_reader(portal, member, case_id, Action.ASK, work)


def withdraw_question(portal: Portal, member: StaffMember, case_id: CaseId, number: int) -> None:
    """Take a question back that was not answered. Raises AccessError, ProcedureError; refused attempts are logged."""

    def work(unit: Unit) -> None:
        case = _case_of(unit, member, case_id)
        by, step = By(member.role, member), Action.WITHDRAW_QUESTION
        find(step, case.stage, member.role, portal.facts.deployment)
        flagged = open_question(_questions(portal, unit, case), number)
        if flagged.flag is not None and not (flagged.staff == member.id or may_coordinate(member)):
            raise ProcedureError("flag_own")
        Chronicle(portal, unit).take(case, by, step, Stated(question=number))

    step_of_reader(portal, member, case_id, Action.WITHDRAW_QUESTION, work)


def _case_of(unit: Unit, member: StaffMember, case_id: CaseId) -> Case:
    row = unit.cases.card(case_id)
    if row is None:
        raise AccessError("case_unknown")
    check_access(member, row.case, assigned=unit.cases.is_assigned(case_id, member.id))
    return row.case


def _check(portal: Portal, unit: Unit, member: StaffMember, case: Case, asked: Asked) -> None:
    row = find(Action.ASK, case.stage, member.role, portal.facts.deployment)
    check_stated(row, Stated(asked=asked), legal_day(portal.clock()), {})
    check_words({"text": asked.text})
    check_room(_questions(portal, unit, case))


def _questions(portal: Portal, view: View, case: Case) -> tuple[Question, ...]:
    return questions(case.stage, read_events(portal, view, case.id), legal_day(portal.clock()))
