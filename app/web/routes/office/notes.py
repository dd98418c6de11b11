"""Notes of the office on a case: a sitting to read them, and a form to append one."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.domain.entities import CaseId
from app.domain.errors import NoteError
from app.usecases.keep_notes import open_notes, write_note
from app.web.access import Reader
from app.web.card_pages import card_page
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import SubmittedForm, number_in
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.post("/cases/{case}/notes/sitting")
def begin_reading(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Log the look, then show the notes on the card. Raises AccessError."""
    check_form(request, form, session_token(request))
    open_notes(services_of(request).office, session.staff, CaseId(case))
    return RedirectResponse(f"/office/cases/{case}#notes", status_code=303)


@router.post("/cases/{case}/notes")
def append(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Append a note; a mistake is shown at its field with what was typed. Raises AccessError."""
    check_form(request, form, session_token(request))
    member, text = session.staff, form.text("note").replace("\r\n", "\n").replace("\r", "\n")
    try:
        write_note(services_of(request).office, member, CaseId(case), text, number_in(form.text("corrects")))
    except NoteError as error:
        problem = Problem("note", error.text(language_of(request)))
        page = card_page(request, member, CaseId(case), problem, note=text)
        return render_for_staff(request, member, page, status=422)
    return RedirectResponse(f"/office/cases/{case}#notes", status_code=303)
