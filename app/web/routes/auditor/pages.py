"""Pages for auditors: findings first, the log as it is published, openings, draws and rows to download, a report."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import JSONResponse, Response

from app.audit.reporting.folder import KEYS, Inputs, make, with_about, zipped
from app.domain.entities import StaffMember
from app.domain.errors import AccessError
from app.domain.ports import Portal
from app.usecases.announce_draw import announce_draw
from app.usecases.hand_out_openings import MOST, hand_out_named, hand_out_openings
from app.usecases.hand_out_rows import hand_out_rows
from app.usecases.tell_served import tell_served
from app.web.access import Auditor
from app.web.audit_view import PublishedFiles, look_of, opened_of, served_of, way_of
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
_MOST_LIST = 14_000
"""Characters of a list of entries, within a form's 16 KiB."""


@router.get("", response_class=HTMLResponse)
def show_audit(request: Request, session: Auditor, entry: int | None = None, since: int = 0) -> Response:
    """Show the published log, what the portal ran, and with `entry` why that entry is in the log.

    `since` is where an auditor's own files end: the forms begin there.
    """
    size = services_of(request).office.log.published_size()
    if entry is None or not 0 <= entry < size:
        return _show(request, session.staff, since=min(max(since, 0), size))
    office = services_of(request).office
    checkpoint = Checkpoint.of_note(office.log.checkpoint())
    return _show(request, session.staff, way=way_of(PublishedFiles(office.log), checkpoint, entry))


@router.post("/look", response_class=HTMLResponse)
def look_through(request: Request, session: Auditor, form: SubmittedForm) -> Response:
    """Log that everything so far is opened, apply the rules to it, and show what they find."""
    check_form(request, form, session_token(request))
    office = services_of(request).office
    size = office.log.published_size()
    openings = _all_openings(office, session.staff, size)
    since = min(_number(form, "since"), size) if form.text("since") else 0
    look = look_of(PublishedFiles(office.log), size, openings, language_of(request), since)
    return _show(request, session.staff, look=look, since=since)


@router.post("/entry", response_class=HTMLResponse)
def open_entry(request: Request, session: Auditor, form: SubmittedForm) -> Response:
    """Log that one entry is opened, and show it field by field, with its way to the root."""
    check_form(request, form, session_token(request))
    office = services_of(request).office
    try:
        index = _number(form, "entry")
        told: Mapping[str, Any] = hand_out_named(office, session.staff, [index])
    except AccessError as error:
        return _refused(request, session.staff, error, "entry")
    files = PublishedFiles(office.log)
    checkpoint = Checkpoint.of_note(office.log.checkpoint())
    opened = opened_of(files, checkpoint.size, [each for each in told["openings"] if each["index"] == index])
    return _show(request, session.staff, opened=opened, way=way_of(files, checkpoint, index))


@router.post("/openings")
def download_openings(request: Request, session: Auditor, form: SubmittedForm) -> Response:
    """Log that openings of a range, or of named entries, are fetched, and hand them out as a file."""
    check_form(request, form, session_token(request))
    office = services_of(request).office
    try:
        if listed := form.text("indexes"):
            openings = hand_out_named(office, session.staff, _numbers(listed))
            name = f"openings-drawn-{len(listed.split(','))}.json"
        else:
            openings = hand_out_openings(office, session.staff, _number(form, "from"), _number(form, "to"))
            name = f"openings-{openings['from']}-{openings['to']}.json"
    except AccessError as error:
        return _refused(request, session.staff, error, error.field)
    return _file(openings, name)


@router.post("/rows")
def download_rows(request: Request, session: Auditor, form: SubmittedForm) -> Response:
    """Log that the rows are fetched, and hand them out as a file."""
    check_form(request, form, session_token(request))
    try:
        since = _number(form, "since")
        rows = hand_out_rows(services_of(request).office, session.staff, since)
    except AccessError as error:
        return _refused(request, session.staff, error, "since")
    return _file(rows, f"rows-{since}-{rows['size']}.json")


@router.post("/draw")
def begin_draw(request: Request, session: Auditor, form: SubmittedForm) -> Response:
    """Announce a draw in the log, and hand out its file."""
    check_form(request, form, session_token(request))
    try:
        count = _number(form, "count")
        draw: Mapping[str, Any] = announce_draw(services_of(request).office, session.staff, count)
    except AccessError as error:
        return _refused(request, session.staff, error, "count")
    return _file(draw, f"draw-{draw['opening']['index']}.json")


@router.post("/report")
def download_report(request: Request, session: Auditor, form: SubmittedForm) -> Response:
    """Log that openings and rows are fetched, and hand out a report, as the program makes it elsewhere."""
    check_form(request, form, session_token(request))
    office = services_of(request).office
    size = office.log.published_size()
    inputs = _inputs(office, session.staff, size, language_of(request))
    name = f"audit-{size}"
    data = zipped(inputs, make(inputs, PublishedFiles(office.log)), name)
    headers = {"content-disposition": f'attachment; filename="{name}.zip"'}
    return Response(data, media_type="application/zip", headers=headers)


def _inputs(office: Portal, member: StaffMember, size: int, language: str) -> Inputs:
    """Return what a report is made from: everything that an auditor may have, at the newest publication."""
    facts, note = office.facts, office.log.checkpoint()
    files = {
        "checkpoint": note.encode(),
        "rows/0000.json": JSONResponse(hand_out_rows(office, member)).body,
        "served.json": JSONResponse(tell_served(office)).body,
    }
    if facts.key_changes:
        files[KEYS] = JSONResponse(list(facts.key_changes)).body
    for start in range(0, size, MOST):
        part = hand_out_openings(office, member, start, min(start + MOST, size))
        files[f"openings/{start // MOST:04}.json"] = JSONResponse(part).body
    plain = {name: bytes(data) for name, data in files.items()}
    return with_about(plain, facts.log_vkey, facts.publish_every, (), language)


def _all_openings(office: Portal, member: StaffMember, size: int) -> list[Any]:
    found: list[Any] = []
    for start in range(0, size, MOST):
        part: Mapping[str, Any] = hand_out_openings(office, member, start, min(start + MOST, size))
        found += part["openings"]
    return found


def _file(content: Mapping[str, Any], name: str) -> Response:
    return JSONResponse(content, headers={"content-disposition": f'attachment; filename="{name}"'})


def _number(form: Form, field: str) -> int:
    text = form.text(field)
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise AccessError("range", field)
    return int(text)


def _numbers(text: str) -> list[int]:
    words = text.replace("\n", " ").replace(",", " ").split()
    if len(text) > _MOST_LIST or not all(word.isascii() and word.isdigit() and len(word) <= _DIGITS for word in words):
        raise AccessError("named_entries", "indexes", limit=2000)
    return [int(word) for word in words]


def _refused(request: Request, member: StaffMember, error: AccessError, field: str) -> Response:
    if error.code not in {"range", "named_entries", "draw_count"}:
        raise error
    return _show(request, member, problems=(Problem(field, error.text(language_of(request))),))


def _show(request: Request, member: StaffMember, **more: Any) -> Response:
    office = services_of(request).office
    checkpoint = Checkpoint.of_note(office.log.checkpoint())
    language = language_of(request)

    def shown(time: int) -> str:
        return moment(language, datetime.fromtimestamp(time, UTC))

    cosigned = [each for each in office.log.cosigners() if each.time]
    newest = max((each.time for each in cosigned), default=0)
    page = AuditPage(
        origin=office.facts.log_origin,
        vkey=office.facts.log_vkey,
        size=checkpoint.size,
        root=base64.b64encode(checkpoint.root).decode(),
        publish_every=office.facts.publish_every,
        cosigned=tuple((each.size, shown(each.time)) for each in cosigned),
        age=max(office.clock() - newest, 0) // 60 if newest else None,
        alarms=tuple((alarm.size, alarm.told, shown(alarm.at)) for alarm in office.log.alarms()),
        served=served_of(PublishedFiles(office.log), checkpoint.size, tell_served(office)),
        **more,
    )
    return render_for_staff(request, member, page, status=422 if page.problems else 200)
