"""One portal's storage as tests handle it: copied, restored, looked into and tampered with, on either engine."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from app.config import Settings
from app.store.postgres import PostgresDatabase
from app.store.sqlite import SqliteDatabase
from tests.assembled import environment_in, settings_in
from tests.engine import NO_ADDRESSES
from tests.postgres import OWNER, Cluster, addresses


class Storage:
    """What both engines share; `settings` are those of the portal."""

    engine_name: str
    refusal: str
    settings: Settings

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def database(self) -> SqliteDatabase | PostgresDatabase:
        """The database, with an owner's engine."""
        raise NotImplementedError

    def with_settings(self, **environment: str) -> Settings:
        """Return the portal's settings with some changed."""
        return settings_in(self.folder, **{**self._environment(), **environment})

    def environment(self) -> Mapping[str, str]:
        """Return the portal's settings as a process of its own reads them."""
        return environment_in(self.folder, **self._environment())

    def save(self) -> None:
        """Make a backup, as an operator would."""
        raise NotImplementedError

    def restore(self) -> None:
        """Put the backup back."""
        raise NotImplementedError

    def administer(self) -> Engine:
        """Return an engine that may do everything, log rows too: somebody with the disk in their hands."""
        raise NotImplementedError

    def rows(self, statement: str) -> list[Any]:
        """Return what is stored."""
        engine = self.administer()
        with engine.connect() as connection:
            found = connection.execute(text(statement)).all()
        engine.dispose()
        return list(found)

    def tamper(self, statement: str, **values: object) -> None:
        """Change what is stored behind the portal's back."""
        engine = self.administer()
        with engine.connect() as connection, connection.begin():
            connection.execute(text(statement), values)
        engine.dispose()

    def _environment(self) -> Mapping[str, str]:
        return {}


class SqliteStorage(Storage):
    """Files of a data folder."""

    engine_name = "sqlite"
    refusal = "prohibited|not authorized"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.settings = self.with_settings()

    @property
    def database(self) -> SqliteDatabase:
        """The data folder's database."""
        self.settings.data.mkdir(exist_ok=True)
        return SqliteDatabase(self.settings.data)

    def save(self) -> None:
        """Copy the folder."""
        shutil.copytree(self.settings.data, self.folder / "older")

    def restore(self) -> None:
        """Put the copy in the folder's place."""
        shutil.rmtree(self.settings.data)
        shutil.copytree(self.folder / "older", self.settings.data)

    def administer(self) -> Engine:
        """Return the owner's engine, which no authorizer watches."""
        return self.database.owner()

    def _environment(self) -> Mapping[str, str]:
        return NO_ADDRESSES


class PostgresStorage(Storage):
    """A database of a cluster, with an address for each face."""

    engine_name = "postgres"
    refusal = "permission denied"

    def __init__(self, folder: Path, cluster: Cluster, template: str | None) -> None:
        super().__init__(folder)
        self.cluster = cluster
        self.name = cluster.create(template)
        self._saved: str | None = None
        self.settings = self.with_settings()

    @property
    def database(self) -> PostgresDatabase:
        """The database by its owner's and its faces' addresses."""
        return PostgresDatabase(self.settings.database, self.settings.face_databases)

    def save(self) -> None:
        """Copy the database."""
        self._saved = self.cluster.create(self.name)

    def restore(self) -> None:
        """Put the copy in the database's place."""
        with self.cluster.connected() as connection:
            connection.execute(f"DROP DATABASE {self.name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self.name} OWNER {OWNER} TEMPLATE {self._saved}")

    def administer(self) -> Engine:
        """Return an engine as the server's administrator."""
        return PostgresDatabase(self.cluster.administrators_url(self.name), {}).owner()

    def drop(self) -> None:
        """Remove the database."""
        self.cluster.drop(self.name)

    def _environment(self) -> Mapping[str, str]:
        return addresses(self.cluster, self.name)
