"""Assisted intake: the other door, for programs and people who cannot seal (law L2). The service reads the names here,
in memory, for the length of a call.

Nothing of a call may reach a log: what goes wrong in an unforeseen way is told by its kind and place alone, since the
words of an exception could quote what was sent.
"""

import base64
import binascii
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from app.domain.assisted import AssistedCall
from app.domain.errors import AssistedError
from app.domain.filing import Decision, Finding
from app.domain.filing.manifest import MAX_FILES, ROSTER_SIZE
from app.i18n import LANGUAGES, N_, t
from app.usecases.file_assisted import AssistedFiled, file_assisted
from app.usecases.prepare_assisted import Prepared, prepare_assisted
from app.web.access import Public
from app.web.assisted_case import address_of, case_file
from app.web.assisted_door import CALL, PREPARE, quietly
from app.web.bodies import Strict, documents
from app.web.language import language_of
from app.web.limits import Act, limited
from app.web.services import Services, services_of

router = APIRouter(prefix="/api/v1/assisted")

_NOTICE = N_(
    "Assisted intake: for the length of this call the service reads the names that the petition holds. It stores them "
    "sealed only. Whoever can, seals on their own device instead."
)
_ONE_HOLDER = N_("Only you will be able to open this case. If your words are lost, the names are lost.")
_KEEP = N_("Keep words, preparation and a key of your own before you file: with them a lost answer loses nothing.")

M = TypeVar("M", bound=Strict)
R = TypeVar("R")


def _decoded(text: Any) -> bytes:
    if isinstance(text, str):
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            pass
    raise ValueError("base64")


Language = Annotated[str, StringConstraints(pattern=f"^({'|'.join(LANGUAGES)})$")]
Line = Annotated[str, StringConstraints(max_length=1024)]


class FileSize(Strict):
    """A file that will come with the filing: what `evidence[].file` says, and its size in bytes."""

    file: Line
    size: Annotated[int, Field(ge=0)]


class File(Strict):
    """A file: what `evidence[].file` says, and its content in base64."""

    file: Line
    data: Annotated[bytes, BeforeValidator(_decoded), Field(repr=False)]


class Preparing(Strict):
    """A petition in the JSON content model, unsealed; the language of the words; files that will come with it."""

    petition: Annotated[dict[str, Any], Field(repr=False)]
    language: Language | None = None
    files: Annotated[tuple[FileSize, ...], Field(max_length=MAX_FILES)] = ()


class AssistedPetition(Strict):
    """An unsealed petition with all decisions; `words` and `preparation` as *prepare* returned them.

    `idempotency_key`: 32 to 128 random hex digits of the caller's. `careful`: whatever is not decided is hidden if it
    could tell who somebody is, and every text counts as signed off.
    """

    petition: Annotated[dict[str, Any], Field(repr=False)]
    language: Language | None = None
    words: Annotated[str, StringConstraints(max_length=1024), Field(repr=False)]
    preparation: Annotated[str, StringConstraints(max_length=128), Field(repr=False)]
    idempotency_key: Annotated[str, StringConstraints(max_length=128), Field(repr=False)]
    decisions: dict[str, Decision] = Field(default_factory=dict, repr=False)
    careful: bool = False
    signed_off: tuple[str, ...] = ()
    holders: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=4096)], ...], Field(max_length=ROSTER_SIZE)
    ] = ()
    files: Annotated[tuple[File, ...], Field(max_length=MAX_FILES, repr=False)] = ()


@router.post("/prepare", openapi_extra=documents(Preparing), dependencies=[limited(Act.FILING)])
async def post_prepare(request: Request, _: Public) -> JSONResponse:
    """Return words, case number, status code and all that must be decided; nothing is stored."""
    services = services_of(request)
    shown = language_of(request)

    def prepare(body: bytearray) -> dict[str, Any]:
        call = _parsed(Preparing, body)
        sizes = _by_name([(file.file, file.size) for file in call.files])
        prepared = prepare_assisted(services.petitioner, call.petition, call.language or shown, sizes)
        return _told_prepared(prepared, shown)

    async with services.assisted.body(request, PREPARE) as body:
        return JSONResponse(await run_in_threadpool(quietly, prepare, body))


@router.post(
    "/petitions",
    status_code=201,
    openapi_extra=documents(AssistedPetition),
    dependencies=[limited(Act.FILING)],
)
async def post_assisted_petition(request: Request, _: Public) -> JSONResponse:
    """File an unsealed petition: the same call again gives the same case and receipt with status 200."""
    services = services_of(request)
    shown = language_of(request)
    address = address_of(request)

    def file(body: bytearray) -> tuple[dict[str, Any], int]:
        call = _parsed(AssistedPetition, body)
        body.clear()  # the text goes before its contents are sealed
        language = call.language or shown
        filed = file_assisted(services.petitioner, _call(call, language), upload_limit=services.upload_limit)
        return _told_filed(services, filed, address, language), 200 if filed.filed.repeated else 201

    async with services.assisted.body(request, CALL) as body:
        content, status = await run_in_threadpool(quietly, file, body)
    return JSONResponse(content, status_code=status)


def _parsed(model: type[M], body: bytearray) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False, include_context=False)[0]["loc"]
    field = place[0] if place and place[0] in model.model_fields else ""
    raise AssistedError("assisted_form", str(field))


def _by_name(files: list[tuple[str, R]]) -> dict[str, R]:
    found: dict[str, R] = {}
    for place, (name, value) in enumerate(files):
        if name in found:
            raise AssistedError("file_twice", f"files[{place}]")
        found[name] = value
    return found


def _call(body: AssistedPetition, language: str) -> AssistedCall:
    return AssistedCall(
        petition=body.petition,
        language=language,
        decisions=body.decisions,
        careful=body.careful,
        signed_off=body.signed_off,
        words=body.words,
        preparation=body.preparation,
        holders=body.holders,
        files=_by_name([(file.file, file.data) for file in body.files]),
        key=body.idempotency_key,
    )


def _told_prepared(prepared: Prepared, shown: str) -> dict[str, Any]:
    review, loaded = prepared.review, prepared.loaded
    return {
        "words": " ".join(prepared.words),
        "preparation": prepared.preparation,
        "case": prepared.case,
        "status_code": prepared.status_code,
        "findings": [_told_finding(finding, review.quote(finding), shown) for finding in review.findings],
        "sign_offs": list(review.sign_offs),
        "files": [{"path": path, "file": file} for path, file in prepared.files.items()],
        "careful": {
            "record": prepared.careful_record,
            "refusal": prepared.careful_refusal.text(shown) if prepared.careful_refusal else None,
        },
        "warnings": [
            *(t(shown, text) for text in (_NOTICE, _KEEP, _ONE_HOLDER)),
            *(advice.text(shown) for advice in loaded.warnings),
        ],
        "completeness": {
            "score": loaded.completeness.score,
            "helps": [advice.text(shown) for advice in loaded.completeness.helps],
        },
    }


def _told_finding(finding: Finding, quote: str, shown: str) -> dict[str, Any]:
    return {
        "id": finding.id,
        "path": finding.path,
        "start": finding.start,
        "end": finding.end,
        "kind": finding.kind,
        "reason": t(shown, finding.reason),
        "open": finding.open,
        "careful": "redact" if finding.careful else "keep",
        "quote": quote,
    }


def _told_filed(services: Services, assisted: AssistedFiled, address: str, language: str) -> dict[str, Any]:
    filed = assisted.filed
    return {
        "case": filed.case,
        "entry_index": filed.entry_index,
        "received": filed.received,
        "receipt": filed.receipt,
        "case_json": case_file(services.petitioner.facts, assisted, address, language),
    }
