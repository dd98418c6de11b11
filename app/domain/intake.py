"""Taking an admitted filing into custody: rows, parts and log entry in one unit of work, and its receipt.

Both doors end here, the sealed one and assisted intake (law L2); neither has a shorter way in.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.admission import Admitted, admit
from app.domain.chronicle import By, Chronicle
from app.domain.custody import part_source, seal_copies, store_copies, store_objects
from app.domain.deadlines import Basis, Dated, legal_day
from app.domain.entities import RECORD, Case, CaseId, CaseRecipient, EntryKind, Manifest, RecordPlace, Role, Stage
from app.domain.errors import ServiceError
from app.domain.filing.record import card
from app.domain.moments import rfc3339
from app.domain.openings import decode_opening, opening_for_holder
from app.domain.ports import EntryDraft, LoggedEntry, Portal, Unit
from app.domain.procedure import Action, Deployment, Stated
from crypto.canonical import canonical_json
from crypto.log.leaf import LeafKind
from crypto.note import NoteType


@dataclass(frozen=True)
class Filed:
    """What the filer is told; `receipt` is a tlog-proof whose extra holds statement, leaf and opening."""

    case: CaseId
    entry_index: int
    received: str
    receipt: str
    manifest_sha256: str
    repeated: bool


def known_filing(portal: Portal, manifest_sha256: str) -> Case | None:
    """Return the case that a manifest note has founded already."""
    with portal.ledger.view() as view:
        manifest = view.cases.manifest_by_hash(manifest_sha256)
        return view.cases.get(manifest.case) if manifest else None


def admitted_call(portal: Portal, call: Mapping[str, Any]) -> Admitted:
    """Return a filing call that passes every rule of admission, with the parts that its upload brought."""
    return admit(call, part_source(portal, call.get("upload")), portal.facts.name, portal.page_guard.look)


class Intake:
    """What is computed before the transaction, so that the batch holds only rows.

    `detail` is committed in the log entry with everything else; the open leaf does not show it.
    """

    def __init__(self, portal: Portal, admitted: Admitted, detail: str = "") -> None:
        """Seal what the service keeps readable to itself under fresh keys of the case."""
        self._portal = portal
        self._detail = detail
        self._admitted = admitted
        self._id = CaseId(admitted.case)
        self._keys = portal.vault.new_case_keys(admitted.case, admitted.case_log_key)
        self._key = portal.vault.new_record_key(RecordPlace(self._id, RECORD, 1))
        self._record = portal.vault.seal_record(self._key, admitted.record_text.encode())
        about = json.dumps(asdict(card(admitted.record)), ensure_ascii=False).encode()
        self._card = portal.vault.seal_card(admitted.case, about, self._keys)
        self._copies = seal_copies(portal, self._id, 1, admitted.copies)

    def store(self, unit: Unit) -> Case:
        """Write everything; two calls with one manifest end in one case. Raises ServiceError: case_conflict."""
        if unit.cases.status_hash_of(self._id) is not None:
            return self._same(unit)
        unit.keep_keys({**self._keys.wrapped, **self._key.wrapped})
        index = unit.append(
            EntryDraft(
                EntryKind.PETITION_RECEIVED,
                actor="petitioner",
                role=Role.PETITIONER,
                case=self._id,
                open_kind=LeafKind.RECEIVED,
                record=self._admitted.manifest_sha256,
                detail=self._detail,
            )
        )
        case = self._case(index)
        unit.cases.add(case, self._admitted.manifest.status, self._card)
        note, sha256 = self._admitted.manifest_note, self._admitted.manifest_sha256
        unit.cases.add_manifest(Manifest(self._id, 1, note, sha256, index))
        unit.cases.add_record(self._key.place, self._admitted.manifest.record, self._record)
        store_copies(unit, self._copies)
        unit.messages.add_recipient(self._id, CaseRecipient(self._admitted.manifest.recipient, 1))
        store_objects(unit, self._id, self._admitted.manifest.objects, self._admitted)
        self._start_clock(unit, case)
        return case

    def _start_clock(self, unit: Unit, case: Case) -> None:
        """Acknowledge on the portal's own account, under the case's own number, where the portal is the office."""
        if self._portal.facts.deployment == Deployment.OFFICE:
            received = Dated(legal_day(case.received_at), Basis.RECEIVED)
            stated = Stated(day=received, reference=case.id)
            Chronicle(self._portal, unit, self._keys).take(case, By(Role.PORTAL), Action.ACKNOWLEDGE, stated)

    def _case(self, index: int) -> Case:
        return Case(
            id=self._id,
            genesis=self._admitted.genesis,
            sign_in_vkey=self._admitted.manifest.sign_in,
            stage=Stage.RECEIVED,
            received_at=self._portal.clock(),
            entry_index=index,
            log_counter=0,
            version=1,
        )

    def _same(self, unit: Unit) -> Case:
        case, manifest = unit.cases.get(self._id), unit.cases.manifest_by_hash(self._admitted.manifest_sha256)
        if case is None:
            raise ServiceError("case_conflict")  # destroyed, and not to come back by its own call
        if manifest is None or manifest.case != case.id:
            raise ServiceError("case_conflict")
        return case


def receipt_of(portal: Portal, case: Case, made: Sequence[LoggedEntry] = ()) -> Filed:
    """Return the receipt of a case in custody, the same each time; `made` are the entries that it made just now."""
    received = rfc3339(case.received_at)
    return _receipt(portal, case.id, _entry(portal, case.entry_index, made), received, repeated=not made)


def receipt_at(portal: Portal, case: CaseId, index: int, *, repeated: bool) -> Filed:
    """Return the receipt of the version that an entry took into custody; received is when the entry says."""
    entry = _entry(portal, index, ())
    return _receipt(portal, case, entry, entry.fields["time"], repeated=repeated)


def _entry(portal: Portal, index: int, made: Sequence[LoggedEntry]) -> LoggedEntry:
    """Return an entry from those that were made just now, or else as it is stored."""
    for entry in made:
        if entry.index == index:
            return entry
    with portal.ledger.view() as view:
        leaf = view.log.leaf(index)
        openings = list(view.log.openings(index, index + 1))
    if leaf is None or not openings:
        raise ServiceError("read_only")
    _, sealed, owner = openings[0]
    return LoggedEntry(index, leaf, *decode_opening(portal.vault.open_opening(index, owner, sealed)))


def _receipt(portal: Portal, case: CaseId, entry: LoggedEntry, received: str, *, repeated: bool) -> Filed:
    statement = portal.statements.sign(
        NoteType.RECEIPT,
        {
            "v": 1,
            "portal": portal.facts.name,
            "deployment": portal.facts.deployment,
            "case": case,
            "manifest": entry.fields["record"],
            "index": entry.index,
            "received": received,
        },
    )
    extra = canonical_json(
        {
            "statement": statement,
            "leaf": base64.b64encode(entry.leaf).decode(),
            "opening": opening_for_holder(entry.index, entry.entry_key, entry.fields).to_json(),
        }
    )
    proof = portal.ledger.receipt_proof(entry.index, extra)
    return Filed(case, entry.index, received, proof, entry.fields["record"], repeated)
