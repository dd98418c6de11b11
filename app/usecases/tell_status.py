"""Tell whoever has the status code where the case stands, in a signed statement."""

from dataclasses import dataclass

from app.domain.entities import Case
from app.domain.errors import AccessError
from app.domain.moments import rfc3339
from app.domain.ports import Portal
from crypto.errors import KeyTextError
from crypto.keys import normalise_status_code, status_hash
from crypto.note import NoteType


@dataclass(frozen=True)
class Status:
    """A case's stage in words that programs read; `note` is the signed statement of the same."""

    stage: str
    since: str
    due: str | None
    overdue: bool
    reasons: tuple[str, ...]
    deployment: str
    note: str


def tell_status(portal: Portal, code: str) -> Status:
    """Return the status that a code leads to. Raises AccessError: code_unknown."""
    try:
        wanted = status_hash(normalise_status_code(code))
    except KeyTextError as error:
        raise AccessError("code_unknown") from error
    with portal.ledger.view() as view:
        case = view.cases.by_status_hash(wanted)
    if case is None:
        raise AccessError("code_unknown")
    return _statement(portal, case)


def _statement(portal: Portal, case: Case) -> Status:
    """Before D0 no clock runs: `due` stays empty until the procedure knows the official intake's date."""
    body: dict[str, object] = {
        "v": 1,
        "portal": portal.facts.name,
        "deployment": portal.facts.deployment,
        "case": case.id,
        "stage": case.stage,
        "since": rfc3339(case.received_at),
        "due": None,
        "overdue": False,
        "reasons": [],
        "stated": rfc3339(portal.clock()),
    }
    note = portal.statements.sign(NoteType.STATUS, body)
    return Status(
        stage=case.stage,
        since=rfc3339(case.received_at),
        due=None,
        overdue=False,
        reasons=(),
        deployment=portal.facts.deployment,
        note=note,
    )
