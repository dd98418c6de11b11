"""Give an auditor the rows that rest on the log, to compare both ways: who, which case, which entry, hashes; no words.

That they were fetched is an entry of its own, made before (law L4). Of what people wrote there are only salted hashes,
which the entries commit to anyway.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from app.domain.entities import NOTES, CaseId, EntryKind, Purpose, Role, Sitting, StaffMember, StaffState, reading_kind
from app.domain.errors import AccessError, ServiceError
from app.domain.events import StoredEvent
from app.domain.policy import may_fetch_openings
from app.domain.ports import EntryDraft, Portal, View
from app.domain.procedure import TABLE, Action
from crypto.digest import sha256_hex

_Row = tuple[str, int | None, Mapping[str, str]]
_KINDS: Final[Mapping[Action, EntryKind]] = {row.action: row.kind for row in TABLE}


def hand_out_rows(portal: Portal, member: StaffMember, since: int = 0) -> dict[str, object]:
    """Return the rows, each as table, entry and what the entry must say; those of destroyed cases are gone.

    Of rows that rest on an entry, those from entry `since` on.
    Raises AccessError. ServiceError: storage_busy, where a case was destroyed while its rows were read.
    """
    if not may_fetch_openings(member):
        raise AccessError("not_allowed")
    if not 0 <= since <= portal.log.published_size():
        raise AccessError("range", "since")
    draft = EntryDraft(
        EntryKind.ROWS_READ, actor=member.name, role=member.role, purpose=Purpose.AUDIT, detail=f"{since}-"
    )
    portal.ledger.write(lambda unit: unit.append(draft))
    with portal.ledger.view() as view:
        size, gone = view.log.size(), set(view.retention.all_destroyed())
        names = {each.id: each.name for each in view.staff.all()}
        try:
            rows = [row for row in _rows(portal, view, names, since) if CaseId(row[2].get("case", "")) not in gone]
        except KeyError as error:
            raise ServiceError("storage_busy") from error
    return {"v": 1, "origin": portal.facts.log_origin, "since": since, "size": size, "rows": rows}


def _rows(portal: Portal, view: View, names: Mapping[int, str], since: int) -> Iterator[_Row]:
    gone = set(view.retention.all_destroyed())
    for case, index in view.claims.filings():
        if index >= since:
            yield "petition_case", index, {"kind": EntryKind.PETITION_RECEIVED, "case": case}
    for sitting, reader in view.claims.sittings():
        if sitting.entry_index >= since:
            yield "sitting", sitting.entry_index, _reading(sitting, reader)
    yield from _written(portal, view, names, gone, since)
    for link in view.claims.links():
        if link.entry_index < since:
            continue
        said = {"kind": EntryKind.CASE_REFILED, "case": link.case, "record": sha256_hex(link.note.encode())}
        yield "case_link", link.entry_index, said
    for case, reader in view.claims.assignments():
        yield "assignment", None, {"case": case, "reader": reader}
    for case in view.claims.suspended():
        yield "suspension", None, {"case": case}
    for each in view.staff.all():
        state = "off" if each.state is StaffState.DISABLED else "on"
        yield "staff", None, {"name": each.name, "role": each.role, "state": state}


def _reading(sitting: Sitting, reader: str) -> Mapping[str, str]:
    said = {"kind": reading_kind(sitting.record), "actor": reader, "case": sitting.case}
    if sitting.record == NOTES:
        return {**said, "record": NOTES}
    return {**said, "record": str(sitting.place), "purpose": sitting.purpose}


def _written(
    portal: Portal, view: View, names: Mapping[int, str], gone: Collection[CaseId], since: int
) -> Iterator[_Row]:
    for event in view.claims.events():
        if event.case not in gone and event.entry_index >= since:
            body = portal.vault.open_events(event.case, {event.seq: event.body_sealed})[event.seq]
            yield "case_event", event.entry_index, _step(event, names, sha256_hex(body))
    for note in view.claims.notes():
        if note.case not in gone and note.entry_index >= since:
            body = portal.vault.open_note(note.case, note.seq, note.body_sealed)
            said = {"kind": EntryKind.NOTE_WRITTEN, "actor": names[note.staff], "case": note.case}
            yield "case_note", note.entry_index, {**said, "record": sha256_hex(body)}


def _step(event: StoredEvent, names: Mapping[int, str], sha256: str) -> Mapping[str, str]:
    actor = names[event.staff] if event.staff is not None else Role(event.role).value
    return {"kind": _KINDS[event.action], "actor": actor, "role": event.role, "case": event.case, "record": sha256}
