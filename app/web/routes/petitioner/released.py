"""Public versions that their petitioners gave to everybody, and the check of a document that somebody was handed."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.domain.deadlines import legal_day
from app.domain.document.public import view_of_public
from app.domain.entities import CaseId
from app.usecases.show_released import (
    Checked,
    PublicText,
    check_released,
    list_public,
    show_document,
    show_public,
)
from app.web.access import Public
from app.web.contexts.public import CheckedRelease, ReleasedCheckPage, ReleasedLine, ReleasedPage, ReleasedVersionPage
from app.web.downloads import attachment
from app.web.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/released", response_class=HTMLResponse)
def show_released(request: Request, _: Public) -> Response:
    """List what petitioners published."""
    services = services_of(request)
    lines = tuple(map(_line, list_public(services.petitioner)))
    return services.pages.render(request, ReleasedPage(lines))


@router.get("/released/check", response_class=HTMLResponse)
def check_document(request: Request, _: Public) -> Response:
    """Say whether a hash is that of a public version that was released here."""
    services, asked = services_of(request), request.query_params.get("sha256", "")
    checked = check_released(services.petitioner, asked)
    return services.pages.render(request, ReleasedCheckPage(asked, _checked(checked) if checked else None))


@router.get("/released/{case}", response_class=HTMLResponse)
def show_released_version(request: Request, _: Public, case: str) -> Response:
    """Show a public version. Raises AccessError: public_unknown."""
    services = services_of(request)
    found = show_public(services.petitioner, CaseId(case))
    page = ReleasedVersionPage(_line(found), view_of_public(found.version), found.statement)
    return services.pages.render(request, page)


@router.get("/released/{case}/document", response_class=Response)
def give_released_document(request: Request, _: Public, case: str) -> Response:
    """Give its document. Raises AccessError: public_unknown."""
    pdf = show_document(services_of(request).petitioner, CaseId(case))
    return attachment(pdf, f"{case}-public.pdf", "application/pdf")


@router.get("/released/{case}/text", response_class=Response)
def give_released_text(request: Request, _: Public, case: str) -> Response:
    """Give the text whose hash is signed. Raises AccessError: public_unknown."""
    found = show_public(services_of(request).petitioner, CaseId(case))
    return attachment(found.text.encode(), f"{case}-public.json", "application/json")


def _line(found: PublicText) -> ReleasedLine:
    record, released = view_of_public(found.version), found.released
    place = {fact.key: fact.values[0] for fact in record.facility}
    where = ", ".join(place[name] for name in ("municipality", "state") if name in place)
    return ReleasedLine(released.case, record.title, where, legal_day(released.released), released.sha256)


def _checked(found: Checked) -> CheckedRelease:
    released, gone = found.released, found.released.withdrawn
    withdrawn = legal_day(gone) if gone is not None else None
    return CheckedRelease(
        released.case, released.audience, legal_day(released.released), withdrawn, released.sha256, found.statement
    )
