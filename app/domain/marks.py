"""The mark of a reader on every page that is shown: drawn with a sitting, kept in two shares, forgotten as a whole.

1. Two shares are drawn for each sitting; the sitting's log entry commits to both before anything is shown.
2. The auditor's share is sealed to the auditor; the operator's, with whose sitting it is, lies under the case's key.
3. The code itself lies under the case's data key as long as the sitting may be looked at again; then it is forgotten.

What this cannot do: the running portal makes the code, so whoever commands it at that moment knows it.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.entities import MarkShare, Sitting, StaffMember
from app.domain.ports import Portal, Unit
from crypto.age import HybridRecipient, seal
from crypto.mark import MarkShares, code_of, commitment_of, new_shares

CODE, SHARE = "code", "share"
FORMAT = "resguardo/marks/v1"


@dataclass(frozen=True)
class Mark:
    """A mark that is drawn and belongs to no sitting yet; `detail` is what the log entry says of it."""

    shares: MarkShares
    auditor_sealed: bytes

    @property
    def detail(self) -> str:
        """Return what binds the entry to the shares."""
        return f"mark {commitment_of(self.shares)}"


def draw_mark(portal: Portal) -> Mark | None:
    """Return a new mark, None where no auditor's key is set: then nobody could ever trace it."""
    if portal.facts.trace_to is None:
        return None
    shares = new_shares(portal.random)
    to = HybridRecipient.parse(portal.facts.trace_to)
    return Mark(shares, seal(shares.auditor.reveal(), [to], random=portal.random))


def begin_marked(portal: Portal, unit: Unit, member: StaffMember, sitting: Sitting, mark: Mark | None) -> None:
    """Add a sitting with its mark; marks of sittings that are over are forgotten."""
    if mark is None:
        unit.staff.add_sitting(sitting)
        return
    case, index, record = sitting.case, sitting.entry_index, str(sitting.place)
    code = code_of(mark.shares, member.name, case, record, sitting.started)
    about = {
        "entry": index,
        "case": case,
        "reader": member.name,
        "role": member.role.value,
        "record": record,
        "started": sitting.started,
        "share": mark.shares.operator.reveal().hex(),
    }
    sealed = portal.vault.seal_mark(case, index, CODE, code.encode())
    share = portal.vault.seal_mark(case, index, SHARE, json.dumps(about).encode())
    unit.staff.add_sitting(replace(sitting, code_sealed=sealed))
    unit.staff.add_mark(MarkShare(index, case, sitting.started, share, mark.auditor_sealed))


def shown_code(portal: Portal, sitting: Sitting) -> str:
    """Return the code that stands on what an open sitting shows, "" where the portal traces nothing."""
    if sitting.code_sealed is None:
        return ""
    return portal.vault.open_mark(sitting.case, sitting.entry_index, CODE, sitting.code_sealed).decode()


def operators_half(portal: Portal, found: Sequence[MarkShare]) -> Iterator[Mapping[str, Any]]:
    """Return what the operator hands over of each sitting, with the auditor's share as it is sealed.

    A case that was destroyed took its shares along: nothing of it is traced.
    """
    for each in found:
        try:
            about = portal.vault.open_mark(each.case, each.entry_index, SHARE, each.operator_sealed)
        except KeyError:
            continue
        yield {**json.loads(about), "sealed": base64.b64encode(each.auditor_sealed).decode()}
