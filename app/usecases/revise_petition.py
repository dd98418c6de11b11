"""Take the next version of a case: new rows, what is not named any more and the log entry together (laws L5, L7, L8).

1. the same manifest again gets the same receipt; 2. admission compares it with the newest version; 3. what the service
reads is encrypted under keys of this version's own; 4. one unit of work: nobody was faster, not even with a question
that a new case key would leave behind; rows and entry, objects
and records that are to be gone, new keys to sign in with, the step that an answer is, and what the caller adds; 5. it
is durable: now the bytes beside the database and the keys of destroyed records go, and a sweep finishes what a crash
leaves of that; 6. the receipt proves it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.admission import AdmittedRevision, Before, Changes, admit_revision, stored_manifest
from app.domain.answers import take_answer
from app.domain.chronicle import step_of_holder
from app.domain.custody import part_source, seal_copies, store_copies, store_objects
from app.domain.entities import (
    RECORD,
    Case,
    CaseId,
    CaseRecipient,
    EntryKind,
    Manifest,
    RecordPlace,
    Role,
    answer_name,
)
from app.domain.errors import AccessError, ServiceError
from app.domain.filing.copies import copy_name
from app.domain.filing.record import card
from app.domain.intake import Filed, receipt_at
from app.domain.ports import EntryDraft, Portal, RecordKey, Unit
from app.domain.procedure import Action
from crypto.digest import sha256_hex
from crypto.framing import FrameKind

Beside = Callable[[Unit, Case, Changes], None]
"""What else happens in the same unit of work; it may refuse by raising a DomainError, and then nothing is stored."""


@dataclass(frozen=True)
class _Sealed:
    """A readable text under the key of its own version."""

    key: RecordKey
    sha256: str
    body: bytes


@dataclass(frozen=True)
class _Done:
    """What the unit of work says: the version's entry, and what is to be destroyed now that it is durable."""

    index: int
    repeated: bool
    blobs: tuple[str, ...] = ()
    records: tuple[RecordPlace, ...] = ()


def revise_petition(portal: Portal, case: CaseId, call: Mapping[str, Any], beside: Beside | None = None) -> Filed:
    """Take a next version of a case from one of its holders; `beside` runs in the same unit of work.

    Raises:
        AdmissionError, ServiceError: revision_behind, storage_full, storage_busy, upload_unknown.
        ProcedureError: it answers a question that is not open; the attempt is logged.
    """
    known = _known(portal, case, sha256_hex(str(call.get("manifest", "")).encode()))  # 1
    if known is not None:
        return receipt_at(portal, case, known.entry_index, repeated=True)
    source, newest = part_source(portal, call.get("upload")), _newest(portal, case)
    revision = _Revision(portal, case, admit_revision(call, source, newest, portal.page_guard.look))  # 2, 3
    done = step_of_holder(portal, case, Action.ANSWER, lambda unit: revision.store(unit, beside)).value  # 4
    for sha256 in done.blobs:  # 5
        portal.blobs.delete(sha256)
    portal.vault.destroy_records(done.records)
    if revision.drops:
        portal.ledger.let_go()
    return receipt_at(portal, case, done.index, repeated=done.repeated)  # 6


def _known(portal: Portal, case: CaseId, sha256: str) -> Manifest | None:
    with portal.ledger.view() as view:
        manifest = view.cases.manifest_by_hash(sha256)
    return manifest if manifest is not None and manifest.case == case else None


def _newest(portal: Portal, case: CaseId) -> Before:
    with portal.ledger.view() as view:
        newest = view.cases.newest_manifest(case)
    if newest is None:
        raise AccessError("case_unknown")
    return Before(stored_manifest(newest.note), newest.sha256)


class _Revision:
    """A next version, with what is computed before the transaction."""

    def __init__(self, portal: Portal, case: CaseId, admitted: AdmittedRevision) -> None:
        self._portal = portal
        self._case = case
        self._admitted = admitted
        self._changes = admitted.changes
        version = admitted.manifest.version
        self._record = self._seal(RecordPlace(case, RECORD, version), admitted.record_text)
        answered = self._changes.answer
        place = RecordPlace(case, answer_name(answered), version) if answered is not None else None
        self._answer = self._seal(place, admitted.answer_text) if place else None
        about = json.dumps(asdict(card(admitted.record)), ensure_ascii=False) if admitted.record is not None else None
        self._copies = seal_copies(portal, case, version, admitted.copies)
        self._card = portal.vault.seal_card(case, about.encode()) if about is not None else None

    @property
    def drops(self) -> bool:
        """Whether something that was stored is deleted."""
        return bool(self._changes.dropped) or bool(self._changes.ended) or self._changes.destroys

    def _seal(self, place: RecordPlace, text: str | None) -> _Sealed | None:
        if text is None:
            return None
        key = self._portal.vault.new_record_key(place)
        return _Sealed(key, sha256_hex(text.encode()), self._portal.vault.seal_record(key, text.encode()))

    def store(self, unit: Unit, beside: Beside | None) -> _Done:
        """Write everything (step 4). Raises ServiceError: revision_behind."""
        newest, case = unit.cases.newest_manifest(self._case), unit.cases.get(self._case)
        if newest is None or case is None:
            raise AccessError("case_unknown")
        if newest.sha256 == self._admitted.manifest_sha256:
            return _Done(newest.entry_index, repeated=True)
        if newest.sha256 != self._admitted.previous:
            raise ServiceError("revision_behind")
        messages = self._messages(unit)
        index = self._note(unit)
        store_objects(unit, self._case, self._changes.brought, self._admitted)
        records = (*self._ended(unit), *self._destroyed(unit, case))
        self._put_records(unit)
        self._put_keys(unit, messages)
        blobs = self._dropped(unit)
        if self._answer is not None:
            self._take_answer(unit, case, self._answer)
        if beside is not None:
            beside(unit, case, self._changes)
        return _Done(index, repeated=False, blobs=blobs, records=records)

    def _messages(self, unit: Unit) -> dict[str, str]:
        """Return hash by mark of the questions that a new epoch brings sealed anew: all of them, or it is behind."""
        if self._changes.epoch is None:
            return {}
        named = {entry.record: entry.sha256 for entry in self._changes.brought if entry.kind == FrameKind.MESSAGE}
        if set(named) != {message.record for message in unit.messages.of(self._case)}:
            raise ServiceError("revision_behind")
        return named

    def _take_answer(self, unit: Unit, case: Case, answer: _Sealed) -> None:
        question, destroys = self._changes.answer or 0, self._changes.destroys
        take_answer(self._portal, unit, case, question, answer.sha256, destroys=destroys)

    def _note(self, unit: Unit) -> int:
        sha256, version = self._admitted.manifest_sha256, self._admitted.manifest.version
        kind, detail = EntryKind.PETITION_REVISED, self._changes.detail
        index = unit.append(EntryDraft(kind, "holder", Role.HOLDER, self._case, record=sha256, detail=detail))
        unit.cases.add_manifest(Manifest(self._case, version, self._admitted.manifest_note, sha256, index))
        return index

    def _put_records(self, unit: Unit) -> None:
        for sealed in filter(None, (self._record, self._answer)):
            unit.keep_keys(sealed.key.wrapped)
            unit.cases.add_record(sealed.key.place, sealed.sha256, sealed.body)
        store_copies(unit, self._copies)
        if self._card is not None:
            unit.cases.set_record(self._case, self._admitted.manifest.version, self._card)

    def _put_keys(self, unit: Unit, messages: Mapping[str, str]) -> None:
        """Let the new epoch's keys sign in and open, and nobody else: not even those who are signed in now."""
        if self._changes.epoch is not None:
            unit.cases.set_keys(self._case, self._admitted.manifest.sign_in, self._admitted.manifest.status)
            unit.holders.end_sessions_of(self._case)
            recipient = CaseRecipient(self._admitted.manifest.recipient, self._changes.epoch)
            unit.messages.set_recipient(self._case, recipient)
            unit.messages.seal_anew(self._case, recipient.epoch, messages)

    def _ended(self, unit: Unit) -> tuple[RecordPlace, ...]:
        """Delete the copies of evidence that are not named any more, or replaced: nobody reads those again."""
        names = {copy_name(number) for number in self._changes.ended}
        gone = tuple(place for place in unit.cases.record_versions(self._case) if place.record in names)
        for place in gone:
            unit.cases.drop_record(place)
        return gone

    def _destroyed(self, unit: Unit, case: Case) -> tuple[RecordPlace, ...]:
        """Delete what a version destroys: older versions of the record, and the answer that it replaces."""
        if not self._changes.destroys:
            return ()
        version = self._admitted.manifest.version
        in_force = version if self._record else case.version
        replaced = answer_name(self._changes.answer) if self._changes.answer is not None else None
        current = {RECORD: in_force, replaced: version}
        stored = unit.cases.record_versions(self._case)
        gone = tuple(place for place in stored if place.version < current.get(place.record, 0))
        for place in gone:
            unit.cases.drop_record(place)
        return gone

    def _dropped(self, unit: Unit) -> tuple[str, ...]:
        """Delete objects that are not named any more, and their parts; return what lies beside the database of them."""
        dropped = self._changes.dropped
        unit.cases.drop_objects(self._case, [entry.sha256 for entry in dropped])
        return tuple(unit.parts.drop_unused([part for entry in dropped for part in entry.parts]))
