"""Copies of a database that belong together, whatever engine they came from: one SQLite file, made while others write.

A copy is one unchanging look. On SQLite it is `VACUUM INTO`, which leaves free pages, and what was deleted in them,
behind; on PostgreSQL the rows of one snapshot are written into a file of the same schema (postgres.py).
"""

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, create_engine, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.store import tables
from app.store.key_names import record_name
from app.store.migrate import current_revision, upgrade
from app.store.rows.cases import GONE, SqlCaseRows
from app.store.rows.log import SqlLogRows
from app.store.tree import TileCache, Tree
from crypto.log.merkle import EMPTY_ROOT, CompactRange, leaf_hash, range_hash

_AT_ONCE = 500
_BUSY_SECONDS = 30.0


class DamagedCopyError(Exception):
    """A copy cannot be read as a portal's database, or its log does not fit together; `args`: what was looked at."""


@dataclass(frozen=True)
class Copied:
    """What a copy of the database holds; `blobs` are hashes of ciphertext that must lie beside it,
    `records` the names of the keys of the versions of records that are there.

    `waiting` are those of uploads that nobody filed yet, which may be gone. `problem` says what is wrong with the log.
    """

    revision: str | None
    size: int
    root: bytes
    cases: frozenset[str]
    records: frozenset[str]
    blobs: frozenset[str]
    waiting: frozenset[str]
    checkpoint: str | None
    problem: str = ""


def copy_file(source: Path, target: Path) -> None:
    """Write a consistent copy of a SQLite file that others may be writing to; `target` must not exist."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def opened_copy(path: Path) -> Engine:
    """Return an engine that reads a copy and leaves nothing beside it."""
    return create_engine(
        f"sqlite:///{path.absolute().as_uri()}?mode=ro&uri=true", poolclass=NullPool, hide_parameters=True
    )


@contextlib.contextmanager
def new_copy(path: Path, metadata: MetaData) -> Iterator[Connection]:
    """Give a transaction in a new SQLite file that has the newest schema of some tables."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    engine = create_engine(f"sqlite:///{path.absolute()}", poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            if metadata is tables.PORTAL:
                upgrade(connection)
            else:
                metadata.create_all(connection)
                connection.commit()
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def copy_rows(source: Connection, target: Connection, metadata: MetaData) -> None:
    """Copy every row of the tables, parents first."""
    for table in metadata.sorted_tables:
        found = source.execution_options(yield_per=_AT_ONCE).execute(select(table))
        for rows in found.mappings().partitions(_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in rows])


def look_into(path: Path) -> Copied:
    """Return what a copy holds, after its pages and its log were checked. Raises DamagedCopyError.

    1. The file's own structure. 2. The rows that are needed. 3. The log's root, from every entry anew.
    """
    engine = opened_copy(path)
    try:
        with engine.connect() as connection:
            # 1.
            if connection.exec_driver_sql("PRAGMA quick_check").scalars().all() != ["ok"]:
                raise DamagedCopyError("structure")
            # 2. and 3.
            return look(connection)
    except (SQLAlchemyError, sqlite3.Error, ValueError, TypeError) as error:
        raise DamagedCopyError("rows") from error
    finally:
        engine.dispose()


def look(connection: Connection) -> Copied:
    """Return what a database holds, from one unchanging look."""
    part, waiting = tables.part.c, tables.upload_part.c.part
    rows = SqlLogRows(connection)
    head, publication = rows.head(), rows.publication()
    root = head.edge.root() if head.size else EMPTY_ROOT
    blobs = frozenset(connection.scalars(select(part.sha256).where(part.data.is_(None))))
    return Copied(
        revision=current_revision(connection),
        size=head.size,
        root=root,
        cases=frozenset(connection.scalars(select(tables.case.c.id).where(tables.case.c.stage != GONE))),
        records=frozenset(record_name(place) for place in SqlCaseRows(connection).all_records()),
        blobs=blobs,
        waiting=frozenset(connection.scalars(select(waiting))) - blobs,
        checkpoint=publication.checkpoint if publication else None,
        problem="" if _fits(head.size, root, rows) else "log",
    )


def _fits(size: int, root: bytes, rows: SqlLogRows) -> bool:
    """Tell whether the entries make the root that the head says, and the stored tiles too; none at all never do.

    A portal's log begins with an entry of its own: an empty one is another database than the portal's.
    """
    if not size:
        return False
    edge = CompactRange()
    try:
        for at in range(0, size, _AT_ONCE):
            for leaf in rows.leaves(at, min(at + _AT_ONCE, size)):
                edge.append(leaf_hash(leaf))
        return edge.size == size and edge.root() == root == range_hash(0, size, Tree(rows, TileCache(), size).node)
    except (LookupError, ValueError):
        return False


def keys_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield names and wrapped keys of a copy of the vault's store. Raises DamagedCopyError."""
    engine = opened_copy(path)
    try:
        with engine.connect() as connection:
            yield from keys_of(connection)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise DamagedCopyError("keys") from error
    finally:
        engine.dispose()


def keys_of(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Yield names and wrapped keys of a vault's store."""
    for row in connection.execute(select(tables.data_key)).all():
        yield row.name, row.wrapped


def keep_only(path: Path, names: Collection[str]) -> None:
    """Rewrite a copy of the vault's store with the named keys and no trace of others."""
    kept = set(names)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        for (name,) in connection.execute("SELECT name FROM data_key").fetchall():
            if name not in kept:
                connection.execute("DELETE FROM data_key WHERE name = ?", (name,))
        connection.execute("VACUUM")
