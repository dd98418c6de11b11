"""Copies of evidence: each a record of its own, looked at under a sitting of its own, each page marked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.entities import SITTING_SECONDS, CaseId, StaffMember
from app.domain.errors import AccessError
from app.domain.filing.copies import copy_name
from app.domain.labels import label
from app.domain.record_view import evidence_of, view_of
from app.usecases.keep_notes import show_notes
from app.usecases.list_queue import show_card
from app.usecases.read_redacted import RedactedRecord, ShownPage, read_page, read_redacted
from app.web.access import Reader
from app.web.card_pages import READERS_PURPOSES
from app.web.contexts.frame import Problem
from app.web.contexts.reading import EvidencePage
from app.web.desk_view import notes_view
from app.web.forms import SubmittedForm
from app.web.headers import PICTURE
from app.web.language import language_of
from app.web.marking import SVG, marked
from app.web.office_pages import render_for_staff
from app.web.procedure_view import paragraphs
from app.web.reading import reading_of
from app.web.services import services_of
from app.web.sittings import found_open, log_look

router = APIRouter(prefix="/office", include_in_schema=False)
ZOOMS = (100, 150, 200, 300)
"""Widths of a page, in hundredths of the place that there is."""


@router.get("/cases/{case}/evidence/{number}", response_class=HTMLResponse)
def show_evidence(request: Request, session: Reader, case: str, number: int) -> Response:
    """Show a copy; without an open sitting the page asks for the purpose first."""
    member, case_id = session.staff, CaseId(case)
    found = found_open(request, member, case_id, copy_name(number))
    return render_for_staff(request, member, _page(request, member, case_id, number, found))


@router.post("/cases/{case}/evidence/{number}")
def open_evidence(request: Request, session: Reader, case: str, number: int, form: SubmittedForm) -> Response:
    """Log the look and its purpose, then lead to the copy. Raises AccessError, ProcedureError."""
    member, case_id = session.staff, CaseId(case)
    problem = log_look(request, member, case_id, copy_name(number), form)
    if problem is not None:
        page = _page(request, member, case_id, number, None, problem)
        return render_for_staff(request, member, page, status=422)
    return RedirectResponse(f"/office/cases/{case}/evidence/{number}", status_code=303)


@router.get("/cases/{case}/evidence/{number}/pages/{page}", response_class=Response)
def show_page(request: Request, session: Reader, case: str, number: int, page: int) -> Response:
    """Hand out a page under the open sitting, in the reader's mark. Raises AccessError, ProcedureError."""
    shown = read_page(services_of(request).office, session.staff, CaseId(case), copy_name(number), page)
    words = mark_words(language_of(request), session.staff, shown)
    return Response(marked(shown.picture, words), media_type=SVG, headers=dict(PICTURE))


def mark_words(language: str, member: StaffMember, shown: ShownPage) -> str:
    """Return what the mark says: reader, role, time and code."""
    moment = datetime.fromtimestamp(shown.started, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return " · ".join(filter(None, (member.name, label(language, "role", member.role), moment, shown.code)))


def _page(
    request: Request,
    member: StaffMember,
    case: CaseId,
    number: int,
    found: RedactedRecord | None = None,
    *problems: Problem,
) -> EvidencePage:
    office = services_of(request).office
    facility = str(show_card(office, member, case).about.get("facility", ""))
    if found is None:
        return EvidencePage(case, facility, number, READERS_PURPOSES, SITTING_SECONDS // 60, problems=problems)
    text, record = found.record.get("text"), _record(request, member, case)
    lines = evidence_of(record) if record is not None else ()
    before, after = _neighbours([line.copy for line in lines if line.copy], number)
    return EvidencePage(
        case,
        facility,
        number,
        READERS_PURPOSES,
        SITTING_SECONDS // 60,
        language=str(found.record.get("language", "")),
        text=paragraphs(str(text)) if text is not None else None,
        pages=tuple(range(1, len(list(found.record.get("pages", ()))) + 1)),
        line=next((line for line in lines if line.copy == number), None),
        reading=reading_of(member, found),
        version=found.version,
        zoom=_zoom(request),
        before=before,
        after=after,
        record=view_of(record) if record is not None else None,
        beside=record is not None and request.query_params.get("beside") == "1",
        notes=notes_view(show_notes(office, member, case), ""),
    )


def _zoom(request: Request) -> int:
    asked = request.query_params.get("zoom", "")
    return int(asked) if asked in {str(each) for each in ZOOMS} else ZOOMS[0]


def _neighbours(copies: Sequence[int], number: int) -> tuple[int, int]:
    """Return the copies before and after one in the order of the record's index, 0 where there is none."""
    if number not in copies:
        return 0, 0
    at = copies.index(number)
    return (copies[at - 1] if at else 0), (copies[at + 1] if at + 1 < len(copies) else 0)


def _record(request: Request, member: StaffMember, case: CaseId) -> Mapping[str, Any] | None:
    """Return the record, where the reader's sitting over it is open too."""
    try:
        return read_redacted(services_of(request).office, member, case).record
    except AccessError:
        return None
