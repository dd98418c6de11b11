"""The redacted record, under a sitting that is already in the log, and the proof of that entry."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app.domain.entities import CaseId
from app.domain.errors import AccessError
from app.domain.record_view import view_of
from app.usecases.keep_notes import show_notes
from app.usecases.read_redacted import read_redacted
from app.usecases.show_sitting import prove_sitting
from app.web.access import Reader
from app.web.contexts.reading import RecordPage
from app.web.desk_view import notes_view
from app.web.office_pages import render_for_staff
from app.web.reading import reading_of
from app.web.services import services_of

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("/cases/{case}/record", response_class=HTMLResponse)
def show_record(request: Request, session: Reader, case: str) -> Response:
    """Show the record; without an open sitting the card asks for the purpose first."""
    try:
        found = read_redacted(services_of(request).office, session.staff, CaseId(case))
    except AccessError as error:
        if error.code != "purpose_needed":
            raise
        return RedirectResponse(f"/office/cases/{case}", status_code=303)
    notes = notes_view(show_notes(services_of(request).office, session.staff, found.case), "")
    page = RecordPage(found.case, view_of(found.record), reading_of(session.staff, found), found.version, notes)
    return render_for_staff(request, session.staff, page)


@router.get("/cases/{case}/proof", response_class=PlainTextResponse)
def download_proof(request: Request, session: Reader, case: str) -> Response:
    """Hand out the proof that the open sitting stands in the log. Raises AccessError: purpose_needed."""
    proof = prove_sitting(services_of(request).office, session.staff, CaseId(case))
    name = f"{case}.tlog-proof"
    return PlainTextResponse(proof, headers={"content-disposition": f'attachment; filename="{name}"'})
