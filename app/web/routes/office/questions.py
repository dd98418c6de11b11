"""Questions to petitioners: written freely or from usual ones, shown as they will be read, asked, taken back."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.deadlines import legal_day
from app.domain.entities import CaseId, StaffMember
from app.domain.errors import ProcedureError
from app.domain.labels import label
from app.domain.procedure import MOST_QUESTION, Asked, until_of
from app.domain.question_templates import QUESTION_TEMPLATES
from app.i18n import LANGUAGES, N_, t
from app.usecases.ask_question import ask_question, check_question, withdraw_question
from app.usecases.list_queue import show_card
from app.web.access import Reader
from app.web.contexts.cards import Choice
from app.web.contexts.desk import QuestionPage, QuestionPreviewPage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import Form, SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.procedure_view import paragraphs
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)
USUAL_DAYS = 14
"""How long a petitioner is given unless the writer says otherwise: people meet once a week or every other."""


@dataclass(frozen=True)
class _Typed:
    """What stands in the form."""

    text: str
    language: str
    until: str

    def asked(self) -> Asked:
        """Return the question. Raises ProcedureError: day_form."""
        return Asked(self.text, self.language, until_of(self.until))


@router.get("/cases/{case}/question", response_class=HTMLResponse)
def begin_question(request: Request, session: Reader, case: str) -> Response:
    """Show the form, with the words of a usual question if one was chosen. Raises AccessError: case_unknown."""
    query = request.query_params
    language = query.get("language", LANGUAGES[0])
    usual = QUESTION_TEMPLATES.get(query.get("usual", ""))
    until = legal_day(services_of(request).office.clock()) + timedelta(days=USUAL_DAYS)
    typed = _Typed(usual.text.get(language, "") if usual else "", language, until.isoformat())
    return _form(request, session.staff, CaseId(case), typed)


@router.post("/cases/{case}/question")
def ask(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Show the question as the petitioner will see it, and ask it once that was confirmed.

    Mistakes are shown at their fields. Raises AccessError, ProcedureError for what no field can mend.
    """
    check_form(request, form, session_token(request))
    member, case_id, typed = session.staff, CaseId(case), _typed(form)
    if form.text("act") == "change":
        return _form(request, member, case_id, typed)
    try:
        if form.text("act") == "send":
            ask_question(services_of(request).office, member, case_id, typed.asked())
            return RedirectResponse(f"/office/cases/{case}#questions", status_code=303)
        check_question(services_of(request).office, member, case_id, typed.asked())
    except ProcedureError as error:
        if not error.field:
            raise
        return _form(request, member, case_id, typed, Problem(error.field, error.text(language_of(request))))
    return _preview(request, member, case_id, typed.asked())


@router.post("/cases/{case}/question/withdrawal")
def take_back(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Take a question back. Raises AccessError, ProcedureError."""
    check_form(request, form, session_token(request))
    number = form.text("question")
    chosen = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0
    withdraw_question(services_of(request).office, session.staff, CaseId(case), chosen)
    return RedirectResponse(f"/office/cases/{case}#questions", status_code=303)


def _typed(form: Form) -> _Typed:
    text = form.text("text").replace("\r\n", "\n").replace("\r", "\n")
    return _Typed(text, form.text("language"), form.text("until"))


def _form(request: Request, member: StaffMember, case: CaseId, typed: _Typed, *problems: Problem) -> Response:
    shown = language_of(request)
    usual = tuple(Choice(code, each.title[shown], chosen=False) for code, each in QUESTION_TEMPLATES.items())
    languages = tuple(Choice(each, label(shown, "word", each), chosen=each == typed.language) for each in LANGUAGES)
    facility = _facility(request, member, case)
    page = QuestionPage(case, facility, usual, languages, typed.text, typed.until, MOST_QUESTION, problems)
    return render_for_staff(request, member, page, status=422 if problems else 200)


def _preview(request: Request, member: StaffMember, case: CaseId, asked: Asked) -> Response:
    facility = _facility(request, member, case)
    page = QuestionPreviewPage(case, facility, asked.language, asked.text, paragraphs(asked.text), asked.until)
    return render_for_staff(request, member, page)


def _facility(request: Request, member: StaffMember, case: CaseId) -> str:
    card = show_card(services_of(request).office, member, case)
    return str(card.about.get("facility", "")) or t(language_of(request), N_("Case"))
