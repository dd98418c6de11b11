"""What the office does with a public version: see that there is one, take its document, say to whom it went.

Its text is read like every record, under a sitting (`read_redacted`); the document goes out without a reader's mark,
since everybody is given the same bytes. To whom it was handed is a step of the case, which its petitioners see.
"""

from dataclasses import dataclass

from app.domain.chronicle import By, Chronicle, read_events, step_of_reader
from app.domain.entities import PUBLIC, CaseId, RecordPlace, Released, StaffMember
from app.domain.errors import AccessError, ProcedureError
from app.domain.events import CaseEvent
from app.domain.policy import check_access, may_see_cards, ticket_for_sitting
from app.domain.ports import Portal, Unit, View
from app.domain.procedure import Action, Stated
from app.domain.questions import check_words
from app.domain.released import in_force, released_statement


@dataclass(frozen=True)
class OfficeCopy:
    """The public version in force as the office has it; `statement` is the portal's signed word about it.

    `handed` are the steps by which the office gave it on.
    """

    released: Released
    statement: str
    handed: tuple[CaseEvent, ...]


def show_office_copy(portal: Portal, member: StaffMember, case_id: CaseId) -> OfficeCopy | None:
    """Return what petitioners released, None where nothing is in force or the case is closed to this reader."""
    with portal.ledger.view() as view:
        try:
            standing = _standing(view, member, case_id)
        except (AccessError, ProcedureError):
            return None
        handed = read_events(portal, view, case_id, {Action.HAND_ON})
    mine = tuple(each for each in handed if each.stated.release == standing.version)
    return OfficeCopy(standing, released_statement(portal, standing), mine)


def take_document(portal: Portal, member: StaffMember, case_id: CaseId) -> bytes:
    """Return the PDF, under an open sitting over the public version.

    Raises AccessError: purpose_needed and why the case is closed. ProcedureError: public_none.
    """
    with portal.ledger.view() as view:
        standing = _standing(view, member, case_id)
        place = RecordPlace(case_id, PUBLIC, standing.version)
        sitting = view.staff.newest_sitting(member.id, case_id, PUBLIC)
        sealed = view.cases.page_sealed(place, 1)
    ticket = ticket_for_sitting(sitting if sitting and sitting.version == standing.version else None, portal.clock())
    if sealed is None:
        raise ProcedureError("public_none")
    return portal.vault.open_page(ticket, 1, sealed)


def hand_on_public(portal: Portal, member: StaffMember, case_id: CaseId, to_whom: str) -> None:
    """Write that the office gave the version in force to somebody.

    Raises AccessError; ProcedureError: public_none, note_missing, question_guard, step_unlisted; logged.
    """
    check_words({"note": to_whom})

    def work(unit: Unit) -> None:
        standing, case = _standing(unit, member, case_id), unit.cases.card(case_id)
        assert case is not None, "looked at in the line before"
        stated = Stated(note=to_whom, sha256=standing.sha256, release=standing.version)
        Chronicle(portal, unit).take(case.case, By(member.role, member), Action.HAND_ON, stated)

    step_of_reader(portal, member, case_id, Action.HAND_ON, work)


def _standing(view: View, member: StaffMember, case_id: CaseId) -> Released:
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    row = view.cases.card(case_id)
    if row is None:
        raise AccessError("case_unknown")
    check_access(member, row.case, assigned=view.cases.is_assigned(case_id, member.id))
    standing = in_force(view.released.of(case_id))
    if standing is None:
        raise ProcedureError("public_none")
    return standing
