"""The engine under the portals of tests: SQLite, or PostgreSQL where RESGUARDO_TEST_ENGINE=postgres asks for it.

On PostgreSQL each data folder has a database of its own, with the owner's address and one for each face, so that every
request runs with the rights of its face's role. Tests that take an engine as a parameter (tests/store) choose it
themselves. Those that are about SQLite's own files bear the mark `sqlite_files` with the reason, and are left out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, select, text

from app.config import read_settings
from app.store.postgres import PostgresDatabase
from app.store.tables import data_key
from app.wiring import database_of
from tests.postgres import Cluster, addresses

SETTING = "RESGUARDO_TEST_ENGINE"
NO_ADDRESSES = {
    "RESGUARDO_DATABASE": "",
    "RESGUARDO_DATABASE_PETITIONER": "",
    "RESGUARDO_DATABASE_OFFICE": "",
}


class Engine:
    """The databases of one session's data folders."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster = cluster
        self._template = template
        self._names: dict[Path, str] = {}

    def addresses_of(self, data: Path) -> Mapping[str, str]:
        """Return the addresses of a data folder's database, made when it is first asked for."""
        if data not in self._names:
            self._names[data] = self.cluster.create(self._template)
        return addresses(self.cluster, self._names[data])

    def server_bytes(self, data: Path) -> dict[str, bytes]:
        """Return the server's files, and a data folder's rows as text, which in the files may be compressed."""
        return {**self.cluster.files(), **self.table_bytes(data)}

    def table_bytes(self, data: Path) -> dict[str, bytes]:
        """Return a data folder's rows by table, as text."""
        return self.cluster.dump(self._names[data])

    def administers(self, data: Path) -> PostgresDatabase:
        """Return a data folder's database as the server's administrator has it: log rows change, too."""
        return PostgresDatabase(self.cluster.administrators_url(self._names[data]), {})

    def copy(self, source: Path, target: Path) -> None:
        """Give a data folder a copy of another's database, in the place of its own."""
        self.lose(target)
        self._names[target] = self.cluster.create(self._names[source])

    def lose(self, data: Path) -> None:
        """Remove a data folder's database; who asks for its address gets a new one."""
        if data in self._names:
            self.cluster.drop(self._names.pop(data))

    def drop_below(self, folder: Path) -> None:
        """Remove the databases of the data folders below a folder."""
        for data in [each for each in self._names if each.is_relative_to(folder)]:
            self.cluster.drop(self._names.pop(data))


_chosen: list[Engine] = []


def is_postgres() -> bool:
    """Tell whether the tests' portals stand on PostgreSQL."""
    return os.environ.get(SETTING) == "postgres"


@contextlib.contextmanager
def chosen(cluster: Cluster, template: str) -> Iterator[Engine]:
    """Put every portal that is made meanwhile on a cluster."""
    _chosen.append(Engine(cluster, template))
    try:
        yield _chosen[-1]
    finally:
        _chosen.pop()


def addresses_of(data: Path) -> Mapping[str, str]:
    """Return the settings that lead a data folder's portal to its database; none on SQLite."""
    return _chosen[-1].addresses_of(data) if _chosen else {}


def table_bytes(data: Path) -> dict[str, bytes]:
    """Return the rows of a portal's tables; none on SQLite."""
    return _chosen[-1].table_bytes(data) if _chosen else {}


def server_bytes(data: Path) -> dict[str, bytes]:
    """Return every file of the database server, its logs too, and the rows of a portal; none on SQLite."""
    return _chosen[-1].server_bytes(data) if _chosen else {}


def rows(environment: Mapping[str, str], statement: str, **values: object) -> Sequence[Any]:
    """Return what a portal's database holds, whichever engine that is."""
    engine = database_of(read_settings(environment)).owner()  # type: ignore[attr-defined]  # both engines' own
    try:
        with engine.connect() as connection:
            return list(connection.execute(text(statement), values).all())
    finally:
        engine.dispose()


@contextlib.contextmanager
def behind(environment: Mapping[str, str]) -> Iterator[Connection]:
    """Work on a portal's database behind its back, as whoever has its disk; a failure changes nothing."""
    settings = read_settings(environment)
    database = _chosen[-1].administers(settings.data) if _chosen else database_of(settings)
    engine = database.owner()  # type: ignore[attr-defined]  # both engines' own
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def change(environment: Mapping[str, str], *statements: str, **values: object) -> None:
    """Change what a portal's database holds, behind its back."""
    with behind(environment) as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def change_keys(environment: Mapping[str, str], statement: str, **values: object) -> None:
    """Change what a portal's store of wrapped keys holds."""
    engines = database_of(read_settings(environment)).keys(None)
    try:
        with engines.writing.begin() as connection:
            connection.execute(text(statement), values)
    finally:
        engines.dispose()


def copy_data(source: Path, target: Path) -> None:
    """Copy a data folder that nobody serves, its database too, in the place of what is there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    if _chosen:
        _chosen[-1].copy(source, target)


def lose_database(data: Path) -> None:
    """Take a data folder's rows away, as when a disk breaks; the keys of files stay."""
    if _chosen:
        _chosen[-1].lose(data)
    else:
        for path in data.glob("portal.db*"):
            path.unlink()


def vacuum(environment: Mapping[str, str]) -> None:
    """Give up the room of deleted rows, as an operator may."""
    settings = read_settings(environment)
    if not settings.on_postgres:
        with contextlib.closing(sqlite3.connect(settings.data / "portal.db")) as db:
            db.execute("VACUUM")
        return
    with psycopg.connect(settings.database, autocommit=True) as connection:
        connection.execute("VACUUM")


def wrapped_keys(environment: Mapping[str, str]) -> Mapping[str, bytes]:
    """Return what a portal's store of wrapped keys holds, by name."""
    engines = database_of(read_settings(environment)).keys(None)
    try:
        with engines.reading.connect() as connection:
            return {row.name: bytes(row.wrapped) for row in connection.execute(select(data_key))}
    finally:
        engines.dispose()


def leave_out(items: Sequence[pytest.Item]) -> None:
    """Skip on PostgreSQL what is about SQLite's files."""
    for item in items:
        mark = item.get_closest_marker("sqlite_files")
        if mark is not None and is_postgres():
            item.add_marker(pytest.mark.skip(reason=f"about SQLite's files: {mark.args[0]}"))
