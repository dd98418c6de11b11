"""The queue of cards, and one card with the question for what its record is to be read."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.entities import CaseId, Purpose, Role
from app.i18n import N_, t
from app.usecases.list_queue import list_queue
from app.usecases.read_redacted import begin_sitting
from app.web.access import Reader, Staff
from app.web.card_pages import READERS_PURPOSES, card_page
from app.web.cards import asked_of, columns_of, filters_of, select, view_of
from app.web.contexts import Problem, QueuePage
from app.web.csrf import check_form
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("", response_class=HTMLResponse)
def show_queue(request: Request, session: Staff) -> Response:
    """Show the cards that fit the address; an auditor's start page is the audit. Raises AccessError: not_allowed."""
    member = session.staff
    if member.role is Role.AUDITOR:
        return RedirectResponse("/office/audit", status_code=303)
    cards = list_queue(services_of(request).office, member)
    rows = tuple(view_of(card, member.name) for card in cards)
    asked, language = asked_of(request.query_params), language_of(request)
    page = QueuePage(
        rows=select(rows, asked),
        total=len(rows),
        filters=filters_of(rows, asked, language),
        search=asked.search,
        columns=columns_of(asked, language),
        filtered=asked.filtered,
    )
    return render_for_staff(request, member, page)


@router.get("/cases/{case}", response_class=HTMLResponse)
def show_case_card(request: Request, session: Reader, case: str) -> Response:
    """Show one card. Raises AccessError: case_unknown."""
    return render_for_staff(request, session.staff, card_page(request, session.staff, CaseId(case)))


@router.post("/cases/{case}/sitting")
def open_sitting(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Log the look and its purpose, then lead to the record. Raises AccessError: case_unknown, not_assigned."""
    check_form(request, form, session_token(request))
    member, case_id = session.staff, CaseId(case)
    purpose = form.text("purpose")
    if purpose not in READERS_PURPOSES:
        words = t(language_of(request), N_("Say first what you read the record for."))
        page = card_page(request, member, case_id, Problem("purpose", words))
        return render_for_staff(request, member, page, status=422)
    begin_sitting(services_of(request).office, member, case_id, Purpose(purpose))
    return RedirectResponse(f"/office/cases/{case}/record", status_code=303)
