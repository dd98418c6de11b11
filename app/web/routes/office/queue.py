"""The queue of cards, and one card with the question for what its record is to be read."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.entities import SITTING_SECONDS, CaseId, Purpose, Role, StaffMember
from app.i18n import N_, t
from app.usecases.list_queue import list_queue, show_card
from app.usecases.read_redacted import begin_sitting
from app.usecases.show_sitting import show_sitting
from app.web.access import Reader, Staff
from app.web.cards import asked_of, columns_of, filters_of, select, view_of
from app.web.contexts import CardPage, Problem, QueuePage
from app.web.csrf import check_form
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)
READERS_PURPOSES = (
    Purpose.REVIEW,
    Purpose.CLARIFICATION,
    Purpose.REPRISAL_RESPONSE,
    Purpose.CORRECTION,
    Purpose.EXPORT,
    Purpose.LEGAL_ORDER,
)


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
    return render_for_staff(request, session.staff, _page(request, session.staff, CaseId(case)))


@router.post("/cases/{case}/sitting")
def open_sitting(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Log the look and its purpose, then lead to the record. Raises AccessError: case_unknown, not_assigned."""
    check_form(request, form, session_token(request))
    member, case_id = session.staff, CaseId(case)
    purpose = form.text("purpose")
    if purpose not in READERS_PURPOSES:
        words = t(language_of(request), N_("Say first what you read the record for."))
        page = _page(request, member, case_id, Problem("purpose", words))
        return render_for_staff(request, member, page, status=422)
    begin_sitting(services_of(request).office, member, case_id, Purpose(purpose))
    return RedirectResponse(f"/office/cases/{case}/record", status_code=303)


def _page(request: Request, member: StaffMember, case: CaseId, *problems: Problem) -> CardPage:
    office = services_of(request).office
    card = view_of(show_card(office, member, case), member.name)
    sitting = show_sitting(office, member, case) if card.mine else None
    until = datetime.fromtimestamp(sitting.started + SITTING_SECONDS, UTC) if sitting else None
    return CardPage(
        card=card,
        may_read=card.mine,
        sitting_until=until,
        sitting_minutes=SITTING_SECONDS // 60,
        purposes=READERS_PURPOSES,
        problems=problems,
    )
