"""The public version that petitioners released: read under a sitting of its own, taken as a document, handed on."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.deadlines import legal_day
from app.domain.document.public import view_of_public
from app.domain.entities import PUBLIC, SITTING_SECONDS, CaseId, StaffMember
from app.domain.errors import ProcedureError
from app.domain.events import CaseEvent
from app.domain.filing.public import canonical
from app.domain.ports import Portal
from app.domain.procedure import MOST_REASON
from app.usecases.hand_on_public import hand_on_public, show_office_copy, take_document
from app.usecases.list_queue import show_card
from app.usecases.read_redacted import RedactedRecord, read_redacted
from app.web.access import Reader
from app.web.card_pages import READERS_PURPOSES
from app.web.contexts.frame import Problem
from app.web.contexts.reading import Handed, PublicPage
from app.web.csrf import check_form
from app.web.downloads import attachment
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.office_pages import session_token
from app.web.reading import reading_of
from app.web.services import services_of
from app.web.sittings import Readable

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("/cases/{case}/public", response_class=HTMLResponse)
def show_version(request: Request, session: Reader, case: str) -> Response:
    """Show the version in force; without an open sitting the page asks for the purpose first."""
    return _version(request, session.staff, CaseId(case)).shown()


@router.post("/cases/{case}/public")
def open_version(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Log the look and its purpose, then lead to the version. Raises AccessError, ProcedureError."""
    return _version(request, session.staff, CaseId(case)).logged(form)


@router.get("/cases/{case}/public/document", response_class=Response)
def give_document(request: Request, session: Reader, case: str) -> Response:
    """Hand out the document, the same bytes for everybody. Raises AccessError, ProcedureError."""
    pdf = take_document(services_of(request).office, session.staff, CaseId(case))
    return attachment(pdf, f"{case}-public.pdf", "application/pdf")


@router.get("/cases/{case}/public/text", response_class=Response)
def give_text(request: Request, session: Reader, case: str) -> Response:
    """Hand out the text whose hash is signed. Raises AccessError, ProcedureError."""
    found = read_redacted(services_of(request).office, session.staff, CaseId(case), PUBLIC)
    return attachment(canonical(found.record), f"{case}-public.json", "application/json")


@router.post("/cases/{case}/public/handed")
def hand_on(request: Request, session: Reader, case: str, form: SubmittedForm) -> Response:
    """Write to whom the version was given; a mistake is shown at its field. Raises AccessError, ProcedureError."""
    check_form(request, form, session_token(request))
    member, case_id = session.staff, CaseId(case)
    to_whom = form.text("note").replace("\r\n", "\n").strip()
    try:
        hand_on_public(services_of(request).office, member, case_id, to_whom)
    except ProcedureError as error:
        if not error.field:
            raise
        problem = Problem("note", error.text(language_of(request)))
        return _version(request, member, case_id, to_whom).shown(problem)
    return RedirectResponse(f"/office/cases/{case}/public#handed", status_code=303)


def _version(request: Request, member: StaffMember, case: CaseId, typed: str = "") -> Readable:
    def page(found: RedactedRecord | None, problems: tuple[Problem, ...]) -> PublicPage:
        return _page(services_of(request).office, member, case, found, problems, typed)

    return Readable(request, member, case, PUBLIC, page)


def _page(
    office: Portal,
    member: StaffMember,
    case: CaseId,
    found: RedactedRecord | None,
    problems: tuple[Problem, ...],
    typed: str,
) -> PublicPage:
    copy = show_office_copy(office, member, case)
    if copy is None:
        raise ProcedureError("public_none")
    return PublicPage(
        case=case,
        facility=str(show_card(office, member, case).about.get("facility", "")),
        purposes=READERS_PURPOSES,
        sitting_minutes=SITTING_SECONDS // 60,
        audience=copy.released.audience,
        released=legal_day(copy.released.released),
        sha256=copy.released.sha256,
        statement=copy.statement,
        handed=tuple(map(_handed, copy.handed)),
        longest=MOST_REASON,
        typed=typed,
        record=view_of_public(found.record) if found is not None else None,
        reading=reading_of(member, found) if found is not None else None,
        problems=problems,
    )


def _handed(event: CaseEvent) -> Handed:
    return Handed(datetime.fromtimestamp(event.recorded, UTC), event.stated.note)
