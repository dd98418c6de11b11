"""Copies of evidence: each a record of its own, looked at under a sitting of its own, each page marked."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response, StreamingResponse

from app.domain.entities import SITTING_SECONDS, CaseId, StaffMember
from app.domain.filing.copies import copy_name
from app.domain.labels import label
from app.domain.pages.binding import bound
from app.domain.pages.form import form_of
from app.domain.record_view import view_of
from app.usecases.keep_notes import show_notes
from app.usecases.list_queue import show_card
from app.usecases.read_redacted import RedactedRecord, ShownPage, read_beside, read_page, read_redacted
from app.web.access import Reader
from app.web.card_pages import READERS_PURPOSES
from app.web.contexts.frame import Problem
from app.web.contexts.reading import EvidencePage
from app.web.desk_view import notes_view
from app.web.downloads import PDF, saved_as
from app.web.evidence_index import index_of
from app.web.forms import SubmittedForm
from app.web.headers import PICTURE
from app.web.language import language_of
from app.web.marking import SVG, marked
from app.web.procedure_view import paragraphs
from app.web.reading import reading_of
from app.web.saved_copy import SavedCopy
from app.web.services import services_of
from app.web.sittings import Readable

router = APIRouter(prefix="/office", include_in_schema=False)
ZOOMS = (100, 150, 200, 300)
"""Widths of a page, in hundredths of the place that there is."""


@router.get("/cases/{case}/evidence/{number}", response_class=HTMLResponse)
def show_evidence(request: Request, session: Reader, case: str, number: int) -> Response:
    """Show a copy; without an open sitting the page asks for the purpose first."""
    return _copy(request, session.staff, CaseId(case), number).shown()


@router.post("/cases/{case}/evidence/{number}")
def open_evidence(request: Request, session: Reader, case: str, number: int, form: SubmittedForm) -> Response:
    """Log the look and its purpose, then lead to the copy. Raises AccessError, ProcedureError."""
    return _copy(request, session.staff, CaseId(case), number).logged(form)


@router.get("/cases/{case}/evidence/{number}/pages/{page}", response_class=Response)
def show_page(request: Request, session: Reader, case: str, number: int, page: int) -> Response:
    """Hand out a page under the open sitting, in the reader's mark. Raises AccessError, ProcedureError."""
    shown = read_page(services_of(request).office, session.staff, CaseId(case), copy_name(number), page)
    words = mark_words(language_of(request), session.staff, shown)
    return Response(marked(shown.picture, words), media_type=SVG, headers=dict(PICTURE))


@router.get("/cases/{case}/evidence/{number}/pdf", response_class=Response)
def save_evidence(request: Request, session: Reader, case: str, number: int) -> Response:
    """Hand out a copy as a tagged PDF under the open sitting, in the reader's mark. Raises AccessError, ProcedureError.

    Pages are fetched one by one, each as if it were asked for alone: a sitting that ends, or a case that is taken away,
    ends the answer too.
    """
    office, member, name = services_of(request).office, session.staff, copy_name(number)
    found = read_redacted(office, member, CaseId(case), name)

    def page(at: int) -> bytes:
        return read_page(office, member, CaseId(case), name, at).picture

    language, record = language_of(request), read_beside(office, member, CaseId(case))
    line = index_of(office, member, CaseId(case), number, record).line
    forms = [form_of(page(at)) for at in range(1, len(found.record["pages"]) + 1)]
    mark = mark_words(language, member, found)
    saved = SavedCopy(language, found, number, line, member.name, member.role, mark)
    frame = office.typesetter.set(saved.content(forms), found.started)
    return StreamingResponse(bound(frame, page), media_type=PDF, headers=saved_as(f"{name}.pdf"))


def mark_words(language: str, member: StaffMember, shown: ShownPage | RedactedRecord) -> str:
    """Return what the mark says: reader, role, time and code."""
    moment = datetime.fromtimestamp(shown.started, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return " · ".join(filter(None, (member.name, label(language, "role", member.role), moment, shown.code)))


def _copy(request: Request, member: StaffMember, case: CaseId, number: int) -> Readable:
    def page(found: RedactedRecord | None, problems: tuple[Problem, ...]) -> EvidencePage:
        return _page(request, member, case, number, found, problems)

    return Readable(request, member, case, copy_name(number), page)


def _page(
    request: Request,
    member: StaffMember,
    case: CaseId,
    number: int,
    found: RedactedRecord | None,
    problems: tuple[Problem, ...],
) -> EvidencePage:
    office = services_of(request).office
    facility = str(show_card(office, member, case).about.get("facility", ""))
    if found is None:
        return EvidencePage(case, facility, number, READERS_PURPOSES, SITTING_SECONDS // 60, problems=problems)
    text, record = found.record.get("text"), read_beside(office, member, case)
    index = index_of(office, member, case, number, record)
    before, after = index.neighbours
    return EvidencePage(
        case,
        facility,
        number,
        READERS_PURPOSES,
        SITTING_SECONDS // 60,
        language=str(found.record.get("language", "")),
        text=paragraphs(str(text)) if text is not None else None,
        pages=tuple(range(1, len(list(found.record.get("pages", ()))) + 1)),
        line=index.line,
        question=index.question,
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
