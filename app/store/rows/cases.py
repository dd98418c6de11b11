"""Cases, manifests, ciphertext indexes, redacted records, cards, assignments."""

from collections.abc import Sequence

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select, update

from app.domain.entities import Case, CaseId, Manifest, QueueRow, SealedObject, Stage
from app.store import tables

_OPERATIONAL = (
    tables.case.c.id,
    tables.case.c.stage,
    tables.case.c.received_at,
    tables.case.c.entry_index,
    tables.case.c.log_counter,
    tables.case.c.version,
)


class SqlCaseRows:
    """`CaseRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: Case, status_hash: str, card_sealed: bytes) -> None:
        """Insert a case with its card."""
        self._connection.execute(
            insert(tables.case),
            {
                "id": case.id,
                "genesis": case.genesis,
                "status_hash": status_hash,
                "sign_in_vkey": case.sign_in_vkey,
                "stage": case.stage,
                "received_at": case.received_at,
                "entry_index": case.entry_index,
                "log_counter": case.log_counter,
                "version": case.version,
            },
        )
        self._connection.execute(insert(tables.case_card), {"case_id": case.id, "body": card_sealed})

    def get(self, case: CaseId) -> Case | None:
        """Return a case with the fields that the petitioner face may read."""
        return self._one(tables.case.c.id == case)

    def by_status_hash(self, status_hash: str) -> Case | None:
        """Return the case that a status code leads to."""
        return self._one(tables.case.c.status_hash == status_hash)

    def status_hash_of(self, case: CaseId) -> str | None:
        """Return the hash of a case's status code."""
        return self._connection.scalar(select(tables.case.c.status_hash).where(tables.case.c.id == case))

    def matching(self, prefix: str) -> Sequence[CaseId]:
        """Return at most two case numbers that begin with a prefix."""
        ids = select(tables.case.c.id).where(tables.case.c.id.startswith(prefix, autoescape=True)).limit(2)
        return [CaseId(found) for found in self._connection.scalars(ids)]

    def set_entry_index(self, case: CaseId, index: int) -> None:
        """Note where the log says that the case was received."""
        self._connection.execute(update(tables.case).where(tables.case.c.id == case).values(entry_index=index))

    def set_stage(self, case: CaseId, stage: Stage) -> None:
        """Note where a case stands now; the event that says so is in the same transaction."""
        self._connection.execute(update(tables.case).where(tables.case.c.id == case).values(stage=stage))

    def next_counter(self, case: CaseId) -> int:
        """Take the next number for a case tag; only the sequencer calls this."""
        taken = (
            update(tables.case)
            .where(tables.case.c.id == case)
            .values(log_counter=tables.case.c.log_counter + 1)
            .returning(tables.case.c.log_counter)
        )
        counter = self._connection.scalar(taken)
        if counter is None:
            raise LookupError("no such case")
        return int(counter) - 1

    def add_manifest(self, manifest: Manifest) -> None:
        """Insert a manifest note."""
        self._connection.execute(
            insert(tables.manifest),
            {
                "case_id": manifest.case,
                "version": manifest.version,
                "sha256": manifest.sha256,
                "note": manifest.note,
            },
        )

    def manifest_by_hash(self, sha256: str) -> Manifest | None:
        """Return the manifest with a hash: the idempotency key of filing."""
        return self._manifest(tables.manifest.c.sha256 == sha256)

    def newest_manifest(self, case: CaseId) -> Manifest | None:
        """Return the newest manifest of a case."""
        newest = select(func.max(tables.manifest.c.version)).where(tables.manifest.c.case_id == case)
        return self._manifest(
            (tables.manifest.c.case_id == case) & (tables.manifest.c.version == newest.scalar_subquery())
        )

    def add_object(self, item: SealedObject) -> None:
        """Insert a ciphertext's index row and note its use of each part."""
        result = self._connection.execute(
            insert(tables.sealed_object).returning(tables.sealed_object.c.id),
            {
                "case_id": item.case,
                "sha256": item.sha256,
                "kind": item.kind,
                "record": item.record,
                "size": item.size,
                "parts": " ".join(item.parts),
            },
        )
        number = result.scalar_one()
        uses = [{"part": part, "object_id": number} for part in sorted(set(item.parts))]
        self._connection.execute(insert(tables.part_use), uses)

    def objects(self, case: CaseId) -> Sequence[SealedObject]:
        """Return all ciphertexts of a case."""
        rows = select(tables.sealed_object).where(tables.sealed_object.c.case_id == case)
        return [_object(row) for row in self._connection.execute(rows.order_by(tables.sealed_object.c.id))]

    def object_of_kind(self, case: CaseId, kind: str) -> SealedObject | None:
        """Return the newest ciphertext of a kind."""
        where = (tables.sealed_object.c.case_id == case) & (tables.sealed_object.c.kind == kind)
        rows = select(tables.sealed_object).where(where).order_by(tables.sealed_object.c.id.desc()).limit(1)
        row = self._connection.execute(rows).first()
        return _object(row) if row else None

    def get_object(self, case: CaseId, sha256: str) -> SealedObject | None:
        """Return one ciphertext of a case."""
        where = (tables.sealed_object.c.case_id == case) & (tables.sealed_object.c.sha256 == sha256)
        row = self._connection.execute(select(tables.sealed_object).where(where)).first()
        return _object(row) if row else None

    def add_record(self, case: CaseId, version: int, sha256: str, body_sealed: bytes) -> None:
        """Insert a version of the redacted record."""
        self._connection.execute(
            insert(tables.redacted_record),
            {"case_id": case, "version": version, "sha256": sha256, "body": body_sealed},
        )

    def record_sealed(self, case: CaseId, version: int) -> bytes | None:
        """Return a version of the redacted record, still encrypted."""
        record = tables.redacted_record
        where = (record.c.case_id == case) & (record.c.version == version)
        return self._connection.scalar(select(record.c.body).where(where))

    def queue(self) -> Sequence[QueueRow]:
        """Return every card with its case, oldest first."""
        rows = self._cards().order_by(tables.case.c.received_at, tables.case.c.id)
        assigned = self._assigned()
        return [_queue_row(row, assigned.get(row.id, ())) for row in self._connection.execute(rows)]

    def card(self, case: CaseId) -> QueueRow | None:
        """Return one card with its case."""
        row = self._connection.execute(self._cards().where(tables.case.c.id == case)).first()
        return _queue_row(row, self._assigned(case).get(case, ())) if row else None

    def assign(self, case: CaseId, staff: int, since: int) -> None:
        """Assign a case to a member of staff; a second time changes nothing."""
        if not self.is_assigned(case, staff):
            self._connection.execute(insert(tables.assignment), {"case_id": case, "staff_id": staff, "since": since})

    def is_assigned(self, case: CaseId, staff: int) -> bool:
        """Tell whether a case is assigned to a member of staff."""
        where = (tables.assignment.c.case_id == case) & (tables.assignment.c.staff_id == staff)
        return self._connection.scalar(select(tables.assignment.c.since).where(where)) is not None

    def _one(self, where: ColumnElement[bool]) -> Case | None:
        row = self._connection.execute(select(tables.case).where(where)).first()
        return _case(row, row.genesis, row.sign_in_vkey) if row else None

    def _manifest(self, where: ColumnElement[bool]) -> Manifest | None:
        row = self._connection.execute(select(tables.manifest).where(where)).first()
        return Manifest(CaseId(row.case_id), row.version, row.note, row.sha256) if row else None

    @staticmethod
    def _cards() -> Select[Any]:
        return select(*_OPERATIONAL, tables.case_card.c.body).join(
            tables.case_card, tables.case_card.c.case_id == tables.case.c.id
        )

    def _assigned(self, case: CaseId | None = None) -> dict[str, tuple[str, ...]]:
        rows = (
            select(tables.assignment.c.case_id, tables.staff.c.name)
            .join(tables.staff, tables.staff.c.id == tables.assignment.c.staff_id)
            .order_by(tables.assignment.c.since)
        )
        if case is not None:
            rows = rows.where(tables.assignment.c.case_id == case)
        names: dict[str, tuple[str, ...]] = {}
        for row in self._connection.execute(rows):
            names[row.case_id] = (*names.get(row.case_id, ()), row.name)
        return names


def _case(row: Row[Any], genesis: str = "", sign_in_vkey: str = "") -> Case:
    return Case(
        id=CaseId(row.id),
        genesis=genesis,
        sign_in_vkey=sign_in_vkey,
        stage=Stage(row.stage),
        received_at=row.received_at,
        entry_index=row.entry_index,
        log_counter=row.log_counter,
        version=row.version,
    )


def _queue_row(row: Row[Any], assigned: tuple[str, ...]) -> QueueRow:
    return QueueRow(case=_case(row), card_sealed=row.body, assigned=assigned)


def _object(row: Row[Any]) -> SealedObject:
    return SealedObject(
        case=CaseId(row.case_id),
        sha256=row.sha256,
        kind=row.kind,
        record=row.record,
        size=row.size,
        parts=tuple(row.parts.split()),
    )
