"""Hand the operator's half of readers' marks to the auditor, for some days; the log says so before (law L4)."""

import json

from app.domain.entities import EntryKind, Role
from app.domain.errors import AccessError
from app.domain.marks import FORMAT, operators_half
from app.domain.moments import rfc3339
from app.domain.ports import EntryDraft, Portal
from crypto.age import HybridRecipient, seal


def hand_over_marks(portal: Portal, start: int, end: int) -> tuple[bytes, int]:
    """Return the operator's shares of sittings from `start` to before `end`, sealed to the auditor, and how many.

    Neither the operator nor whoever steals this file can open it, and the auditor alone has no such file.

    Raises:
        AccessError: trace_off, where no auditor's key is set.
    """
    if portal.facts.trace_to is None:
        raise AccessError("trace_off")
    detail = f"{rfc3339(start)} {rfc3339(end)}"
    draft = EntryDraft(EntryKind.MARKS_HANDED_OVER, "operator", Role.OPERATOR, detail=detail)
    portal.ledger.write(lambda unit: unit.append(draft))
    with portal.ledger.view() as view:
        found = view.staff.marks(start, end)
    marks = list(operators_half(portal, found))
    body = {"format": FORMAT, "portal": portal.facts.name, "origin": portal.facts.log_origin, "marks": marks}
    to = HybridRecipient.parse(portal.facts.trace_to)
    return seal(json.dumps(body, ensure_ascii=False).encode(), [to], random=portal.random), len(marks)
