"""Addresses for notices, encrypted, and what is due to be sent; the office's side only adds to the latter."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.entities import CaseId, Due, Notice
from app.store import tables

_NOTICE, _DUE = tables.case_notice, tables.notice_due


class SqlNoticeRows:
    """`NoticeRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, case: CaseId) -> Notice | None:
        """Return what is stored about a case's mail."""
        row = self._connection.execute(select(_NOTICE).where(_NOTICE.c.case_id == case)).first()
        return Notice(CaseId(row.case_id), row.address, row.last_sent) if row else None

    def set(self, case: CaseId, address_sealed: bytes | None) -> None:
        """Set or clear a case's address; when a message last left stays."""
        if self.of(case) is None:
            row = {"case_id": case, "address": address_sealed, "last_sent": None}
            self._connection.execute(insert(_NOTICE), row)
        else:
            self._update(case, address=address_sealed)

    def set_last_sent(self, case: CaseId, moment: int | None) -> None:
        """Note when a message of a case last left."""
        self._update(case, last_sent=moment)

    def _update(self, case: CaseId, **values: object) -> None:
        self._connection.execute(update(_NOTICE).where(_NOTICE.c.case_id == case).values(values))

    def queue(self, due: Due) -> None:
        """Add something that is due."""
        row = {"id": due.id, "case_id": due.case, "not_before": due.not_before, "attempts": due.attempts}
        self._connection.execute(insert(_DUE), row)

    def due(self, now: int, most: int) -> Sequence[Due]:
        """Return what may leave now, longest waiting first."""
        rows = select(_DUE).where(_DUE.c.not_before <= now).order_by(_DUE.c.not_before, _DUE.c.id).limit(most)
        return [
            Due(row.id, CaseId(row.case_id), row.not_before, row.attempts) for row in self._connection.execute(rows)
        ]

    def put_off(self, due: str, not_before: int, attempts: int) -> None:
        """Let something wait until a moment."""
        values = {"not_before": not_before, "attempts": attempts}
        self._connection.execute(update(_DUE).where(_DUE.c.id == due).values(values))

    def forget(self, due: Sequence[str]) -> None:
        """Remove what is done or given up."""
        self._connection.execute(delete(_DUE).where(_DUE.c.id.in_(list(due))))
