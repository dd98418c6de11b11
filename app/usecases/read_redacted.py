"""Let a reader see a redacted record: the entry is durable and signed before the vault opens (law L4)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.entities import RECORD, Case, CaseId, EntryKind, Purpose, RecordPlace, Sitting, StaffMember
from app.domain.errors import AccessError
from app.domain.policy import check_access, is_open, may_see_cards, ticket_for_sitting
from app.domain.ports import EntryDraft, Portal, Unit


@dataclass(frozen=True)
class RedactedRecord:
    """The record as its reader sees it, with the proof that the reading stands in the log."""

    case: CaseId
    version: int
    record: Mapping[str, Any]
    purpose: Purpose
    entry_index: int
    started: int
    proof: str


def begin_sitting(portal: Portal, member: StaffMember, case_id: CaseId, purpose: Purpose) -> int:
    """Log that a reader begins to read a record for a purpose; return the entry's index.

    A sitting that is still open for the same purpose and version is used again. Raises AccessError: not_allowed,
    case_unknown; not_assigned, case_suspended and case_withdrawn, which are logged too.
    """
    case = _case_for(portal, member, case_id, purpose)
    now = portal.clock()

    def work(unit: Unit) -> int:
        known = unit.staff.newest_sitting(member.id, case_id)
        if known and is_open(known, now) and (known.purpose, known.version) == (purpose, case.version):
            return known.entry_index
        index = unit.append(_draft(EntryKind.RECORD_READ, member, case, purpose))
        unit.staff.add_sitting(Sitting(0, member.id, case_id, case.version, purpose, now, index))
        return index

    return portal.ledger.write(work).value


def read_redacted(portal: Portal, member: StaffMember, case_id: CaseId) -> RedactedRecord:
    """Return the record under an open sitting. Raises AccessError: purpose_needed, not_assigned, not_allowed."""
    case = _case_for(portal, member, case_id, None)
    with portal.ledger.view() as view:
        sitting = view.staff.newest_sitting(member.id, case_id)
        sealed = view.cases.record_sealed(_place(case))
    if sitting is not None and sitting.version != case.version:
        sitting = None
    ticket = ticket_for_sitting(sitting, portal.clock())
    if sitting is None or sealed is None:
        raise AccessError("case_unknown")
    proof = portal.ledger.receipt_proof(ticket.entry_index)
    record = json.loads(portal.vault.open_record(ticket, sealed))
    return RedactedRecord(case_id, case.version, record, sitting.purpose, ticket.entry_index, sitting.started, proof)


def _case_for(portal: Portal, member: StaffMember, case_id: CaseId, purpose: Purpose | None) -> Case:
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    with portal.ledger.view() as view:
        row = view.cases.card(case_id)
        assigned = view.cases.is_assigned(case_id, member.id)
    if row is None:
        raise AccessError("case_unknown")
    try:
        check_access(member, row.case, assigned=assigned)
    except AccessError:
        portal.ledger.write(lambda unit: unit.append(_draft(EntryKind.RECORD_REFUSED, member, row.case, purpose)))
        raise
    return row.case


def _place(case: Case) -> RecordPlace:
    return RecordPlace(case.id, RECORD, case.version)


def _draft(kind: EntryKind, member: StaffMember, case: Case, purpose: Purpose | None) -> EntryDraft:
    record = str(_place(case))
    return EntryDraft(kind, actor=member.name, role=member.role, case=case.id, purpose=purpose, record=record)
