"""Being told by e-mail: a holder sets and clears the address of their case. It comes in a body, and is never shown."""

import base64
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field

from app.domain.proving import ProvenEntry
from app.usecases.set_notice import clear_notice, has_notice, set_notice
from app.web.access import Holder
from app.web.bodies import Strict, documents, json_body
from app.web.services import services_of

router = APIRouter(prefix="/api/v1/case")


class NoticeAddress(Strict):
    """The e-mail address to which the fixed message goes."""

    address: Annotated[str, Field(repr=False, max_length=1024)]


@router.get("/notice")
def get_notice(request: Request, holder: Holder) -> dict[str, Any]:
    """Tell whether somebody is told by e-mail, and from which address the mail comes; null where none is sent."""
    portal = services_of(request).petitioner
    return {"on": has_notice(portal, holder.case), "from": portal.facts.notice_from}


@router.put("/notice", openapi_extra=documents(NoticeAddress))
def put_notice(
    request: Request, holder: Holder, notice: Annotated[NoticeAddress, json_body(NoticeAddress)]
) -> dict[str, Any]:
    """Set the address: the log entry that this made, none if it is the one that stands."""
    made = set_notice(services_of(request).petitioner, holder.case, notice.address)
    return {"on": True, "entries": _entries(made)}


@router.delete("/notice")
def delete_notice(request: Request, holder: Holder) -> dict[str, Any]:
    """Clear the address: the log entry that this made, none if there was no address."""
    return {"on": False, "entries": _entries(clear_notice(services_of(request).petitioner, holder.case))}


def _entries(made: Sequence[ProvenEntry]) -> list[dict[str, Any]]:
    return [
        {
            "index": entry.index,
            "leaf": base64.b64encode(entry.leaf).decode(),
            "opening": entry.opening.to_json(),
            "proof": entry.proof,
        }
        for entry in made
    ]
