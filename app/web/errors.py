"""Refusals and failures, in words: problem details (RFC 9457) for programs, pages for people, the same code for both.

1. No answer repeats what was sent: FastAPI's own 422 echoes the input, and here the input may be a witness's name.
2. A program is told the code, the words in its language, and the field where there is one.
3. A person is told what happened and what to do next, never a code alone.
4. A crash says nothing of its cause; that stands in the operator's log.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import (
    AccessError,
    AssistedError,
    DomainError,
    LimitError,
    NoteError,
    NoticeError,
    ProcedureError,
    ServiceError,
    ViewError,
)
from app.domain.ports import Face
from app.i18n import N_, t
from app.web.contexts.frame import ErrorPage
from app.web.headers import protect
from app.web.language import language_of
from app.web.services import services_of

PROBLEM_TYPE: Final = "application/problem+json"
_PROGRAMS: Final = ("/api/", "/log/", "/health")
_RETRY_SECONDS: Final = "60"
_SIGN_IN: Final = "/office/sign-in"


@dataclass(frozen=True)
class Words:
    """What is said about a status: its code for programs, a title, what happened, what to do."""

    code: str
    title: str
    detail: str
    next_step: str


_UNAVAILABLE = Words(
    "unavailable",
    N_("Not possible at the moment"),
    N_("The portal cannot do this at the moment. Nothing was stored and nothing was lost."),
    N_("Try again in a few minutes. If it goes on, tell the operator of the portal."),
)
STATUS_WORDS: Final[Mapping[int, Words]] = {
    400: Words(
        "bad_request",
        N_("The request was not understood"),
        N_("What arrived is not a request that this portal knows."),
        N_("Go back and try again."),
    ),
    401: Words(
        "sign_in_needed",
        N_("Sign in first"),
        N_("This page is only for people who have signed in."),
        N_("Sign in and come back."),
    ),
    403: Words(
        "forbidden",
        N_("This is not open to you"),
        N_("The form was too old, or your role does not include this."),
        N_("Load the page again and repeat. Nothing was changed."),
    ),
    404: Words(
        "not_found",
        N_("There is nothing here"),
        N_("The address is mistyped, or what stood here is gone."),
        N_("Check the address, or begin at the start page."),
    ),
    405: Words(
        "method_not_allowed",
        N_("That does not work at this address"),
        N_("The address exists, but it cannot be used in this way."),
        N_("Begin at the start page."),
    ),
    409: Words(
        "conflict",
        N_("This does not fit with what is already here"),
        N_("Something else was stored under the same number. Nothing was changed."),
        N_("Check what you sent."),
    ),
    413: Words(
        "too_large",
        N_("That is too large"),
        N_("More arrived than this address accepts. Nothing was stored."),
        N_("Send less at once."),
    ),
    415: Words(
        "media_type",
        N_("That kind of content is not accepted"),
        N_("The content is not of the kind that this address reads."),
        N_("Use the form on the page."),
    ),
    422: Words(
        "invalid",
        N_("Something is missing or does not fit"),
        N_("What arrived is not complete or does not have the right form. Nothing was stored."),
        N_("Go back, check the fields and send it again."),
    ),
    429: Words(
        "too_many",
        N_("Too many attempts"),
        N_("There were too many attempts in a short time."),
        N_("Wait a few minutes and try again."),
    ),
    500: Words(
        "internal",
        N_("Something failed here"),
        N_("The mistake is ours, not yours. What was confirmed with a receipt is safe."),
        N_("Try again. If it fails again, tell the operator of the portal."),
    ),
    503: _UNAVAILABLE,
}

_STATUS_OF: Final[Mapping[str, int]] = {
    "sign_in_needed": 401,
    "sign_in_failed": 401,
    "sign_in_refused": 401,
    "not_allowed": 403,
    "not_assigned": 403,
    "not_coordinator": 403,
    "vouch_oneself": 403,
    "vouch_for": 403,
    "vouched": 403,
    "request_needed": 403,
    "request_wrong": 403,
    "request_old": 409,
    "log_contradicted": 409,
    "device_unknown": 404,
    "devices_off": 409,
    "hand_over_changed": 409,
    "hand_over_undone": 409,
    "case_unknown": 404,
    "code_unknown": 404,
    "object_unknown": 404,
    "link_unknown": 404,
    "view_unknown": 404,
    "staff_unknown": 404,
    "staff_exists": 409,
    "held_back": 409,
    "case_suspended": 409,
    "case_withdrawn": 409,
    "question_unknown": 404,
    "answer_unknown": 404,
    "copy_unknown": 404,
    "public_unknown": 404,
    "public_none": 404,
    "public_flagged": 409,
    "question_closed": 409,
    "step_unlisted": 409,
    "step_not_yours": 403,
    "same_person": 403,
    "draft_changed": 409,
    "no_draft": 409,
    "already_acknowledged": 409,
    "revision_behind": 409,
    "storage_full": 503,
    "storage_busy": 503,
    "read_only": 503,
    "upload_space": 503,
    "assisted_off": 404,
    "assisted_busy": 503,
    "notice_off": 409,
    "key_used": 409,
    "file_large": 413,
    "case_conflict": 409,
    "upload_unknown": 404,
    "upload_quota": 413,
    "part_too_large": 413,
}


_LISTED: Final = (AccessError, AssistedError, NoteError, NoticeError, ProcedureError, ServiceError, ViewError)


def status_of(error: DomainError) -> int:
    """Return the HTTP status of a refusal; what is not listed did not fit, 422."""
    if isinstance(error, _LISTED):
        return _STATUS_OF.get(error.code, 422)
    return 422


def is_for_programs(request: Request) -> bool:
    """Say whether an address is answered in JSON."""
    return request.url.path.startswith(_PROGRAMS)


@dataclass(frozen=True)
class Failure:
    """A refusal ready to be told: status, code, words in the caller's language, and the field if there is one."""

    status: int
    code: str
    title: str
    detail: str
    next_step: str
    field: str = ""


def _words_of(status: int) -> Words:
    return STATUS_WORDS.get(status) or STATUS_WORDS[500 if status >= 500 else 400]


def _failure(request: Request, status: int, detail: str = "", code: str = "", field: str = "") -> Failure:
    language, words = language_of(request), _words_of(status)
    return Failure(
        status=status,
        code=code or words.code,
        title=t(language, words.title),
        detail=detail or t(language, words.detail),
        next_step=t(language, words.next_step),
        field=field,
    )


def _problem(failure: Failure) -> Response:
    body: dict[str, object] = {
        "type": f"urn:resguardo:problem:{failure.code}",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
    }
    if failure.field:
        body["field"] = failure.field
    return JSONResponse(body, status_code=failure.status, media_type=PROBLEM_TYPE)


def _page(request: Request, failure: Failure) -> Response:
    in_office = request.url.path.startswith("/office") or Face.PETITIONER not in services_of(request).faces
    home = "/office" if in_office else "/"
    page = ErrorPage(failure.status, failure.title, failure.detail, failure.next_step, home)
    return services_of(request).pages.render(request, page, status=failure.status)


def _tell(request: Request, failure: Failure, headers: Mapping[str, str] | None = None) -> Response:
    response = _problem(failure) if is_for_programs(request) else _page(request, failure)
    response.headers.update(headers or {})
    if failure.status in (429, 503):
        response.headers.setdefault("retry-after", _RETRY_SECONDS)
    return response


def tell_refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal of the domain; who must sign in first is led there."""
    assert isinstance(error, DomainError)
    if error.code == "sign_in_needed" and not is_for_programs(request):
        return RedirectResponse(_SIGN_IN, status_code=303)
    detail = error.text(language_of(request))
    return _tell(request, _failure(request, status_of(error), detail, error.code, error.field))


async def tell_limit(request: Request, error: Exception) -> Response:
    """Answer who comes too often, after a while in which no thread waits: a loop slows down by itself (limits.py)."""
    assert isinstance(error, LimitError)
    await asyncio.sleep(services_of(request).limits.delay)
    status = 429 if error.code == "too_many" else 503
    failure = _failure(request, status, error.text(language_of(request)), error.code)
    return _tell(request, failure, {"retry-after": str(error.seconds)})


def tell_http(request: Request, error: Exception) -> Response:
    """Answer what the routing or a route refused by status alone; the exception's own text is not shown."""
    assert isinstance(error, HTTPException)
    return _tell(request, _failure(request, error.status_code), error.headers)


def tell_invalid(request: Request, error: Exception) -> Response:
    """Answer a body or parameter of the wrong form, naming at most one field that we declared ourselves."""
    assert isinstance(error, RequestValidationError)
    return _tell(request, _failure(request, 422, field=_declared_field(error)))


def _declared_field(error: RequestValidationError) -> str:
    for found in error.errors():
        place = found["loc"]
        # An undeclared field's own name comes from the caller, and so do keys further down.
        if found["type"] != "extra_forbidden" and len(place) > 1 and isinstance(place[1], str):
            return place[1]
    return ""


def tell_crash(request: Request, _error: Exception) -> Response:
    """Answer a failure of ours; this answer leaves outside of all middleware, so its headers are set here."""
    response = _tell(request, _failure(request, 500))
    protect(response.headers, https=services_of(request).https)
    return response


def install(app: FastAPI) -> None:
    """Make an application answer all its errors as above."""
    app.add_exception_handler(DomainError, tell_refusal)
    app.add_exception_handler(LimitError, tell_limit)
    app.add_exception_handler(HTTPException, tell_http)
    app.add_exception_handler(RequestValidationError, tell_invalid)
    app.add_exception_handler(Exception, tell_crash)
