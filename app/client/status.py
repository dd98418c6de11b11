"""Where a case stands: a statement that the portal signs, checked before it is shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.client.errors import NetworkError, TamperingError
from app.client.transport import RefusedError, Transport
from crypto.errors import KeyTextError, NoteError
from crypto.keys import normalise_status_code
from crypto.note import NoteType, NoteVerifier, open_typed

_NOT_FOUND = 404


@dataclass(frozen=True)
class Status:
    """What a status note says; times are RFC 3339. `due` is None while no clock runs."""

    portal: str
    deployment: str
    case: str
    stage: str
    since: str
    due: str | None
    overdue: bool
    reasons: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return what programs get."""
        reasons = list(self.reasons)
        return {"stage": self.stage, "since": self.since, "due": self.due, "overdue": self.overdue, "reasons": reasons}


def fetch_status(transport: Transport, code: str, vkeys: Collection[str]) -> Status:
    """Return the status that a code leads to, after one of the statement keys was found to have signed it.

    Raises:
        NetworkError: the code is malformed or unknown, or the portal is not reached.
        TamperingError: the statement is not signed by such a key.
    """
    try:
        shown = normalise_status_code(code)
    except KeyTextError:
        raise NetworkError("code_malformed") from None
    try:
        answer = transport.post("/api/v1/status", {"code": shown}, repeatable=True)
    except RefusedError as error:
        if error.status != _NOT_FOUND:
            raise
        raise NetworkError("code_not_found") from None
    try:
        body = open_typed(answer["note"], NoteType.STATUS, [NoteVerifier.parse(vkey) for vkey in vkeys])
        return _read(body)
    except (NoteError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TamperingError("status") from error


def _read(body: dict[str, Any]) -> Status:
    texts = {name: body[name] for name in ("portal", "deployment", "case", "stage", "since")}
    due, overdue, reasons = body["due"], body["overdue"], body["reasons"]
    if not all(isinstance(text, str) and text.isprintable() for text in (*texts.values(), *reasons)):
        raise TypeError("a field of the statement has another type")
    if not isinstance(overdue, bool):
        raise TypeError("overdue is yes or no")
    datetime.fromisoformat(texts["since"])
    if due is not None:
        datetime.fromisoformat(due)
    return Status(**texts, due=due, overdue=overdue, reasons=tuple(reasons))
