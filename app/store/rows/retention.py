"""Retention: what was announced, what was destroyed, and the rows that go with a case."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from app.domain.entities import CaseId, Stage
from app.domain.retention import Announced, Destroyed
from app.store import tables
from app.store.prepared import Prepared
from app.store.rows.cases import GONE

_TABLE = tables.retention
_ANNOUNCED = Prepared(select(_TABLE).where(_TABLE.c.case_id == bindparam("case")))
_BY_STATUS = Prepared(select(_TABLE).where(_TABLE.c.status_hash == bindparam("status_hash")))
_OF_A_CASE = (
    tables.message,
    tables.copy_page,
    tables.redacted_record,
    tables.public_version,
    tables.manifest,
    tables.case_card,
    tables.case_recipient,
    tables.assisted_filing,
    tables.case_notice,
    tables.notice_due,
    tables.holder_challenge,
    tables.holder_session,
    tables.mark_share,
)
"""Tables whose rows of a case go; `sealed_object`, `part_use` and `part` go before them."""


class SqlRetentionRows:
    """`RetentionRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ended(self, stages: Sequence[Stage]) -> Sequence[CaseId]:
        """Return the cases that are in one of the stages."""
        ids = select(tables.case.c.id).where(tables.case.c.stage.in_([stage.value for stage in stages]))
        return [CaseId(found) for found in self._connection.scalars(ids.order_by(tables.case.c.id))]

    def announce(self, announced: Announced) -> None:
        """Note that a case will be destroyed."""
        row = {
            "case_id": announced.case,
            "announced": announced.announced,
            "day": announced.day.isoformat(),
            "rule": announced.rule,
        }
        self._connection.execute(insert(_TABLE), row)

    def announced(self, case: CaseId) -> Announced | None:
        """Return what was announced of a case that is still there."""
        row = _ANNOUNCED.first(self._connection, {"case": case})
        return _announced(row) if row and row.destroyed is None else None

    def withdraw(self, case: CaseId) -> None:
        """Take an announcement back: the case moved on, or the schedule did."""
        self._connection.execute(delete(_TABLE).where((_TABLE.c.case_id == case) & _TABLE.c.destroyed.is_(None)))

    def all_announced(self) -> Sequence[Announced]:
        """Return what was announced and not done yet."""
        return [_announced(row) for row in self._connection.execute(select(_TABLE).where(_TABLE.c.destroyed.is_(None)))]

    def all_destroyed(self) -> Sequence[CaseId]:
        """Return the numbers of the destroyed cases."""
        ids = select(_TABLE.c.case_id).where(_TABLE.c.destroyed.is_not(None))
        return [CaseId(each) for each in self._connection.scalars(ids)]

    def by_status_hash(self, status_hash: str) -> Destroyed | None:
        """Return what is left of a case under its status code."""
        row = _BY_STATUS.first(self._connection, {"status_hash": status_hash})
        return Destroyed(CaseId(row.case_id), row.destroyed, row.certificate) if row else None

    def destroy(self, done: Destroyed, placeholder: str) -> Mapping[str, int]:
        """Delete the rows of a case, ciphertexts and their parts excepted; return how many of each table went.

        The case's own row stays as a stub, for what the log's tables refer to; `placeholder` takes the place of its
        status hash.
        """
        stub = tables.case
        status_hash = self._connection.scalar(select(stub.c.status_hash).where(stub.c.id == done.case))
        values = {"destroyed": done.destroyed, "certificate": done.certificate, "status_hash": status_hash}
        self._connection.execute(update(_TABLE).where(_TABLE.c.case_id == done.case).values(values))
        counts = {}
        for table in _OF_A_CASE:
            gone = self._connection.execute(delete(table).where(table.c.case_id == done.case))
            counts[table.name] = gone.rowcount
        left = {"stage": GONE, "genesis": "", "sign_in_vkey": "", "status_hash": placeholder}
        self._connection.execute(update(stub).where(stub.c.id == done.case).values(left))
        return counts


def _announced(row: Row[*tuple[Any, ...]]) -> Announced:
    return Announced(CaseId(row.case_id), row.announced, date.fromisoformat(row.day), row.rule)
