"""What a signed-in holder says and hears in the procedure: questions, withdrawal, suspension of the office's access."""

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Request

from app.domain.proving import ProvenEntry
from app.usecases.read_messages import Message, read_messages
from app.usecases.suspend_access import suspend_access
from app.usecases.withdraw_petition import withdraw_petition
from app.web.access import Holder
from app.web.bodies import Strict, documents, json_body
from app.web.entries import entry_json
from app.web.services import services_of

router = APIRouter(prefix="/api/v1")


class Withdrawal(Strict):
    """That the petition is taken back, said in full: this cannot be undone."""

    withdraw: bool


class Suspension(Strict):
    """Whether the office's access is to be suspended."""

    suspended: bool


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
