"""Rows that rest on entries of the log, in their order; read by the office's face, for its auditors."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.domain.caseload import StoredNote
from app.domain.entities import CaseId, CaseLink, Purpose, Sitting
from app.domain.events import StoredEvent
from app.store import tables
from app.store.rows.events import event_of

_STAFF = tables.staff.c


class SqlClaimRows:
    """`ClaimRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sittings(self) -> Iterator[tuple[Sitting, str]]:
        """Yield every sitting with its reader's name."""
        table = tables.sitting
        rows = select(table, _STAFF.name).join(tables.staff, _STAFF.id == table.c.staff_id).order_by(table.c.id)
        for row in self._connection.execute(rows):
            sitting = Sitting(
                row.id,
                row.staff_id,
                CaseId(row.case_id),
                row.version,
                Purpose(row.purpose),
                row.started,
                row.entry_index,
                row.record,
                row.ended,
            )
            yield sitting, row.name

    def events(self) -> Iterator[StoredEvent]:
        """Yield every event of the procedure."""
        table = tables.case_event
        for row in self._connection.execute(select(table).order_by(table.c.entry_index)):
            yield event_of(row)

    def notes(self) -> Iterator[StoredNote]:
        """Yield every note of the office, encrypted."""
        table = tables.case_note
        for row in self._connection.execute(select(table).order_by(table.c.entry_index)):
            yield StoredNote(
                case=CaseId(row.case_id),
                seq=row.seq,
                staff=row.staff_id,
                written=row.written,
                corrects=row.corrects,
                entry_index=row.entry_index,
                body_sealed=row.body,
            )

    def filings(self) -> Iterator[tuple[CaseId, int]]:
        """Yield every case with the entry of its filing."""
        table = tables.case
        for row in self._connection.execute(select(table.c.id, table.c.entry_index).order_by(table.c.entry_index)):
            yield CaseId(row.id), row.entry_index

    def links(self) -> Iterator[CaseLink]:
        """Yield what ties a case to an earlier one."""
        table = tables.case_link
        for row in self._connection.execute(select(table).order_by(table.c.entry_index)):
            yield CaseLink(CaseId(row.case_id), CaseId(row.earlier), row.note, row.entry_index)

    def assignments(self) -> Iterator[tuple[CaseId, str]]:
        """Yield who has which case, by name."""
        table = tables.assignment
        rows = select(table.c.case_id, _STAFF.name).join(tables.staff, _STAFF.id == table.c.staff_id)
        for row in self._connection.execute(rows.order_by(table.c.case_id, _STAFF.name)):
            yield CaseId(row.case_id), row.name

    def suspended(self) -> Iterator[CaseId]:
        """Yield the cases to which the petitioner lets nobody of the office."""
        table = tables.case
        rows = select(table.c.id).where(table.c.suspended.is_not(None)).order_by(table.c.id)
        yield from map(CaseId, self._connection.scalars(rows))
