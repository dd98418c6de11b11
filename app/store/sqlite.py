"""SQLite in the data folder: the embedded default, for one host.

SQLite has no roles, so an authorizer does what grants do elsewhere: the office face cannot read a SEALED column, and
nobody updates or deletes a row of the log (laws L1, L5). The vault's keys lie in a file of their own, so that their
backups can be short-lived (law L8).
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from app.domain.ports import Face
from app.store.columns import CLASS, Confidentiality
from app.store.copies import Copied, copy_file, keys_in, look_into
from app.store.database import KeyEngines
from app.store.locks import HostLock
from app.store.migrate import current_revision, upgrade
from app.store.tables import LOG_TABLES, PORTAL, VAULT

READERS = 40  # as many as the threads that serve requests
BUSY_SECONDS = 30.0
_PRAGMAS = (
    f"busy_timeout={int(BUSY_SECONDS * 1000)}",  # first: the next one may have to wait already
    "journal_mode=WAL",
    "synchronous=FULL",
    "temp_store=MEMORY",
    "foreign_keys=ON",
    "secure_delete=ON",
)
_READ = "BEGIN"
_WRITE = "BEGIN IMMEDIATE"
_LOG_NAMES = frozenset(table.name for table in LOG_TABLES)
_SEALED_COLUMNS = frozenset(
    (table.name, column.name)
    for table in PORTAL.tables.values()
    for column in table.columns
    if column.info[CLASS] is Confidentiality.SEALED
)


class SqliteDatabase:
    """`Database` as two files of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Bring both files to the newest schema; call under the data folder's start lock."""
        for name in ("portal.db", "vault.db"):  # SQLite gives its other files the mode of the first
            os.close(os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        portal, vault = self.owner(), self._engine("vault.db", 1, _WRITE, None)
        with portal.connect() as connection:
            upgrade(connection)
        VAULT.create_all(vault)
        portal.dispose()
        vault.dispose()

    def revision(self, face: Face) -> str | None:
        """Return the schema's revision."""
        engine = self.readers(face)
        with engine.connect() as connection:
            found = current_revision(connection)
        engine.dispose()
        return found

    def owner(self) -> Engine:
        """Return the engine of migrations, which may do everything."""
        return self._engine("portal.db", 1, _WRITE, None)

    def writer(self, face: Face) -> "SqliteWriter":
        """Return a sequencer's connection."""
        engine = self._engine("portal.db", 1, _WRITE, _authorize_for(face))
        return SqliteWriter(engine, HostLock(self._folder / "sequencer.lock"))

    def readers(self, face: Face) -> Engine:
        """Return the engine of a face's views: each transaction is one unchanging look."""
        return self._engine("portal.db", READERS, _READ, _authorize_for(face))

    def keys(self, face: Face | None) -> KeyEngines:  # noqa: ARG002 - SQLite has no roles: all open one file
        """Return the engines of the vault's own file."""
        return KeyEngines(self._engine("vault.db", READERS, _READ, None), self._engine("vault.db", 1, _WRITE, None))

    def is_empty(self) -> bool:
        """Tell whether neither file is there."""
        return not any((self._folder / name).exists() for name in ("portal.db", "vault.db"))

    def copy_portal(self, target: Path) -> None:
        """Write a consistent copy of the portal's file."""
        copy_file(self._folder / "portal.db", target)

    def copy_keys(self, target: Path) -> None:
        """Write a consistent copy of the vault's file."""
        copy_file(self._folder / "vault.db", target)

    def inspect(self) -> Copied:
        """Return what the portal's file holds."""
        return look_into(self._folder / "portal.db")

    def stored_keys(self) -> list[tuple[str, bytes]]:
        """Return what the vault's file holds."""
        return list(keys_in(self._folder / "vault.db"))

    def wrong_rights(self) -> list[tuple[str, str, str]]:
        """Return nothing: SQLite has no roles, and the authorizer is code."""
        return []

    def load(self, portal: Path, keys: Path) -> None:
        """Move two copies to where the files belong."""
        portal.rename(self._folder / "portal.db")
        keys.rename(self._folder / "vault.db")

    def _engine(self, name: str, size: int, begin: str, authorize: Callable[..., int] | None) -> Engine:
        engine = create_engine(
            f"sqlite:///{self._folder / name}",
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,  # SQLAlchemy's errors print parameters otherwise
            connect_args={"check_same_thread": False},
        )
        _set_up(engine, begin, authorize)
        return engine


class SqliteWriter:
    """`Writer`: a lock of the host before `BEGIN IMMEDIATE`; SQLite's own waiting starves under many writers."""

    def __init__(self, engine: Engine, lock: HostLock) -> None:
        self._engine = engine
        self._lock = lock

    @contextlib.contextmanager
    def turn(self) -> Iterator[Connection]:
        """Hold the lock through one transaction."""
        with self._lock.held(), self._engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close connection and lock."""
        self._engine.dispose()
        self._lock.close()


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


def _set_up(engine: Engine, begin: str, authorize: Callable[..., int] | None) -> None:
    """Set pragmas, rights and the explicit BEGIN on each connection of an engine."""

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        raw: Any = connection
        raw.isolation_level = None
        for pragma in _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        if begin == _READ:
            raw.execute("PRAGMA query_only=ON")
        if authorize is not None:
            raw.set_authorizer(authorize)

    def start(connection: Any) -> None:
        connection.execute(begin)

    # Not by the event "begin": an engine with one asks for listeners at nine points of every statement.
    engine.dialect.do_begin = start  # type: ignore[assignment]  # what the event would be called beside
