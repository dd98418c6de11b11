"""Pages for petitioners: the guided filing, what the program does for them, and the status of a case by its code.

These pages set no session and ask for no name. The code comes in a POST body, never in an address.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.domain.deadlines import legal_day
from app.domain.errors import AccessError
from app.domain.reminders import MEDIA_TYPE, file_name, reminder_days, reminder_file
from app.usecases.tell_status import Status, tell_certificate, tell_status
from app.web.access import Public
from app.web.cards import clock_view
from app.web.contexts.frame import Problem
from app.web.contexts.petitioner import (
    CasePage,
    CertificatePage,
    FilePage,
    MyCasePage,
    PackagePage,
    StatusFormPage,
    StatusPage,
)
from app.web.downloads import attachment
from app.web.errors import status_of
from app.web.forms import Form, SubmittedForm
from app.web.language import language_of
from app.web.limits import Act
from app.web.offline import for_portal, published
from app.web.portal_text import portal_text
from app.web.procedure_view import changes_of, waiting_of, words_of
from app.web.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/case", response_class=HTMLResponse)
def show_case(request: Request, _: Public) -> Response:
    """Explain how a petition is filed, opened and followed."""
    return services_of(request).pages.render(request, CasePage(services_of(request).assisted.is_open))


@router.get("/file", response_class=HTMLResponse)
def show_filing(request: Request, _: Public) -> Response:
    """Show the guided filing; what is written there is sealed on the device and comes as any sealed filing does."""
    return services_of(request).pages.render(request, FilePage(_portal_text(request)))


@router.get("/package", response_class=HTMLResponse)
def show_package(request: Request, _: Public) -> Response:
    """Show the page on which anybody hands in a package that the offline edition sealed."""
    return services_of(request).pages.render(request, PackagePage(_portal_text(request)))


@router.get("/offline/{name}")
def give_offline(request: Request, _: Public, name: str) -> Response:
    """Give the offline edition in one language, to be saved. Raises HTTPException 404."""
    edition = published().editions.get(name)
    if edition is None:
        raise HTTPException(404)
    return attachment(for_portal(edition, _portal_text(request)), name, "text/html; charset=utf-8")


def _portal_text(request: Request) -> str:
    services = services_of(request)
    return portal_text(services.public.facts, services.upload_limit, services.pages.url_of(request))


@router.get("/mycase", response_class=HTMLResponse)
def show_my_case(request: Request, _: Public) -> Response:
    """Show the page on which a holder opens a case; it is opened on the device, through the API."""
    return services_of(request).pages.render(request, MyCasePage(services_of(request).upload_limit))


@router.get("/status", response_class=HTMLResponse)
def ask_for_code(request: Request, _: Public) -> Response:
    """Ask for the status code."""
    return services_of(request).pages.render(request, StatusFormPage())


@router.post("/status", response_class=HTMLResponse)
def show_status(request: Request, _: Public, form: SubmittedForm) -> Response:
    """Tell where the case of a code stands; the code is not shown again."""
    services = services_of(request)
    try:
        with services.limits.question(request, Act.STATUS):
            certificate = tell_certificate(services.petitioner, form.text("code"))
        if certificate is not None:
            return services.pages.render(request, CertificatePage(certificate))
        status = _told(request, form)
    except AccessError as error:
        return _wrong_code(request, error)
    return services.pages.render(request, _page_of(status, language_of(request)))


@router.post("/status/calendar")
def give_calendar(request: Request, _: Public, form: SubmittedForm) -> Response:
    """Give the calendar file with the next days of the case of a code."""
    try:
        status = _told(request, form)
    except AccessError as error:
        return _wrong_code(request, error)
    portal, language = services_of(request).petitioner, language_of(request)
    today = legal_day(portal.clock())
    days = reminder_days(status.due, status.body["question"], today)
    return attachment(reminder_file(days, language, today, portal.random), file_name(language), MEDIA_TYPE)


def _told(request: Request, form: Form) -> Status:
    services = services_of(request)
    with services.limits.question(request, Act.STATUS):
        return tell_status(services.petitioner, form.text("code"))


def _wrong_code(request: Request, error: AccessError) -> Response:
    wrong = StatusFormPage((Problem("code", error.text(language_of(request))),))
    return services_of(request).pages.render(request, wrong, status=status_of(error))


def _page_of(status: Status, language: str) -> StatusPage:
    standing = status.standing
    return StatusPage(
        stage=status.stage,
        since=standing.since,
        clock=clock_view(standing.clock),
        reasons=status.reasons,
        note=status.note,
        words=words_of(standing.decision, language),
        changes=changes_of(standing),
        question=waiting_of(standing),
        suspended=standing.suspended,
    )
