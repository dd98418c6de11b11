"""Signing in to the office, and out of it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.domain.errors import AccessError
from app.usecases.sign_in_staff import SignedIn, sign_in_staff, sign_out_staff
from app.web.access import Public, Staff
from app.web.contexts.accounts import SignInPage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.errors import status_of
from app.web.forms import Form, SubmittedForm
from app.web.language import language_of
from app.web.limits import Act
from app.web.office_pages import render_before_sign_in, session_token
from app.web.services import services_of
from app.web.sessions import form_cookie, office_cookie
from crypto.secret import SecretBytes

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("/sign-in", response_class=HTMLResponse)
def ask_to_sign_in(request: Request, _: Public) -> Response:
    """Ask for name, password and code, or a recovery code."""
    asked = request.query_params
    return render_before_sign_in(request, SignInPage(signed_out="out" in asked, recovery="recovery" in asked))


@router.post("/sign-in", response_class=HTMLResponse)
def sign_in(request: Request, _: Public, form: SubmittedForm) -> Response:
    """Open a session; one answer for every way to be wrong."""
    services = services_of(request)
    check_form(request, form, form_cookie(https=services.https).read(request))
    try:
        signed_in = _open_session(request, form)
    except AccessError as error:
        problems = (Problem("", error.text(language_of(request))),)
        page = SignInPage(problems, form.text("name"), recovery="recovery" in request.query_params)
        return render_before_sign_in(request, page, status=status_of(error))
    response = RedirectResponse("/office/account?recovery" if signed_in.by_recovery else "/office", status_code=303)
    form_cookie(https=services.https).clear(response)
    office_cookie(https=services.https).set(response, signed_in.token)
    return response


def _open_session(request: Request, form: Form) -> SignedIn:
    services, name = services_of(request), form.text("name")
    password = SecretBytes(form.raw("password").encode())
    with services.limits.attempt(request, Act.STAFF_SIGN_IN, name):
        return sign_in_staff(services.office, name, password, form.text("code"))


@router.post("/sign-out")
def sign_out(request: Request, _: Staff, form: SubmittedForm) -> Response:
    """End the session."""
    services, token = services_of(request), session_token(request)
    check_form(request, form, token)
    sign_out_staff(services.office, token)
    response = RedirectResponse("/office/sign-in?out", status_code=303)
    office_cookie(https=services.https).clear(response)
    return response
