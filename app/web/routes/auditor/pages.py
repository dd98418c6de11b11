"""Pages for auditors: the log as it is published, how to check it elsewhere, and openings to download."""

import base64
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import JSONResponse, Response

from app.domain.entities import StaffMember
from app.domain.errors import AccessError
from app.usecases.hand_out_openings import hand_out_openings
from app.web.access import Auditor
from app.web.contexts.auditor import AuditPage
from app.web.contexts.frame import Problem
from app.web.csrf import check_form
from app.web.forms import Form, SubmittedForm
from app.web.language import language_of
from app.web.office_pages import render_for_staff, session_token
from app.web.services import services_of
from app.web.words import moment
from crypto.log.checkpoint import Checkpoint

router = APIRouter(prefix="/office/audit", include_in_schema=False)
_DIGITS = 12


@router.get("", response_class=HTMLResponse)
def show_audit(request: Request, session: Auditor) -> Response:
    """Show the published log and the form for openings."""
    return _show(request, session.staff)


@router.post("/openings")
def download_openings(request: Request, session: Auditor, form: SubmittedForm) -> Response:
    """Log that openings of a range are fetched, and hand them out as a file."""
    check_form(request, form, session_token(request))
    try:
        start, end = _number(form, "from"), _number(form, "to")
        openings = hand_out_openings(services_of(request).office, session.staff, start, end)
    except AccessError as error:
        if error.code != "range":
            raise
        return _show(request, session.staff, Problem(error.field, error.text(language_of(request))))
    name = f"openings-{openings['from']}-{openings['to']}.json"
    return JSONResponse(openings, headers={"content-disposition": f'attachment; filename="{name}"'})


def _number(form: Form, field: str) -> int:
    text = form.text(field)
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise AccessError("range", field)
    return int(text)


def _show(request: Request, member: StaffMember, *problems: Problem) -> Response:
    office = services_of(request).office
    checkpoint = Checkpoint.of_note(office.log.checkpoint())
    language = language_of(request)

    def shown(time: int) -> str:
        return moment(language, datetime.fromtimestamp(time, UTC))

    page = AuditPage(
        origin=office.facts.log_origin,
        vkey=office.facts.log_vkey,
        size=checkpoint.size,
        root=base64.b64encode(checkpoint.root).decode(),
        publish_every=office.facts.publish_every,
        cosigned=tuple((each.size, shown(each.time)) for each in office.log.cosigners() if each.time),
        alarms=tuple((alarm.size, alarm.told, shown(alarm.at)) for alarm in office.log.alarms()),
        problems=problems,
    )
    return render_for_staff(request, member, page, status=422 if problems else 200)
