"""Flagging a place that may show a person: written, seen as it will be told, and told to the petitioner alone."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.domain.entities import CaseId, StaffMember
from app.domain.errors import ProcedureError
from app.domain.labels import label
from app.domain.places import Spot
from app.domain.procedure import MOST_QUESTION
from app.i18n import LANGUAGES
from app.usecases.flag_place import check_flag, flag_place
from app.usecases.list_queue import show_card
from app.web.access import Reader
from app.web.contexts.cards import Choice
from app.web.contexts.desk import FlagPage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.desk_view import spot_in
from app.web.forms import Form, SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.procedure_view import place_of
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.post("/cases/{case}/flag")
def flag(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Show a flag before it is raised, and raise it once that was confirmed.

    Mistakes are shown at their fields. Raises AccessError, ProcedureError for what no field can mend.
    """
    check_form(request, form, session_token(request))
    member, case_id, spot = session.staff, CaseId(case), spot_in(form) or Spot("")
    if form.text("act") != "send":
        return _page(request, member, case_id, spot, form)
    text, hold = _lines(form), form.text("hold") != "no"
    office, language = services_of(request).office, form.text("language")
    try:
        check_flag(office, member, case_id, spot, text, language, hold=hold)
        flag_place(office, member, case_id, spot, text, language, hold=hold)
    except ProcedureError as error:
        if not error.field:
            raise
        return _page(request, member, case_id, spot, form, Problem(error.field, error.text(language_of(request))))
    return RedirectResponse(f"/office/cases/{case}#questions", status_code=303)


def _lines(form: Form) -> str:
    words = form.text("text") or form.text("note")  # begun in the field in which notes are written
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _page(request: Request, member: StaffMember, case: CaseId, spot: Spot, form: Form, *problems: Problem) -> Response:
    shown = language_of(request)
    chosen = form.text("language") or LANGUAGES[0]
    page = FlagPage(
        case,
        str(show_card(services_of(request).office, member, case).about.get("facility", "")),
        spot.record,
        place_of(spot),
        tuple(Choice(each, label(shown, "word", each), chosen=each == chosen) for each in LANGUAGES),
        _lines(form),
        form.text("hold") != "no",
        MOST_QUESTION,
        problems,
    )
    return render_for_staff(request, member, page, status=422 if problems else 200)
