"""Flag a place that may show a person: a question to the petitioner about it, which can hold the copy back at once.

Rules
    1. Who flags has just seen it: the sitting that is open names the version that is flagged.
    2. The words go to the holders sealed, as a question's do, in every stage in which the office reads.
    3. A flag that holds keeps everybody of the office from that version, whoever flagged it included, until a holder
       answers why it may be shown, a version without it takes its place, or the flag is taken back.
    4. Colleagues see that something is flagged and held back; what and where, only who flagged it and coordinators.
"""

from datetime import timedelta

from app.domain.chronicle import By, Chronicle, read_events, step_of_reader
from app.domain.deadlines import legal_day
from app.domain.entities import Case, CaseId, StaffMember
from app.domain.errors import AccessError
from app.domain.messages import seal_message
from app.domain.places import Spot
from app.domain.policy import check_access, is_open
from app.domain.ports import Portal, Unit
from app.domain.procedure import Action, Asked, Flagged, Stated, check_stated, find
from app.domain.questions import check_room_for_flag, check_words, questions

DAYS = 14
"""How long a petitioner is given to decide; nothing happens by itself when they are over."""


def check_flag(
    portal: Portal, member: StaffMember, case_id: CaseId, spot: Spot, text: str, language: str, *, hold: bool
) -> None:
    """Check a flag that is only shown before it is raised. Raises as `flag_place`."""

    def work(unit: Unit) -> None:
        _stated(portal, unit, member, _let_at(unit, member, case_id), spot, text, language, hold=hold)

    step_of_reader(portal, member, case_id, Action.FLAG, work)


def flag_place(
    portal: Portal, member: StaffMember, case_id: CaseId, spot: Spot, text: str, language: str, *, hold: bool
) -> int:
    """Flag a place of a record (its version is that of the open sitting), and return the flag's number.

    Raises:
        AccessError: not_allowed, not_assigned, case_suspended, case_withdrawn, case_unknown, purpose_needed.
        ProcedureError: with the field: question_missing, question_guard, flag_place, flag_most.
    """

    def work(unit: Unit) -> int:
        case = _let_at(unit, member, case_id)
        stated = _stated(portal, unit, member, case, spot, text, language, hold=hold)
        recipient = unit.messages.recipient(case_id)
        if recipient is None or stated.asked is None:
            raise AccessError("case_unknown")
        number, today = unit.events.next_seq(case_id), legal_day(portal.clock())
        message = seal_message(portal, case_id, recipient, number, stated.asked, today, stated.flag)
        done = Stated(asked=stated.asked, question=number, sha256=message.sha256, flag=stated.flag)
        Chronicle(portal, unit).take(case, By(member.role, member), Action.FLAG, done)
        unit.messages.add(message)
        return number

    return step_of_reader(portal, member, case_id, Action.FLAG, work)


def _let_at(unit: Unit, member: StaffMember, case_id: CaseId) -> Case:
    row = unit.cases.card(case_id)
    if row is None:
        raise AccessError("case_unknown")
    check_access(member, row.case, assigned=unit.cases.is_assigned(case_id, member.id))
    return row.case


def _stated(
    portal: Portal, unit: Unit, member: StaffMember, case: Case, spot: Spot, text: str, language: str, *, hold: bool
) -> Stated:
    sitting = unit.staff.newest_sitting(member.id, case.id, spot.record.partition("/")[0])
    if sitting is None or not is_open(sitting, portal.clock()):
        raise AccessError("purpose_needed")
    today = legal_day(portal.clock())
    place = Spot(str(sitting.place), spot.page, spot.across, spot.down, spot.part)
    asked = Asked(text, language, today + timedelta(days=DAYS))
    stated = Stated(asked=asked, flag=Flagged(place, hold))
    row = find(Action.FLAG, case.stage, member.role, portal.facts.deployment)
    check_stated(row, stated, today, {})
    check_words({"text": text})
    check_room_for_flag(questions(case.stage, read_events(portal, unit, case.id), today))
    return stated
