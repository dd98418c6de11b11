"""What a petitioner's client calls: ciphertext in, ciphertext out; the service opens none of it (laws L1, L2)."""

import base64
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from app.domain.cosigners import HOLDER
from app.domain.entities import CaseId
from app.domain.errors import AccessError
from app.domain.known_states import compare_known
from app.usecases.acknowledge_petition import acknowledge_petition
from app.usecases.fetch_case_key import fetch_case_key, fetch_genesis
from app.usecases.file_petition import file_petition
from app.usecases.keep_part import keep_part
from app.usecases.list_history import list_history
from app.usecases.open_case import locate_object, locate_objects, open_case, part_reader, read_own_record
from app.usecases.refile_case import refile_case
from app.usecases.revise_petition import revise_petition
from app.usecases.sign_in_holder import begin_sign_in, sign_in_holder, sign_out_holder
from app.usecases.tell_status import tell_certificate, tell_status
from app.web.access import Holder, Public
from app.web.bodies import FILING, RawPart, Strict, documents, json_body
from app.web.entries import entry_json
from app.web.limits import Act, limited
from app.web.services import services_of
from app.web.sessions import case_cookie, challenge_cookie

router = APIRouter(prefix="/api/v1")
OBJECTS_COUNT = 500
KNOWN_SIZE = 64 * 1024
"""Characters of a checkpoint."""
OBJECTS_SIZE = 16 * 1024 * 1024
"""Ciphertexts, and bytes of them, in one call."""
_PARTS_AT_ONCE = 32  # an identity has 17 kB: half a MiB at a time


class EvidenceCopy(Strict):
    """A copy of evidence for the office: its head as canonical text, its pages as encrypted parts, and their key."""

    copy_: int = Field(alias="copy")
    record: str
    key: str
    parts: list[str]


class Filing(Strict):
    """A sealed filing; `parts` are small ciphertext parts in base64 by their SHA-256."""

    genesis: str
    manifest: str
    case_log_key: str
    status_hash: str
    record: str
    upload: str | None
    parts: dict[str, str]
    copies: Annotated[list[EvidenceCopy], Field(default_factory=list)]


class AnswerRecord(Strict):
    """The answer to a question as the office reads it: canonical text."""

    question: int
    record: str


class Revision(Strict):
    """A next version: `record` is null where it stays; `parts` are new small ciphertext parts, as in a filing."""

    manifest: str
    record: str | None
    answer: AnswerRecord | None
    upload: str | None
    parts: dict[str, str]
    copies: Annotated[list[EvidenceCopy], Field(default_factory=list)]


class Refiled(Strict):
    """A note of type resguardo/link/v1, signed by the case keys of both cases."""

    note: str


class CaseKeyQuestion(Strict):
    """The status code of the case."""

    code: str


class ChallengeQuestion(Strict):
    """The case to sign in to."""

    case: str


class Acknowledgement(Strict):
    """When the official office received the petition (a day, such as 2026-03-12), and its reference."""

    date: str
    reference: str
    reason: str = ""


class SignIn(Strict):
    """A signed note of type resguardo/sign-in/v1; and the newest checkpoint of the log that the device knows."""

    note: str
    known: Annotated[str, Field(max_length=KNOWN_SIZE)] = ""


class ObjectsQuestion(Strict):
    """The SHA-256 of each ciphertext, in the order in which they are to be joined."""

    objects: Annotated[list[str], Field(min_length=1, max_length=OBJECTS_COUNT)]


class StatusQuestion(Strict):
    """The status code, in any spacing."""

    code: str


@router.put("/uploads/{upload}/{sha256}", status_code=204, response_class=Response, dependencies=[limited(Act.UPLOAD)])
def put_part(request: Request, upload: str, sha256: str, _: Public, part: RawPart) -> Response:
    """Keep a sealed part for the filing call that will name it."""
    services = services_of(request)
    keep_part(services.petitioner, upload, sha256, part, upload_limit=services.upload_limit)
    return Response(status_code=204)


@router.post("/petitions", status_code=201, openapi_extra=documents(Filing), dependencies=[limited(Act.FILING)])
def post_petition(request: Request, _: Public, filing: Annotated[Filing, json_body(Filing, FILING)]) -> JSONResponse:
    """File: the same manifest again gives the same receipt with status 200."""
    filed = file_petition(services_of(request).petitioner, filing.model_dump(by_alias=True))
    body = {
        "case": filed.case,
        "entry_index": filed.entry_index,
        "received": filed.received,
        "receipt": filed.receipt,
    }
    return JSONResponse(body, status_code=200 if filed.repeated else 201)


@router.get("/cases/{case}/genesis")
def get_genesis(request: Request, case: str, _: Public) -> dict[str, str]:
    """Return a case's founding text."""
    return {"genesis": fetch_genesis(services_of(request).petitioner, CaseId(case))}


@router.post("/cases/{case}/key", openapi_extra=documents(CaseKeyQuestion))
def post_case_key(
    request: Request, case: str, _: Public, question: Annotated[CaseKeyQuestion, json_body(CaseKeyQuestion)]
) -> dict[str, Any]:
    """Return the sealed case key to whoever has case number and status code."""
    services = services_of(request)
    with services.limits.question(request, Act.CASE_KEY, case):
        found = fetch_case_key(services.petitioner, CaseId(case), question.code)
    case_key = base64.b64encode(found.case_key).decode()
    return {**_founded(found.genesis, found.manifests), "case_key": case_key}


@router.post("/sign-in/challenge", openapi_extra=documents(ChallengeQuestion))
def post_challenge(
    request: Request, _: Public, question: Annotated[ChallengeQuestion, json_body(ChallengeQuestion)]
) -> JSONResponse:
    """Return a nonce of single use, bound to the asker by a cookie."""
    services = services_of(request)
    services.limits.take(request, Act.CHALLENGE, question.case)
    challenge = begin_sign_in(services.petitioner, CaseId(question.case))
    response = JSONResponse({"nonce": challenge.nonce, "expires": challenge.expires})
    challenge_cookie(https=services.https).set(response, challenge.browser)
    return response


@router.post("/sign-in", status_code=204, response_class=Response, openapi_extra=documents(SignIn))
def post_sign_in(request: Request, _: Public, sign_in: Annotated[SignIn, json_body(SignIn)]) -> Response:
    """Open a session for whoever signed the challenge with the case's sign-in key.

    204; or 200 and {"log": "contradicted"} where the device knows a state of the log that is none of this one's.
    """
    services = services_of(request)
    browser = challenge_cookie(https=services.https).read(request) or ""
    token = sign_in_holder(services.petitioner, sign_in.note, browser, services.addresses)
    contradicted = bool(sign_in.known) and compare_known(services.petitioner, sign_in.known, HOLDER)
    response = JSONResponse({"log": "contradicted"}) if contradicted else Response(status_code=204)
    challenge_cookie(https=services.https).clear(response)
    case_cookie(https=services.https).set(response, token)
    return response


@router.delete("/session", status_code=204, response_class=Response)
def delete_session(request: Request, _: Holder) -> Response:
    """End the session."""
    services = services_of(request)
    cookie = case_cookie(https=services.https)
    sign_out_holder(services.petitioner, cookie.read(request) or "")
    response = Response(status_code=204)
    cookie.clear(response)
    return response


@router.get("/case")
def get_case(request: Request, holder: Holder) -> dict[str, Any]:
    """Return what the client verifies everything else against."""
    case = open_case(services_of(request).petitioner, holder)
    return {
        "case": holder.case,
        **_founded(case.genesis, case.manifests),
        "received": case.received,
        "entries": case.entries,
        "entry": entry_json(case.entry),
    }


@router.post("/case/revisions", status_code=201, openapi_extra=documents(Revision), dependencies=[limited(Act.FILING)])
def post_revision(
    request: Request, holder: Holder, revision: Annotated[Revision, json_body(Revision, FILING)]
) -> JSONResponse:
    """Take the next version of the case: the same manifest again gives the same receipt with status 200."""
    revised = revise_petition(services_of(request).petitioner, holder.case, revision.model_dump(by_alias=True))
    body = {
        "case": revised.case,
        "entry_index": revised.entry_index,
        "received": revised.received,
        "receipt": revised.receipt,
    }
    return JSONResponse(body, status_code=200 if revised.repeated else 201)


@router.post("/case/refiled", openapi_extra=documents(Refiled))
def post_refiled(request: Request, holder: Holder, stated: Annotated[Refiled, json_body(Refiled)]) -> dict[str, Any]:
    """Say that a later case refiles this one: the entry that this made, none if it was said before."""
    made = refile_case(services_of(request).petitioner, holder.case, stated.note)
    return {"repeated": not made, "entries": [entry_json(each) for each in made]}


@router.get("/case/objects/{sha256}", response_class=StreamingResponse)
def get_object(request: Request, sha256: str, holder: Holder) -> Response:
    """Return a ciphertext of the case, part by part."""
    portal = services_of(request).petitioner
    parts = locate_object(portal, holder.case, sha256)
    read = part_reader(portal)

    def stream() -> Iterator[bytes]:
        yield from (read(part) for part in parts)

    return StreamingResponse(stream(), media_type="application/octet-stream")


@router.post("/case/objects", response_class=StreamingResponse, openapi_extra=documents(ObjectsQuestion))
def post_objects(
    request: Request, holder: Holder, question: Annotated[ObjectsQuestion, json_body(ObjectsQuestion)]
) -> Response:
    """Return ciphertexts of the case one behind the other; their sizes stand in the manifest. 422 beyond 16 MiB."""
    portal = services_of(request).petitioner
    located = locate_objects(portal, holder.case, question.objects)
    if located.size > OBJECTS_SIZE:
        raise HTTPException(422)
    read = part_reader(portal)

    def stream() -> Iterator[bytes]:
        for start in range(0, len(located.parts), _PARTS_AT_ONCE):
            yield b"".join(map(read, located.parts[start : start + _PARTS_AT_ONCE]))

    headers = {"content-length": str(located.size)}
    return StreamingResponse(stream(), media_type="application/octet-stream", headers=headers)


@router.get("/case/record")
def get_record(request: Request, holder: Holder) -> dict[str, Any]:
    """Return the redacted record as reviewers see it; the reading is logged before."""
    own = read_own_record(services_of(request).petitioner, holder.case)
    return {"record": own.record, "entry_index": own.entry_index, "proof": own.proof}


@router.post("/case/acknowledgement", openapi_extra=documents(Acknowledgement))
def post_acknowledgement(
    request: Request, holder: Holder, stated: Annotated[Acknowledgement, json_body(Acknowledgement)]
) -> dict[str, Any]:
    """State or correct D0: the log entries that this made, none if the same was stated before."""
    portal = services_of(request).petitioner
    made = acknowledge_petition(portal, holder.case, stated.date, stated.reference, stated.reason)
    return {"repeated": not made, "entries": [entry_json(step) for step in made]}


@router.get("/case/history")
def get_history(request: Request, holder: Holder) -> dict[str, Any]:
    """Return every entry of the case with its proof, and the entries that say when readers' devices must sign."""
    history = list_history(services_of(request).petitioner, holder.case)
    return {
        "entries": [entry_json(entry) for entry in history.entries],
        "case_counter": history.counter,
        "signing_rules": [entry_json(entry) for entry in history.rules],
    }


@router.post("/status", response_model=dict[str, Any], openapi_extra=documents(StatusQuestion))
def ask_status(
    request: Request, _: Public, question: Annotated[StatusQuestion, json_body(StatusQuestion)]
) -> JSONResponse:
    """Return where a case stands, with the signed statement of the same."""
    services = services_of(request)
    with services.limits.question(request, Act.STATUS):
        try:
            status = tell_status(services.petitioner, question.code)
        except AccessError:
            certificate = tell_certificate(services.petitioner, question.code)
            if certificate is None:
                raise
            return JSONResponse({"stage": "DESTROYED", "certificate": certificate})
    return JSONResponse({**status.body, "note": status.note})


def _founded(genesis: str, manifests: Sequence[str]) -> dict[str, Any]:
    """Return what a case is verified by: its founding text, every manifest note in order, the newest by itself."""
    return {"genesis": genesis, "manifest": manifests[-1], "manifests": list(manifests)}
