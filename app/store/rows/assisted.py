"""Filings by assisted intake."""

from sqlalchemy import Connection, insert, select

from app.domain.entities import AssistedFiling, CaseId
from app.store import tables


class SqlAssistedRows:
    """`AssistedRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, filing: AssistedFiling) -> None:
        """Insert a filing."""
        row = {"key_hash": filing.key_hash, "call_hash": filing.call_hash, "case_id": filing.case}
        self._connection.execute(insert(tables.assisted_filing), row)

    def by_key(self, key_hash: str) -> AssistedFiling | None:
        """Return the filing that was made under a key, None if there is none."""
        table = tables.assisted_filing
        row = self._connection.execute(select(table).where(table.c.key_hash == key_hash)).first()
        return AssistedFiling(row.key_hash, row.call_hash, CaseId(row.case_id)) if row else None
