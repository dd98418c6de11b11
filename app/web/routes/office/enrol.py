"""Enrolment by one-time link: password, authenticator and its first code."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.domain.errors import AccessError
from app.domain.links import LINK_SECONDS
from app.i18n import N_, t
from app.usecases.enrol_staff import accept_invitation, show_invitation
from app.web.access import Public
from app.web.contexts.accounts import EnrolDonePage, EnrolPage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_before_sign_in
from app.web.qr import picture_of
from app.web.services import services_of
from app.web.sessions import form_cookie
from crypto.secret import SecretBytes

router = APIRouter(prefix="/office", include_in_schema=False)
_MENDABLE = ("password_short", "code_wrong")


@router.get("/enrol/{token}", response_class=HTMLResponse)
def show_enrolment(request: Request, _: Public, token: str) -> Response:
    """Show what the link is for, the authenticator's key, and the form."""
    return render_before_sign_in(request, _page(request, token))


@router.post("/enrol/{token}", response_class=HTMLResponse)
def enrol(request: Request, _: Public, token: str, form: SubmittedForm) -> Response:
    """Set password and authenticator; mistakes are shown at their fields and the link stays good."""
    services = services_of(request)
    check_form(request, form, form_cookie(https=services.https).read(request))
    if form.raw("password") != form.raw("again"):
        words = t(language_of(request), N_("The two passwords are not the same."))
        return _again(request, token, Problem("again", words))
    try:
        password = SecretBytes(form.raw("password").encode())
        enrolled = accept_invitation(services.office, token, password, form.text("code"))
    except AccessError as error:
        if error.code not in _MENDABLE:
            raise
        return _again(request, token, Problem(error.field, error.text(language_of(request))))
    return services.pages.render(request, EnrolDonePage(enrolled.member.name, enrolled.recovery_codes))


def _again(request: Request, token: str, problem: Problem) -> Response:
    return render_before_sign_in(request, _page(request, token, problem), status=422)


def _page(request: Request, token: str, *problems: Problem) -> EnrolPage:
    invitation = show_invitation(services_of(request).office, token)
    picture = picture_of(invitation.totp_uri)
    return EnrolPage(
        name=invitation.name,
        role=invitation.role,
        secret=invitation.totp_secret,
        qr_path=picture.path,
        qr_size=picture.size,
        link_hours=LINK_SECONDS // 3600,
        problems=problems,
    )
