"""An answer of the petitioner beside its question: a record of its own, under a sitting of its own."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.domain.entities import SITTING_SECONDS, CaseId, StaffMember, answer_name
from app.domain.errors import ProcedureError
from app.domain.ports import Portal
from app.domain.record_view import evidence_of
from app.usecases.list_queue import show_card
from app.usecases.read_redacted import RedactedRecord
from app.usecases.show_procedure import show_procedure
from app.web.access import Reader
from app.web.card_pages import READERS_PURPOSES
from app.web.contexts.frame import Problem
from app.web.contexts.reading import AnswerPage
from app.web.forms import SubmittedForm
from app.web.procedure_view import paragraphs, question_of
from app.web.reading import reading_of
from app.web.services import services_of
from app.web.sittings import Readable

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("/cases/{case}/answers/{number}", response_class=HTMLResponse)
def show_answer(request: Request, session: Reader, case: str, number: int) -> Response:
    """Show an answer; without an open sitting the page asks for the purpose first."""
    return _answer(request, session.staff, CaseId(case), number).shown()


@router.post("/cases/{case}/answers/{number}")
def open_answer(request: Request, session: Reader, case: str, number: int, form: SubmittedForm) -> Response:
    """Log the look and its purpose, then lead to the answer. Raises AccessError, ProcedureError."""
    return _answer(request, session.staff, CaseId(case), number).logged(form)


def _answer(request: Request, member: StaffMember, case: CaseId, number: int) -> Readable:
    def page(found: RedactedRecord | None, problems: tuple[Problem, ...]) -> AnswerPage:
        return _page(services_of(request).office, member, case, number, found, problems)

    return Readable(request, member, case, answer_name(number), page)


def _page(
    office: Portal,
    member: StaffMember,
    case: CaseId,
    number: int,
    found: RedactedRecord | None,
    problems: tuple[Problem, ...],
) -> AnswerPage:
    asked = show_procedure(office, member, case).standing.questions
    question = next((each for each in asked if each.number == number), None)
    if question is None:
        raise ProcedureError("question_unknown")
    facility = str(show_card(office, member, case).about.get("facility", ""))
    page = (case, facility, question_of(question), READERS_PURPOSES, SITTING_SECONDS // 60)
    if found is None:
        return AnswerPage(*page, problems=problems)
    return AnswerPage(
        *page,
        language=str(found.record.get("language", "")),
        answer=paragraphs(str(found.record.get("text", ""))),
        evidence=evidence_of(found.record),
        reading=reading_of(member, found),
    )
