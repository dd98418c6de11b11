"""Let a reader see a redacted record: the petition's own, an answer's, or a copy of evidence (law L4).

The entry is durable and signed before the vault opens.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.chronicle import read_events
from app.domain.deadlines import legal_day
from app.domain.entities import (
    EVIDENCE,
    RECORD,
    SITTING_SECONDS,
    CaseId,
    EntryKind,
    Purpose,
    RecordPlace,
    Sitting,
    StaffMember,
    reading_kind,
)
from app.domain.errors import AccessError, ProcedureError
from app.domain.marks import Mark, begin_marked, draw_mark, shown_code
from app.domain.policy import check_access, check_at_work, is_open, may_see_cards, ticket_for_sitting
from app.domain.ports import EntryDraft, Portal, Unit, View
from app.domain.procedure import Action
from app.domain.questions import ABOUT, is_held_back, questions
from app.domain.signed_requests import NOTHING, Brought, Look, Signed, judge_request, use_request


@dataclass(frozen=True)
class RedactedRecord:
    """The record as its reader sees it, with the proof that the reading stands in the log, and the mark's code."""

    case: CaseId
    version: int
    record: Mapping[str, Any]
    purpose: Purpose
    entry_index: int
    started: int
    proof: str
    code: str = ""


def begin_sitting(
    portal: Portal,
    member: StaffMember,
    case_id: CaseId,
    purpose: Purpose,
    record: str = RECORD,
    brought: Brought = NOTHING,
) -> int:
    """Log that a reader begins to read a record for a purpose; return the entry's index.

    `record` is the petition's own, an answer's or that of a copy of evidence. A sitting that is still open for the same
    purpose and version is used again.

    Raises AccessError: not_allowed, case_unknown; not_assigned, case_suspended, case_withdrawn and held_back, which are
    logged; request_needed, request_wrong, request_old, log_contradicted. ProcedureError: answer_unknown, copy_unknown.
    """
    with portal.ledger.view() as view:
        place, refusal = _sought(portal, view, member, case_id, record)
    _let_at(portal, member, place, refusal, purpose)
    signed = judge_request(portal, member, Look(case_id, record, purpose), brought)
    now, mark = portal.clock(), draw_mark(portal)

    def work(unit: Unit) -> int:
        _check_again(unit, member, case_id)
        known = unit.staff.newest_sitting(member.id, case_id, record)
        if known and is_open(known, now) and (known.purpose, known.version) == (purpose, place.version):
            return known.entry_index
        if signed is not None:
            use_request(unit, member, signed, now)
        index = unit.append(_draft(reading_kind(record), member, place, purpose, mark, signed))
        unit.staff.forget_codes(now - SITTING_SECONDS)
        sitting = Sitting(0, member.id, case_id, place.version, purpose, now, index, record)
        begin_marked(portal, unit, member, sitting, mark)
        return index

    return portal.ledger.write(work).value


def read_redacted(portal: Portal, member: StaffMember, case_id: CaseId, record: str = RECORD) -> RedactedRecord:
    """Return a record under an open sitting.

    Raises AccessError: purpose_needed, and those of `begin_sitting`. ProcedureError: answer_unknown, copy_unknown.
    """
    with portal.ledger.view() as view:
        place, refusal = _sought(portal, view, member, case_id, record)
        sitting = view.staff.newest_sitting(member.id, case_id, record)
        sealed = view.cases.record_sealed(place)
    _let_at(portal, member, place, refusal)
    if sitting is not None and sitting.version != place.version:
        sitting = None
    ticket = ticket_for_sitting(sitting, portal.clock())
    if sitting is None or sealed is None:
        raise AccessError("case_unknown")
    proof = portal.ledger.receipt_proof(ticket.entry_index)
    read = json.loads(portal.vault.open_record(ticket, sealed))
    code = shown_code(portal, sitting)
    return RedactedRecord(
        case_id, place.version, read, sitting.purpose, ticket.entry_index, sitting.started, proof, code
    )


@dataclass(frozen=True)
class ShownPage:
    """A page of a copy, the picture as it is for every reader, with what the mark on this showing of it says."""

    picture: bytes
    started: int
    code: str


def read_page(portal: Portal, member: StaffMember, case_id: CaseId, record: str, page: int) -> ShownPage:
    """Return a page of a copy of evidence, a picture, under an open sitting over that copy.

    Raises AccessError: purpose_needed, and those of `begin_sitting`. ProcedureError: copy_unknown.
    """
    with portal.ledger.view() as view:
        place, refusal = _sought(portal, view, member, case_id, record)
        sitting = view.staff.newest_sitting(member.id, case_id, record)
        sealed = view.cases.page_sealed(place, page)
    _let_at(portal, member, place, refusal)
    if sitting is not None and sitting.version != place.version:
        sitting = None
    ticket = ticket_for_sitting(sitting, portal.clock())
    if sealed is None or sitting is None:
        raise ProcedureError("copy_unknown")
    return ShownPage(portal.vault.open_page(ticket, page, sealed), sitting.started, shown_code(portal, sitting))


def read_beside(portal: Portal, member: StaffMember, case_id: CaseId, record: str = RECORD) -> Mapping[str, Any] | None:
    """Return a record that may stand beside what a reader looks at: where their sitting over it is open, else None.

    They did not ask for it: nothing is logged of one that they may not see now. Raises AccessError: not_allowed,
    case_unknown.
    """
    with portal.ledger.view() as view:
        place, refusal = _sought(portal, view, member, case_id, record)
    if refusal is not None or not place.version:
        return None
    try:
        return read_redacted(portal, member, case_id, record).record
    except AccessError:
        return None


def _let_at(
    portal: Portal,
    member: StaffMember,
    place: RecordPlace,
    refusal: AccessError | None,
    purpose: Purpose | None = None,
) -> None:
    """Let a reader at what was sought, if it is there; a refusal is logged before it is told."""
    if refusal is not None:
        draft = _draft(EntryKind.RECORD_REFUSED, member, place, purpose)
        portal.ledger.write(lambda unit: unit.append(draft))
        raise refusal
    if not place.version:
        raise ProcedureError("copy_unknown" if place.record.startswith(EVIDENCE) else "answer_unknown")


def _sought(
    portal: Portal, view: View, member: StaffMember, case_id: CaseId, record: str
) -> tuple[RecordPlace, AccessError | None]:
    """Return the version in force of a record, 0 for none, and why the reader is not let at it."""
    if not may_see_cards(member):
        raise AccessError("not_allowed")
    seen = view.cases.seen_by(case_id, member.id)
    stored = () if record == RECORD else view.cases.record_versions(case_id)
    flagged = read_events(portal, view, case_id, ABOUT) if view.events.of(case_id, {Action.FLAG}) else ()
    if seen is None:
        raise AccessError("case_unknown")
    case, assigned = seen
    versions = [each.version for each in stored if each.record == record]
    version = case.version if record == RECORD else max(versions, default=0)
    place = RecordPlace(case_id, record, version)
    try:
        check_access(member, case, assigned=assigned)
    except AccessError as refusal:
        return place, refusal
    held = is_held_back(questions(case.stage, flagged, legal_day(portal.clock())), place)
    return place, AccessError("held_back") if held else None


def _check_again(unit: Unit, member: StaffMember, case_id: CaseId) -> None:
    """Look once more inside the transaction: in the log no reading stands behind the entry that took the case away."""
    seen, account = unit.cases.seen_by(case_id, member.id), unit.staff.by_id(member.id)
    if seen is None or account is None:
        raise AccessError("case_unknown")
    case, assigned = seen
    check_at_work(account)
    check_access(account, case, assigned=assigned)


def _draft(
    kind: EntryKind,
    member: StaffMember,
    place: RecordPlace,
    purpose: Purpose | None,
    mark: Mark | None = None,
    signed: Signed | None = None,
) -> EntryDraft:
    detail = " ".join(each.detail for each in (mark, signed) if each is not None)
    draft = EntryDraft(kind, actor=member.name, role=member.role, case=place.case, purpose=purpose, record=str(place))
    return replace(draft, detail=detail, request=signed.note if signed else "")
