"""Who has a case: a coordinator gives it to readers and takes it away."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.entities import CaseId, StaffMember
from app.domain.errors import AccessError
from app.i18n import N_, t
from app.usecases.assign_case import assign_readers
from app.usecases.show_team import show_assignment
from app.usecases.take_case_away import take_case_away
from app.web.access import Reader
from app.web.cards import view_of
from app.web.contexts.frame import Problem
from app.web.contexts.team import AssignmentPage, TakeAwayPage
from app.web.csrf import check_form
from app.web.desk_view import colleague_words, member_words
from app.web.forms import SubmittedForm, numbers_of
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("/cases/{case}/assignment", response_class=HTMLResponse)
def show_readers(request: Request, session: Reader, case: str) -> Response:
    """Show who has the case and who could get it. Raises AccessError: not_coordinator, case_unknown."""
    return render_for_staff(request, session.staff, _page(request, session.staff, case))


@router.post("/cases/{case}/assignment")
def assign(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Give the case to those who were ticked. Raises AccessError."""
    check_form(request, form, session_token(request))
    readers = numbers_of(form, "reader-")
    assign_readers(services_of(request).office, session.staff, CaseId(case), readers)
    if not readers:
        problem = Problem("reader", t(language_of(request), N_("Choose at least one person.")))
        return render_for_staff(request, session.staff, _page(request, session.staff, case, problem), status=422)
    return RedirectResponse(f"/office/cases/{case}/assignment", status_code=303)


@router.get("/cases/{case}/assignment/{reader}", response_class=HTMLResponse)
def ask_to_take_away(request: Request, session: Reader, case: str, reader: int) -> Response:
    """Say what taking the case away does, and ask. Raises AccessError."""
    found = show_assignment(services_of(request).office, session.staff, CaseId(case))
    who = next((each for each in found.readers if each.id == reader), None)
    if who is None:
        raise AccessError("staff_unknown")
    card = view_of(found.card, session.staff.name)
    page = TakeAwayPage(card, member_words(who), len(found.readers) == 1, found.drafter)
    return render_for_staff(request, session.staff, page)


@router.post("/cases/{case}/assignment/{reader}")
def take_away(request: Request, session: Reader, case: str, reader: int, form: SubmittedForm) -> Response:
    """Take the case away; open sittings over it end at once. Raises AccessError."""
    check_form(request, form, session_token(request))
    take_case_away(services_of(request).office, session.staff, CaseId(case), reader)
    return RedirectResponse(f"/office/cases/{case}/assignment", status_code=303)


def _page(request: Request, member: StaffMember, case: str, *problems: Problem) -> AssignmentPage:
    found = show_assignment(services_of(request).office, member, CaseId(case))
    return AssignmentPage(
        card=view_of(found.card, member.name),
        readers=tuple(member_words(each) for each in found.readers),
        others=tuple(colleague_words(each) for each in found.others),
        drafter=found.drafter,
        problems=problems,
    )
