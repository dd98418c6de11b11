"""Assisted intake as pages without scripts: one question page after another, then the review, the words, the files.

The server keeps nothing between them: each form carries all that was said (assisted_kept.py), in POST bodies only, read
into bounded memory by the door (assisted_door.py). The last form files by the same steps as the JSON call, under a key
drawn before: sent twice, or sent again after a lost answer, it files once and gives the same receipt.
"""

import json
import re
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from app.domain.assisted import MAX_FILE, AssistedCall
from app.domain.deadlines import legal_day
from app.domain.errors import AssistedError, DomainError, LimitError
from app.domain.reminders import MEDIA_TYPE, file_name, reminder_days, reminder_file
from app.usecases.file_assisted import AssistedFiled, file_assisted
from app.usecases.tell_status import tell_status
from app.web.access import Public
from app.web.assisted_case import address_of, case_file
from app.web.assisted_door import CALL, MIB, TURN, quietly
from app.web.assisted_kept import Begun, Kept
from app.web.assisted_walk import ALL_FILES, FIELDS, REPEATABLE, Walk
from app.web.contexts.assisted import AssistedLeftPage, AssistedOffPage, AssistedReceiptPage, AssistedStartPage
from app.web.contexts.frame import Page, Problem
from app.web.csrf import check_form, form_token
from app.web.downloads import inside
from app.web.errors import status_of
from app.web.forms import Form, form_of, parse_form
from app.web.language import language_of
from app.web.limits import Act, limited
from app.web.multipart import Upload, boundary_of, parse_multipart
from app.web.services import services_of
from app.web.sessions import form_cookie, new_token

router = APIRouter(prefix="/assisted", include_in_schema=False)
_FILE_FIELD = re.compile(r"file-([1-9]\d?)")
_LONGEST_NAME = 120
_FORGET = '"cache"'
"""Clear-Site-Data: what the browser holds of our pages, also to go back to them."""


@router.get("", response_class=HTMLResponse)
def show_start(request: Request, _: Public) -> Response:
    """Say what this page cannot do, before anything is typed."""
    services = services_of(request)
    if not services.assisted.is_open:
        return services.pages.render(request, AssistedOffPage())
    cookie = form_cookie(https=services.https)
    known = cookie.read(request)
    value = known or new_token(services.petitioner.random)
    page = AssistedStartPage(MAX_FILE // MIB, ALL_FILES)
    response = services.pages.render(request, page, form_token=form_token(value))
    if known is None:
        cookie.set(response, value)
    return response


@router.get("/leave", response_class=HTMLResponse)
def leave(request: Request, _: Public) -> Response:
    """Take the form's cookie away: the pages before can no longer be sent, and the browser is asked to forget them."""
    services = services_of(request)
    response = services.pages.render(request, AssistedLeftPage())
    form_cookie(https=services.https).clear(response)
    response.headers["clear-site-data"] = _FORGET
    return response


@router.post("", response_class=HTMLResponse, dependencies=[limited(Act.ASSISTED_PAGE)])
async def take_turn(request: Request, _: Public) -> Response:
    """Take up one page's answers and show the next page."""

    def turn(body: bytearray) -> Response:
        form = parse_form(bytes(body), fields=FIELDS, repeatable=REPEATABLE)
        body.clear()
        walk = _walk(request, form)
        return _render(request, walk.turn(form.text("place"), form.text("go"), form))

    async with services_of(request).assisted.body(request, TURN) as body:
        return await run_in_threadpool(quietly, turn, body)


@router.post("/file", response_class=HTMLResponse, dependencies=[limited(Act.FILING)])
async def file_petition(request: Request, _: Public) -> Response:
    """File what was said, with the files chosen on the last page."""
    boundary = boundary_of(request)

    def file(body: bytearray) -> Response:
        parts = parse_multipart(body, boundary)
        body.clear()  # the parts are copies: files are in memory once
        return _file(request, _walk(request, form_of(parts.pairs, REPEATABLE)), parts.files)

    async with services_of(request).assisted.body(request, CALL) as body:
        return await run_in_threadpool(quietly, file, body)


def _walk(request: Request, form: Form) -> Walk:
    services = services_of(request)
    check_form(request, form, form_cookie(https=services.https).read(request))
    return Walk(services.petitioner, language_of(request), Kept.read(form.text("kept")))


def _render(request: Request, page: Page, status: int = 200) -> Response:
    services = services_of(request)
    token = form_token(form_cookie(https=services.https).read(request) or "")
    return services.pages.render(request, page, status=status, form_token=token)


def _file(request: Request, walk: Walk, uploads: tuple[Upload, ...]) -> Response:
    services, begun = services_of(request), walk.kept.begun
    if begun is None or not walk.kept.copied:
        return _render(request, walk.page("confirm"))
    try:
        call = _call(walk, begun, uploads)
        filed = file_assisted(services.petitioner, call, upload_limit=services.upload_limit)
    except LimitError:
        raise
    except DomainError as error:
        problem = Problem(_field_of(error), error.text(walk.language))
        return _render(request, walk.page("confirm", (problem,)), status_of(error))
    return _render(request, _receipt(request, filed, walk.language, begun))


def _call(walk: Walk, begun: Begun, uploads: tuple[Upload, ...]) -> AssistedCall:
    """Return the filing call; a file's name gets its number before it, so that two may be called the same."""
    names, contents = {}, {}
    for upload in uploads:
        found = _FILE_FIELD.fullmatch(upload.place)
        if found is None or int(found[1]) in names:
            raise AssistedError("assisted_form")
        names[int(found[1])] = name = f"{found[1]}-{_plain_name(upload.name)}"
        contents[name] = upload.data
        if len(upload.data) > MAX_FILE:
            raise AssistedError("file_large", upload.place, limit=MAX_FILE // MIB)
    return AssistedCall(
        petition=walk.petition(names),
        language=begun.language,
        decisions=walk.kept.decisions,
        careful=False,
        signed_off=(),
        words=begun.words,
        preparation=begun.preparation,
        holders=(),
        files=contents,
        key=begun.key,
    )


def _plain_name(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    return "".join(character for character in last if character.isprintable()).strip()[-_LONGEST_NAME:] or "file"


def _field_of(error: DomainError) -> str:
    return error.field if _FILE_FIELD.fullmatch(error.field) else ""


def _receipt(request: Request, filed: AssistedFiled, language: str, begun: Begun) -> AssistedReceiptPage:
    portal = services_of(request).petitioner
    case = case_file(portal.facts, filed, address_of(request), begun.language)
    status = tell_status(portal, filed.status_code)
    today = legal_day(portal.clock())
    days = reminder_days(status.due, status.body["question"], today)
    return AssistedReceiptPage(
        case=filed.filed.case,
        status_code=filed.status_code,
        received=datetime.fromisoformat(filed.filed.received),
        case_json=inside(json.dumps(case, indent=2, sort_keys=True).encode(), "application/json"),
        receipt=inside(filed.filed.receipt.encode(), "text/plain"),
        calendar=inside(reminder_file(days, language, today, portal.random), MEDIA_TYPE),
        calendar_name=file_name(language),
    )
