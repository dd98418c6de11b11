"""Holders' sign-in challenges and sessions."""

from sqlalchemy import Connection, delete, insert, select

from app.domain.entities import CaseId, HolderSession
from app.store import tables


class SqlHolderRows:
    """`HolderRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_challenge(self, nonce_hash: str, browser_hash: str, case: CaseId, expires: int) -> None:
        """Insert a nonce of single use, bound to the pre-session that asked for it."""
        row = {"nonce_hash": nonce_hash, "browser_hash": browser_hash, "case_id": case, "expires": expires}
        self._connection.execute(insert(tables.holder_challenge), row)

    def take_challenge(self, nonce_hash: str, browser_hash: str, now: int) -> CaseId | None:
        """Use up a nonce and return its case; None if it is unknown, used, expired or another browser's."""
        table = tables.holder_challenge
        where = (table.c.nonce_hash == nonce_hash) & (table.c.browser_hash == browser_hash)
        row = self._connection.execute(delete(table).where(where).returning(table.c.case_id, table.c.expires)).first()
        return CaseId(row.case_id) if row and row.expires >= now else None

    def add_session(self, session: HolderSession) -> None:
        """Insert a session."""
        row = {
            "token_hash": session.token_hash,
            "case_id": session.case,
            "created": session.created,
            "expires": session.expires,
            "entry_index": session.entry_index,
        }
        self._connection.execute(insert(tables.holder_session), row)

    def session(self, token_hash: str) -> HolderSession | None:
        """Return a session, expired or not."""
        table = tables.holder_session
        row = self._connection.execute(select(table).where(table.c.token_hash == token_hash)).first()
        if row is None:
            return None
        return HolderSession(token_hash, CaseId(row.case_id), row.created, row.expires, row.entry_index)

    def end_session(self, token_hash: str) -> None:
        """Delete a session."""
        table = tables.holder_session
        self._connection.execute(delete(table).where(table.c.token_hash == token_hash))

    def end_sessions_of(self, case: CaseId) -> None:
        """Delete every session and waiting challenge of a case: its sign-in key is another now."""
        for table in (tables.holder_challenge, tables.holder_session):
            self._connection.execute(delete(table).where(table.c.case_id == case))

    def reap(self, now: int) -> None:
        """Delete what has expired."""
        for table in (tables.holder_challenge, tables.holder_session):
            self._connection.execute(delete(table).where(table.c.expires < now))
