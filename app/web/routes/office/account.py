"""One's own account: how many recovery codes are left, and a new set."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.domain.errors import AccessError
from app.usecases.renew_recovery_codes import renew_recovery_codes
from app.web.access import Staff
from app.web.account_page import account_page
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import SubmittedForm
from app.web.language import language_of
from app.web.limits import Act
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of
from crypto.secret import SecretBytes

router = APIRouter(prefix="/office", include_in_schema=False)


@router.get("/account", response_class=HTMLResponse)
def show_account(request: Request, session: Staff) -> Response:
    """Show how many codes are left, and the devices that sign; who came in by a code is told."""
    return render_for_staff(request, session.staff, account_page(request, session.staff))


@router.post("/account/recovery-codes", response_class=HTMLResponse)
def renew_codes(request: Request, session: Staff, form: SubmittedForm) -> Response:
    """Show a new set once, against password and authenticator code; the old set ends."""
    check_form(request, form, session_token(request))
    services, member = services_of(request), session.staff
    password = SecretBytes(form.raw("password").encode())
    try:
        with services.limits.attempt(request, Act.STAFF_SIGN_IN, member.name):
            codes = renew_recovery_codes(services.office, member, password, form.text("code"))
    except AccessError as error:
        problem = Problem("", error.text(language_of(request)))
        page = account_page(request, member, problems=(problem,))
        return render_for_staff(request, member, page, status=422)
    return render_for_staff(request, member, account_page(request, member, codes=codes))
