"""What anybody is shown of public versions: those given to everybody, and whether a document in hand is a real one.

Nobody's look at what is public is logged: the entry of its release came before it (laws L4, L5).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.entities import EVERYONE, PUBLIC, CaseId, RecordPlace, Released, Stage
from app.domain.errors import AccessError
from app.domain.policy import ticket_for_release
from app.domain.ports import AccessTicket, Portal, View
from app.domain.released import in_force, released_statement

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PublicText:
    """A public version with its text, canonical and read, and the portal's signed word about it."""

    released: Released
    text: str
    version: Mapping[str, Any]
    statement: str


def list_public(portal: Portal) -> Sequence[PublicText]:
    """Return everything that anybody may read, the newest first."""
    with portal.ledger.view() as view:
        found = [(each, view.cases.record_sealed(_place(each))) for each in view.released.for_everyone()]
    return [_opened(portal, each, sealed) for each, sealed in found if sealed is not None]


def show_public(portal: Portal, case_id: CaseId) -> PublicText:
    """Return a case's version that anybody may read. Raises AccessError: public_unknown."""
    with portal.ledger.view() as view:
        released, _ = _public(view, case_id)
        sealed = view.cases.record_sealed(_place(released))
    if sealed is None:
        raise AccessError("public_unknown")
    return _opened(portal, released, sealed)


def show_document(portal: Portal, case_id: CaseId) -> bytes:
    """Return its PDF. Raises AccessError: public_unknown."""
    with portal.ledger.view() as view:
        released, ticket = _public(view, case_id)
        sealed = view.cases.page_sealed(_place(released), 1)
    if sealed is None:
        raise AccessError("public_unknown")
    return portal.vault.open_page(ticket, 1, sealed)


@dataclass(frozen=True)
class Checked:
    """What the portal says of a hash: which release it is, and its signed statement of that."""

    released: Released
    statement: str


def check_released(portal: Portal, sha256: str) -> Checked | None:
    """Return the release of a text by its hash (hex), called back or not; None if nobody released it here."""
    wanted = sha256.strip().lower()
    if not _SHA256.fullmatch(wanted):
        return None
    with portal.ledger.view() as view:
        found = view.released.by_hash(wanted)
    return Checked(found, released_statement(portal, found)) if found else None


def _public(view: View, case_id: CaseId) -> tuple[Released, AccessTicket]:
    case, standing = view.cases.get(case_id), in_force(view.released.of(case_id))
    if case is None or case.stage is Stage.WITHDRAWN or standing is None or standing.audience != EVERYONE:
        raise AccessError("public_unknown")
    return standing, ticket_for_release(standing)


def _place(released: Released) -> RecordPlace:
    return RecordPlace(released.case, PUBLIC, released.version)


def _opened(portal: Portal, released: Released, sealed: bytes) -> PublicText:
    text = portal.vault.open_record(ticket_for_release(released), sealed).decode()
    return PublicText(released, text, json.loads(text), released_statement(portal, released))
