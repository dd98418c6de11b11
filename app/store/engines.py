"""Database engines: one writer and one pool of readers per face, with the rights of that face.

SQLite has no roles, so an authorizer does what grants do elsewhere: the office face cannot read a SEALED column, and
nobody updates or deletes a row of the log (laws L1, L5).
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError as DatabaseProblem
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from app.domain.ports import Face
from app.store.columns import CLASS, Confidentiality
from app.store.tables import LOG_TABLES, PORTAL

__all__ = ["DatabaseProblem", "Engine", "owner", "readers", "writer"]

READERS = 40  # as many as the threads that serve requests
BUSY_SECONDS = 30.0
_LOG_NAMES = frozenset(table.name for table in LOG_TABLES)
_SEALED_COLUMNS = frozenset(
    (table.name, column.name)
    for table in PORTAL.tables.values()
    for column in table.columns
    if column.info[CLASS] is Confidentiality.SEALED
)


def _authorize_for(face: Face) -> Callable[..., int]:
    """Return a SQLite authorizer with the rights of a face."""

    def authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action in {sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE} and first in _LOG_NAMES:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and face is Face.OFFICE and (first, second) in _SEALED_COLUMNS:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_ATTACH:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    return authorize


def _prepare(engine: Engine, begin: str, face: Face | None, *, read_only: bool) -> None:
    """Set pragmas, rights and the explicit BEGIN on each connection of an engine."""

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        raw: Any = connection
        raw.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "temp_store=MEMORY",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",
        ):
            raw.execute(f"PRAGMA {pragma}")
        if read_only:
            raw.execute("PRAGMA query_only=ON")
        if face is not None:
            raw.set_authorizer(_authorize_for(face))

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _engine(path: Path, size: int) -> Engine:
    return create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # SQLAlchemy's errors print parameters otherwise
        connect_args={"check_same_thread": False},
    )


def writer(path: Path, face: Face) -> Engine:
    """Return the engine of a face's sequencer: one connection, one writing transaction at a time."""
    engine = _engine(path, 1)
    _prepare(engine, "BEGIN IMMEDIATE", face, read_only=False)
    return engine


def readers(path: Path, face: Face) -> Engine:
    """Return the engine of a face's views."""
    engine = _engine(path, READERS)
    _prepare(engine, "BEGIN", face, read_only=True)
    return engine


def owner(path: Path) -> Engine:
    """Return the engine of migrations and of the vault's own store."""
    engine = _engine(path, 1)
    _prepare(engine, "BEGIN IMMEDIATE", None, read_only=False)
    return engine
