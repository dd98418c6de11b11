"""The devices on which a reader signs: enrolled and switched off on one's account, and nonces for what they sign."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import AccessError
from app.domain.signed_requests import Brought
from app.usecases.keep_devices import end_device, enrol_device, hand_out_nonce
from app.web.access import Reader
from app.web.account_page import account_page
from app.web.brought import brought_by, session_of
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import Form, SubmittedForm, number_in
from app.web.language import language_of
from app.web.limits import Act
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of
from crypto.secret import SecretBytes

router = APIRouter(prefix="/office", include_in_schema=False)
_TRIED = ("confirm_failed", "device_label", "device_wrong", "device_known", "devices_many", "request_old")


@router.get("/account/nonce")
def give_nonce(request: Request, session: Reader) -> Response:
    """Return a nonce for one thing that this session's device signs. Raises AccessError: devices_off."""
    nonce = hand_out_nonce(services_of(request).office, session.staff, session_of(request))
    return JSONResponse({"nonce": nonce})


@router.post("/account/devices", response_class=HTMLResponse)
def add_device(request: Request, session: Reader, form: SubmittedForm) -> Response:
    """Enrol this device against password and code; what does not fit is told on the page."""
    check_form(request, form, session_token(request))
    services, member = services_of(request), session.staff
    try:
        with services.limits.attempt(request, Act.STAFF_SIGN_IN, member.name):
            _enrol(request, session, form, brought_by(request, form))
    except AccessError as error:
        if error.code not in _TRIED:
            raise
        problem = Problem("label" if error.field == "label" else "", error.text(language_of(request)))
        page = account_page(request, member, device_problems=(problem,))
        return render_for_staff(request, member, page, status=422)
    return RedirectResponse("/office/account?device#devices", status_code=303)


@router.post("/account/devices/{entry}/off")
def switch_device_off(request: Request, session: Reader, entry: str, form: SubmittedForm) -> Response:
    """Switch a device of one's own off. Raises AccessError: device_unknown."""
    check_form(request, form, session_token(request))
    end_device(services_of(request).office, session.staff, number_in(entry))
    return RedirectResponse("/office/account#devices", status_code=303)


def _enrol(request: Request, session: Reader, form: Form, brought: Brought) -> None:
    password = SecretBytes(form.raw("device_password").encode())
    code = form.text("device_code")
    enrol_device(services_of(request).office, session.staff, form.text("label"), brought, password, code)
