"""What a signed-in holder says and hears in the procedure: questions, withdrawal, suspension of the office's access."""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Request

from app.domain.entities import Released
from app.domain.moments import rfc3339
from app.domain.proving import ProvenEntry
from app.usecases.read_messages import Message, read_messages
from app.usecases.release_public import list_released, recall_public, release_public
from app.usecases.suspend_access import suspend_access
from app.usecases.withdraw_petition import withdraw_petition
from app.web.access import Holder
from app.web.bodies import FILING, Strict, documents, json_body
from app.web.entries import entry_json
from app.web.limits import Act, limited
from app.web.services import services_of

router = APIRouter(prefix="/api/v1")


class Withdrawal(Strict):
    """That the petition is taken back, said in full: this cannot be undone."""

    withdraw: bool


class Suspension(Strict):
    """Whether the office's access is to be suspended."""

    suspended: bool


class Release(Strict):
    """A public version as canonical text, and the note of type resguardo/release/v1 that the case's key signed."""

    text: str
    note: str


class Recall(Strict):
    """That the public version in force is called back, said in full."""

    withdraw: bool


@router.get("/case/messages")
def get_messages(request: Request, holder: Holder) -> dict[str, Any]:
    """Return the office's questions, sealed to the case; that they were fetched is logged before."""
    found = read_messages(services_of(request).petitioner, holder)
    return {"messages": [_message(each) for each in found]}


@router.post("/case/withdrawal", openapi_extra=documents(Withdrawal))
def post_withdrawal(
    request: Request, holder: Holder, said: Annotated[Withdrawal, json_body(Withdrawal)]
) -> dict[str, Any]:
    """Take the petition back: the log entries that this made, none if it was withdrawn before or nothing was said."""
    portal = services_of(request).petitioner
    return _made(withdraw_petition(portal, holder.case) if said.withdraw else ())


@router.post("/case/suspension", openapi_extra=documents(Suspension))
def post_suspension(
    request: Request, holder: Holder, said: Annotated[Suspension, json_body(Suspension)]
) -> dict[str, Any]:
    """Suspend the office's access or lift that: the log entries that this made, none if it stood so before."""
    return _made(suspend_access(services_of(request).petitioner, holder.case, suspended=said.suspended))


@router.get("/case/public")
def get_public(request: Request, holder: Holder) -> dict[str, Any]:
    """Return what was released of the case, called back or not, and to whom the office handed it; RFC 3339 times."""
    given = list_released(services_of(request).petitioner, holder.case)
    handed = [
        {"version": each.stated.release, "time": rfc3339(each.recorded), "to": each.stated.note}
        for each in given.handed
    ]
    return {"versions": [_released(each) for each in given.versions], "handed": handed}


@router.post("/case/public", openapi_extra=documents(Release), dependencies=[limited(Act.FILING)])
def post_public(
    request: Request, holder: Holder, release: Annotated[Release, json_body(Release, FILING)]
) -> dict[str, Any]:
    """Release a public version, instead of the one in force: the log entries that this made, none if it stood so."""
    return _made(release_public(services_of(request).petitioner, holder.case, release.text, release.note))


@router.post("/case/public/withdrawal", openapi_extra=documents(Recall))
def post_recall(request: Request, holder: Holder, said: Annotated[Recall, json_body(Recall)]) -> dict[str, Any]:
    """Call the public version in force back: the log entries that this made, none if nothing was in force."""
    portal = services_of(request).petitioner
    return _made(recall_public(portal, holder.case) if said.withdraw else ())


def _released(released: Released) -> dict[str, Any]:
    return {
        "version": released.version,
        "sha256": released.sha256,
        "audience": released.audience,
        "note": released.note,
        "released": rfc3339(released.released),
        "withdrawn": rfc3339(released.withdrawn) if released.withdrawn is not None else None,
    }


def _made(entries: tuple[ProvenEntry, ...]) -> dict[str, Any]:
    return {"repeated": not entries, "entries": [entry_json(each) for each in entries]}


def _message(message: Message) -> dict[str, Any]:
    sealed = message.sealed
    return {
        "question": sealed.question,
        "state": message.state,
        "epoch": sealed.epoch,
        "record": sealed.record,
        "sha256": sealed.sha256,
        "body": base64.b64encode(sealed.body).decode(),
        "asked": entry_json(message.asked),
        "closed": entry_json(message.closed) if message.closed else None,
    }
