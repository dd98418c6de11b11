"""Notes of the office on a case: a sitting to read them, and a form to append one."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.domain.entities import RECORD, CaseId
from app.domain.errors import NoteError
from app.domain.places import PARTS, Spot, is_place
from app.usecases.keep_notes import NewNote, open_notes, write_note
from app.web.access import Reader
from app.web.card_pages import card_page
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.desk_view import spot_in
from app.web.forms import Form, SubmittedForm, number_in
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.post("/cases/{case}/notes/sitting")
def begin_reading(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Log the look, then show the notes on the card. Raises AccessError."""
    check_form(request, form, session_token(request))
    open_notes(services_of(request).office, session.staff, CaseId(case))
    return RedirectResponse(_back(case, form), status_code=303)


@router.post("/cases/{case}/notes")
def append(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Append a note; a mistake is shown at its field with what was typed. Raises AccessError."""
    check_form(request, form, session_token(request))
    member, text = session.staff, form.text("note").replace("\r\n", "\n").replace("\r", "\n")
    try:
        new = NewNote(text, number_in(form.text("corrects")), spot_in(form), form.text("language"))
        write_note(services_of(request).office, member, CaseId(case), new)
    except NoteError as error:
        problem = Problem("note", error.text(language_of(request)))
        page = card_page(request, member, CaseId(case), problem, note=text)
        return render_for_staff(request, member, page, status=422)
    return RedirectResponse(_back(case, form), status_code=303)


def _back(case: str, form: Form) -> str:
    """Return the page on which a form stood: a copy, the record, or the card; never an address that somebody sent."""
    record, page = form.text("record"), number_in(form.text("page"))
    if record.partition("/")[0] == RECORD:
        return f"/office/cases/{case}/record#{form.text('part') if form.text('part') in PARTS else 'notes'}"
    copy = Spot(record).copy if is_place(Spot(record)) else 0
    if not copy:
        return f"/office/cases/{case}#notes"
    return f"/office/cases/{case}/evidence/{copy}#page-{page}" if page else f"/office/cases/{case}/evidence/{copy}"
