"""Taking an admitted filing into custody: rows, parts and log entry in one unit of work, and its receipt.

Both doors end here, the sealed one and assisted intake (law L2); neither has a shorter way in.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import rfc8785

from app.domain.admission import Admitted, PartSource, admit
from app.domain.chronicle import By, Chronicle
from app.domain.deadlines import Basis, Dated, legal_day
from app.domain.entities import Case, CaseId, CaseRecipient, EntryKind, Manifest, Role, SealedObject, Stage
from app.domain.errors import ServiceError
from app.domain.filing.record import card
from app.domain.moments import rfc3339
from app.domain.openings import decode_opening, opening_for_holder
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.procedure import Action, Deployment, Stated
from crypto.digest import sha256_hex
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
    return admit(call, _part_source(portal, call.get("upload")), portal.facts.name)


def _part_source(portal: Portal, upload: object) -> PartSource:
    """Return a reader of the parts that this upload brought, and of no others."""
    upload_hash = sha256_hex(str(upload).encode())

    def source(sha256: str) -> bytes | None:
        with portal.ledger.view() as view:
            if not view.parts.upload_has(upload_hash, sha256):
                return None
        return portal.blobs.get(sha256)

    return source


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
        body = admitted.record_text.encode()
        self._record = portal.vault.seal_record(admitted.case, 1, body, self._keys)
        about = json.dumps(asdict(card(admitted.record)), ensure_ascii=False).encode()
        self._card = portal.vault.seal_card(admitted.case, about, self._keys)

    def store(self, unit: Unit) -> Case:
        """Write everything; two calls with one manifest end in one case. Raises ServiceError: case_conflict."""
        other = unit.cases.get(self._id)
        if other is not None:
            return self._same(unit, other)
        unit.keep_keys(self._keys.wrapped)
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
        unit.cases.add_manifest(Manifest(self._id, 1, self._admitted.manifest_note, self._admitted.manifest_sha256))
        unit.cases.add_record(self._id, 1, self._admitted.manifest.record, self._record)
        unit.messages.set_recipient(self._id, CaseRecipient(self._admitted.manifest.recipient, 1))
        self._store_parts(unit)
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

    def _store_parts(self, unit: Unit) -> None:
        unit.parts.add_inline(self._admitted.inline)
        unit.parts.add_stored({part: self._uploaded_size(unit, part) for part in self._admitted.uploaded})
        objects = self._admitted.manifest.objects
        unit.cases.add_objects(
            [SealedObject(self._id, one.sha256, one.kind, one.record, one.size, tuple(one.parts)) for one in objects]
        )
        if self._admitted.upload is not None:
            unit.parts.end_upload(sha256_hex(self._admitted.upload.encode()))

    def _uploaded_size(self, unit: Unit, part: str) -> int:
        size = unit.parts.upload_part_size(sha256_hex(str(self._admitted.upload).encode()), part)
        if size is None:
            raise ServiceError("upload_unknown")  # reaped between the check and now
        return size

    def _same(self, unit: Unit, other: Case) -> Case:
        manifest = unit.cases.manifest_by_hash(self._admitted.manifest_sha256)
        if manifest is None or manifest.case != other.id:
            raise ServiceError("case_conflict")
        return other


def receipt_of(portal: Portal, case: Case, *, repeated: bool) -> Filed:
    """Return the receipt of a case in custody, the same each time."""
    with portal.ledger.view() as view:
        leaf = view.log.leaf(case.entry_index)
        (index, sealed, owner), *_ = view.log.openings_of(case.id)
    if leaf is None:
        raise ServiceError("read_only")
    entry_key, fields = decode_opening(portal.vault.open_opening(index, owner, sealed))
    received = rfc3339(case.received_at)
    statement = portal.statements.sign(
        NoteType.RECEIPT,
        {
            "v": 1,
            "portal": portal.facts.name,
            "deployment": portal.facts.deployment,
            "case": case.id,
            "manifest": fields["record"],
            "index": index,
            "received": received,
        },
    )
    extra = rfc8785.dumps(
        {
            "statement": statement,
            "leaf": base64.b64encode(leaf).decode(),
            "opening": opening_for_holder(index, entry_key, fields).to_json(),
        }
    )
    return Filed(case.id, index, received, portal.ledger.receipt_proof(index, extra), fields["record"], repeated)
