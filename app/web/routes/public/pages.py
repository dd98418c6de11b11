"""Pages for anyone: the start page, rights, limits, and the verifier for receipts."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.web.access import Public
from app.web.contexts.public import HomePage, LimitsPage, ReceiptPage, RegisterPage, RightsPage, SelfCheckPage
from app.web.headers import STANDARD, content_security_policy
from app.web.offline import for_portal, published
from app.web.portal_text import portal_text
from app.web.security_txt import ADDRESS, security_txt
from app.web.services import services_of
from crypto.digest import sha256_hex
from crypto.log.totals import to_csv

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def show_home(request: Request, _: Public) -> Response:
    """Say what this is, for whom, and what it cannot protect."""
    return services_of(request).pages.render(request, HomePage())


@router.get("/rights", response_class=HTMLResponse)
def show_rights(request: Request, _: Public) -> Response:
    """Say which rights there are at work, and what the mechanism is."""
    return services_of(request).pages.render(request, RightsPage())


@router.get("/limits", response_class=HTMLResponse)
def show_limits(request: Request, _: Public) -> Response:
    """Say what we cannot protect, how it works, and where to report a flaw."""
    services = services_of(request)
    return services.pages.render(request, LimitsPage(services.public.facts.reports_to))


@router.get(ADDRESS, response_class=PlainTextResponse)
def give_security_txt(request: Request, _: Public) -> Response:
    """Say to programs where a flaw is reported (RFC 9116). Raises HTTPException 404 where no address is set."""
    services = services_of(request)
    text = security_txt(services.public.facts, services.pages.url_of(request), services.public.clock())
    if text is None:
        raise HTTPException(404)
    return PlainTextResponse(text)


@router.get("/receipt", response_class=HTMLResponse)
def show_verifier(request: Request, _: Public) -> Response:
    """Show the verifier for receipts, which runs in the page."""
    return services_of(request).pages.render(request, ReceiptPage())


@router.get("/register", response_class=HTMLResponse)
def show_register(request: Request, _: Public) -> Response:
    """Show what was received and decided by month, as anyone can recompute it."""
    services = services_of(request)
    log = services.public.log
    months = tuple(log.months())
    return services.pages.render(request, RegisterPage(log.published_size(), months))


@router.get("/register.csv", response_class=Response)
def give_register(request: Request, _: Public) -> Response:
    """Give the same figures as CSV."""
    return Response(to_csv(services_of(request).public.log.months()), media_type="text/csv; charset=utf-8")


def _handed_out(request: Request) -> tuple[tuple[str, str], ...]:
    services = services_of(request)
    portal = portal_text(services.public.facts, services.upload_limit, services.pages.url_of(request))
    return tuple((name, sha256_hex(for_portal(text, portal))) for name, text in published().editions.items())


@router.get("/self-check", response_class=HTMLResponse)
def show_self_check(request: Request, _: Public) -> Response:
    """Show what the portal says of itself, and how to check that from outside."""
    services = services_of(request)
    facts, code = services.public.facts, published()
    headers = {**STANDARD, "content-security-policy": content_security_policy(forms=False, sealed=True)}
    page = SelfCheckPage(
        log_origin=facts.log_origin,
        log_vkey=facts.log_vkey,
        statement_vkey=facts.statement_vkey,
        fingerprint=code.sha256,
        hashes=code.hashes,
        offline=_handed_out(request),
        headers=tuple(headers.items()),
    )
    return services.pages.render(request, page)
