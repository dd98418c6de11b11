"""Public versions that petitioners gave out; their texts are records (`app.store.rows.cases`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.entities import EVERYONE, CaseId, Released, Stage
from app.store import tables

_TABLE = tables.public_version
_C = _TABLE.c
_MOST = 500
"""Public versions that one page lists."""


class SqlReleasedRows:
    """`ReleasedRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, released: Released) -> None:
        """Insert a version."""
        row = {
            "case_id": released.case,
            "version": released.version,
            "sha256": released.sha256,
            "audience": released.audience,
            "note": released.note,
            "released": released.released,
            "entry_index": released.entry_index,
        }
        self._connection.execute(insert(_TABLE), row)

    def of(self, case: CaseId) -> tuple[Released, ...]:
        """Return a case's versions in order, those that were called back too."""
        rows = select(_TABLE).where(_C.case_id == case).order_by(_C.version)
        return tuple(map(_released, self._connection.execute(rows)))

    def withdraw(self, case: CaseId, now: int) -> None:
        """Note that whatever of a case is in force was called back."""
        where = (_C.case_id == case) & _C.withdrawn.is_(None)
        self._connection.execute(update(_TABLE).where(where).values(withdrawn=now))

    def for_everyone(self) -> Sequence[Released]:
        """Return what anybody may read, the newest first; nothing of a petition that was taken back."""
        there = tables.case.c.stage.in_([stage.value for stage in Stage if stage is not Stage.WITHDRAWN])
        rows = select(_TABLE).join(tables.case, tables.case.c.id == _C.case_id)
        rows = rows.where(_C.withdrawn.is_(None) & (_C.audience == EVERYONE) & there)
        newest = rows.order_by(_C.released.desc(), _C.case_id).limit(_MOST)
        return list(map(_released, self._connection.execute(newest)))

    def by_hash(self, sha256: str) -> Released | None:
        """Return the newest version with a hash, called back or not."""
        rows = select(_TABLE).where(_C.sha256 == sha256).order_by(_C.released.desc(), _C.version.desc()).limit(1)
        row = self._connection.execute(rows).first()
        return _released(row) if row else None


def _released(row: Row[Any]) -> Released:
    return Released(
        CaseId(row.case_id),
        row.version,
        row.sha256,
        row.audience,
        row.note,
        row.released,
        row.entry_index,
        row.withdrawn,
    )
