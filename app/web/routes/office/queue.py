"""The queue of cards, and one card with the question for what its record is to be read."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.entities import CaseId, Purpose, Role
from app.domain.policy import may_coordinate
from app.i18n import N_, t
from app.usecases.keep_views import list_views
from app.usecases.list_queue import list_queue
from app.usecases.read_redacted import begin_sitting
from app.web.access import Reader, Staff
from app.web.brought import brought_by
from app.web.card_pages import READERS_PURPOSES, card_page
from app.web.cards import columns_of, counts_of, filters_of, kept_of, paging_of, view_of
from app.web.contexts.desk import QueuePage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.desk_view import view_words
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("", response_class=HTMLResponse)
def show_queue(request: Request, session: Staff) -> Response:
    """Show the cards that fit the address; an auditor's start page is the audit. Raises AccessError: not_allowed."""
    member, language = session.staff, language_of(request)
    if member.role is Role.AUDITOR:
        return RedirectResponse("/office/audit", status_code=303)
    office = services_of(request).office
    queue = list_queue(office, session, request.query_params)
    query = queue.query
    page = QueuePage(
        rows=tuple(view_of(card, member.name) for card in queue.cards),
        total=queue.total,
        filters=filters_of(query, queue.names, language),
        search=query.search,
        columns=columns_of(query, language),
        filtered=query.filtered,
        paging=paging_of(queue),
        counts=counts_of(queue.digest, language, coordinates=may_coordinate(member)),
        kept=kept_of(query),
        query=query.address().removeprefix("?"),
        views=tuple(view_words(each) for each in list_views(office, member).kept),
        since=datetime.fromtimestamp(session.previous, UTC) if session.previous else None,
        coordinates=may_coordinate(member),
        problems=tuple(Problem(each.field, each.text(language)) for each in queue.problems),
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
    brought = brought_by(request, form)
    begin_sitting(services_of(request).office, member, case_id, Purpose(purpose), brought=brought)
    return RedirectResponse(f"/office/cases/{case}/record", status_code=303)
