"""PostgreSQL: for several processes on several hosts, with roles whose rights the engine itself enforces.

Roles and addresses
    1. The owner's address serves migrations and grants (migrations/grants.sql), and nothing else.
    2. Each face connects by an address of its own, as a role that has its rights and no more. Where no such address is
       set, it connects by the owner's and takes its role while connecting: the same grants hold, but the process knows
       a password that could do more. Processes of one face each should not be given the owner's.

One history
    3. The right to write is an advisory lock that belongs to the transaction: it comes with `BEGIN`, goes with
       `COMMIT`, and a process or host that dies gives it back. Whoever stops inside a turn without dying is cut off
       (`idle_in_transaction_session_timeout`).
    4. Turns run as READ COMMITTED on purpose: the snapshot of a stricter level is taken by the statement that waits
       for the lock, and would show the head as it was before the wait. Views are REPEATABLE READ and READ ONLY.
    5. `synchronous_commit` is set to `on` for our sessions, whatever the server's default: a receipt outlives a crash.

The vault's keys
    6. They lie in the schema `vault`. A dump that is kept for years leaves that schema out
       (`pg_dump --exclude-schema=vault`); its own dump is kept for days (`pg_dump --schema=vault`), so that a destroyed
       key is gone when the last of those is (law L8). A physical backup (base backup, archived WAL) holds both, and
       then its horizon is the vault's: days.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, func, make_url, select, text
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateSchema

from app.domain.ports import Face
from app.store.columns import CLASS, Confidentiality
from app.store.copies import Copied, DamagedCopyError, copy_rows, keys_of, look, new_copy, opened_copy
from app.store.database import KeyEngines
from app.store.grants import DEFAULT_ROLES, grant
from app.store.migrate import current_revision, upgrade
from app.store.tables import LOG_TABLES, PORTAL, VAULT

READERS = 12
"""Connections of a face's views in one process; a thread beyond them waits a moment. A server has some hundred."""
KEY_READERS = 4
POOL_SECONDS = 30.0
VAULT_SCHEMA = "vault"

_TURN_LOCK = int.from_bytes(b"resguard")
_MIGRATION_LOCK = int.from_bytes(b"migrates")

_SESSION = {"synchronous_commit": "on", "client_min_messages": "warning", "search_path": "public"}
_OWNER = {**_SESSION, "statement_timeout": "10min", "lock_timeout": "10s"}
"""A migration that waits for a lock makes everybody behind it wait: it gives up soon instead."""
_WRITER = {
    **_SESSION,
    "default_transaction_isolation": "read committed",
    "lock_timeout": "35s",
    "statement_timeout": "45s",
    "idle_in_transaction_session_timeout": "8s",  # a process has up to four writers: cut off one after the other, they
    # leave the turn to whoever waits for it before lock_timeout
}
_READER = {
    **_SESSION,
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
    "lock_timeout": "5s",
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "60s",
}
_COPYING = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}
_ESCAPED_SPACE = r"\ "
_NETWORK = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 10,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}


@dataclass(frozen=True)
class _Login:
    """An address, and the role to take while connecting if the address is the owner's."""

    url: URL
    role: str | None


class PostgresDatabase:
    """`Database` by addresses such as `postgresql://role:password@host/database`; any may be empty."""

    def __init__(self, owner: str, faces: Mapping[Face, str]) -> None:
        self._owner = owner
        self._faces = faces

    def prepare(self) -> None:
        """Bring schema and grants to what this version needs, one host at a time."""
        engine = self.owner()
        try:
            with _alone(engine) as connection:
                upgrade(connection)
                with connection.begin():
                    connection.execute(CreateSchema(VAULT_SCHEMA, if_not_exists=True))
                    VAULT.create_all(connection.execution_options(schema_translate_map={None: VAULT_SCHEMA}))
                with connection.begin():
                    grant(connection, {face: self.role(face) for face in Face})
        finally:
            engine.dispose()

    def revision(self, face: Face) -> str | None:
        """Return the schema's revision as a face sees it."""
        engine = self.readers(face)
        try:
            with engine.connect() as connection:
                return current_revision(connection)
        finally:
            engine.dispose()

    def role(self, face: Face) -> str:
        """Return the role that has a face's rights: the one in its address, or the usual one."""
        address = self._faces.get(face)
        return (make_url(address).username if address else None) or DEFAULT_ROLES[face]

    def owner(self) -> Engine:
        """Return the engine of migrations and grants."""
        return _engine(self._login(None), _OWNER, 1)

    def writer(self, face: Face) -> "PostgresWriter":
        """Return a sequencer's connection."""
        return PostgresWriter(_engine(self._login(face), _WRITER, 1, ping=True))

    def readers(self, face: Face) -> Engine:
        """Return the engine of a face's views: each transaction is one unchanging look."""
        return _engine(self._login(face), _READER, READERS)

    def keys(self, face: Face | None) -> KeyEngines:
        """Return the engines of the schema of wrapped keys."""
        login, place = self._login(face), {"search_path": VAULT_SCHEMA}
        return KeyEngines(_engine(login, _READER | place, KEY_READERS), _engine(login, _WRITER | place, 1, ping=True))

    def is_empty(self) -> bool:
        """Tell whether there is neither a log entry nor a key, or no schema yet."""
        engine = self.owner()
        try:
            with engine.connect() as connection:
                names = ("public.log_entry", f"{VAULT_SCHEMA}.data_key")
                there = [name for name in names if connection.scalar(text("SELECT to_regclass(:n)"), {"n": name})]
                return not any(connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {name})")) for name in there)  # noqa: S608 - our own two names
        finally:
            engine.dispose()

    def copy_portal(self, target: Path) -> None:
        """Write the rows of one snapshot into a SQLite file of the same schema."""
        self._copy(target, PORTAL, {})

    def copy_keys(self, target: Path) -> None:
        """Write the wrapped keys of one snapshot into a SQLite file."""
        self._copy(target, VAULT, {"search_path": VAULT_SCHEMA})

    def _copy(self, target: Path, metadata: MetaData, place: dict[str, str]) -> None:
        source = _engine(self._login(None), _READER | _COPYING | place, 1)
        try:
            with new_copy(target, metadata) as file, source.connect() as connection:
                copy_rows(connection, file, metadata)
        finally:
            source.dispose()

    def inspect(self) -> Copied:
        """Return what one snapshot holds."""
        with self._looking({}) as connection:
            return look(connection)

    def stored_keys(self) -> list[tuple[str, bytes]]:
        """Return the wrapped keys."""
        with self._looking({"search_path": VAULT_SCHEMA}) as connection:
            return list(keys_of(connection))

    def wrong_rights(self) -> list[tuple[str, str, str]]:
        """Compare what the roles may do with what they must never, and what they need first."""
        with self._looking({}) as connection:
            return [each for face in Face for each in _wrong_rights(connection, face, self.role(face))]

    @contextlib.contextmanager
    def _looking(self, place: dict[str, str]) -> Iterator[Connection]:
        login = self._login(None if self._owner else next(face for face in Face if self._faces.get(face)))
        engine = _engine(login, _READER | _COPYING | place, 1)
        try:
            with engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise DamagedCopyError("rows") from error
        finally:
            engine.dispose()

    def load(self, portal: Path, keys: Path) -> None:
        """Take two copies over into an empty database, all or nothing each."""
        self.prepare()
        in_vault: dict[str, str] = {"search_path": VAULT_SCHEMA}
        for path, metadata, place in ((keys, VAULT, in_vault), (portal, PORTAL, {})):
            source, target = opened_copy(path), _engine(self._login(None), _OWNER | _COPYING | place, 1)
            try:
                with source.connect() as rows, target.connect() as connection, connection.begin():
                    copy_rows(rows, connection, metadata)
                    _continue_numbers(connection, metadata)
            finally:
                source.dispose()
                target.dispose()

    def _login(self, face: Face | None) -> _Login:
        if face is None:
            return _Login(make_url(self._owner), None)
        address = self._faces.get(face)
        if address:
            return _Login(make_url(address), None)
        return _Login(make_url(self._owner), self.role(face))


class PostgresWriter:
    """`Writer` by an advisory lock that ends with the transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextlib.contextmanager
    def turn(self) -> Iterator[Connection]:
        """Wait for the lock inside the transaction and hold it until the end."""
        with self._engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN_LOCK})")
            yield connection

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection that no other host migrates beside; closing it gives the lock back."""
    with engine.connect() as connection:
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10min'")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})")
        yield connection


def _wrong_rights(connection: Connection, face: Face, role: str) -> Iterator[tuple[str, str, str]]:
    """Yield rights of a role that break a law: changing the log's rows (L5), what is sealed in the office (L1)."""
    has = text("SELECT has_table_privilege(:r, :t, :p)")
    reads = text("SELECT has_column_privilege(:r, :t, :c, 'SELECT')")
    if connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = :r"), {"r": role}):
        yield role, "*", "SUPERUSER"
        return
    for table in LOG_TABLES:
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            if connection.scalar(has, {"r": role, "t": table.name, "p": right}):
                yield role, table.name, right
    if not connection.scalar(has, {"r": role, "t": "log_entry", "p": "INSERT"}):
        yield role, "log_entry", "no INSERT"
    for table in PORTAL.sorted_tables if face is Face.OFFICE else ():
        sealed = [column.name for column in table.columns if column.info[CLASS] is Confidentiality.SEALED]
        if any(connection.scalar(reads, {"r": role, "t": table.name, "c": name}) for name in sealed):
            yield role, table.name, "SELECT"


def _continue_numbers(connection: Connection, metadata: MetaData) -> None:
    """Let the database count on from the highest number that came with the rows."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name})
        highest = connection.scalar(select(func.max(column)))
        if sequence and highest:
            connection.execute(text("SELECT setval(:s, :v)"), {"s": sequence, "v": highest})


def _engine(login: _Login, session: Mapping[str, str], size: int, *, ping: bool = False) -> Engine:
    """Return an engine whose sessions begin with the given settings; `ping` looks whether a connection still lives."""
    settings = session if login.role is None else {**session, "role": login.role}
    options = " ".join(f"-c {name}={value.replace(' ', _ESCAPED_SPACE)}" for name, value in settings.items())
    engine = create_engine(
        login.url.set(drivername="postgresql+psycopg"),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=ping,
        hide_parameters=True,  # SQLAlchemy's errors print parameters otherwise
        connect_args={**_NETWORK, "application_name": "resguardo", "options": options},
    )
    event.listen(engine, "handle_error", _leave_details_out)
    return engine


def _leave_details_out(context: ExceptionContext) -> None:
    """Cut an error down to its first line: the server's DETAIL quotes the row that it refused."""
    primary = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if primary and context.sqlalchemy_exception is not None:
        context.original_exception.args = (primary,)
        context.sqlalchemy_exception.args = (primary,)
