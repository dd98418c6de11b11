"""Laws L1 and L5 at the database: what a face may not read, and what nobody may change."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Engine, Table, delete, select, text, update
from sqlalchemy.exc import DatabaseError, InternalError

from app.domain.entities import Role
from app.domain.ports import Face, Unit
from app.store import tables
from app.store.columns import CLASS, Confidentiality
from app.store.grants import DEFAULT_ROLES, grant
from app.wiring import Assembly
from tests.store.storage import PostgresStorage, Storage

COLUMNS = [column for table in tables.PORTAL.tables.values() for column in table.columns]
SEALED = [
    pytest.param(column, id=f"{column.table.name}.{column.name}")
    for column in COLUMNS
    if column.info[CLASS] is Confidentiality.SEALED
]
LOG = pytest.mark.parametrize("table", tables.LOG_TABLES, ids=lambda table: table.name)
ON_POSTGRES = pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)])


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Prepared storage that these tests only try to read and change."""
    from tests.store.storage import SqliteStorage

    folder = tmp_path_factory.mktemp("rights")
    if request.param == "sqlite":
        storage = SqliteStorage(folder)
        storage.database.prepare()
        yield storage
        return
    cluster, template = request.getfixturevalue("cluster"), request.getfixturevalue("prepared_database")
    made = PostgresStorage(folder, cluster, template)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def office(shared: Storage) -> Iterator[Engine]:
    """The office face's own engine."""
    engine = shared.database.readers(Face.OFFICE)
    yield engine
    engine.dispose()


def test_every_column_has_a_class() -> None:
    """A column that nobody classified would be readable by accident."""
    for metadata in (tables.PORTAL, tables.VAULT):
        for table in metadata.tables.values():
            assert all(isinstance(column.info.get(CLASS), Confidentiality) for column in table.columns), table.name


def test_there_are_sealed_columns() -> None:
    """The tests below would pass on nothing otherwise."""
    assert len(SEALED) > 10


@pytest.mark.parametrize("column", SEALED)
def test_office_cannot_select_a_sealed_column(shared: Storage, office: Engine, column: Column[object]) -> None:
    """Law L1: the engine refuses, whatever the code above it asks."""
    with office.connect() as connection, pytest.raises(DatabaseError, match=shared.refusal):
        connection.execute(select(column)).all()


@pytest.mark.parametrize("column", SEALED)
def test_office_cannot_select_a_sealed_column_to_write(shared: Storage, column: Column[object]) -> None:
    """Law L1: nor by the connection that writes."""
    writer = shared.database.writer(Face.OFFICE)
    with pytest.raises(DatabaseError, match=shared.refusal), writer.turn() as connection:
        connection.execute(select(column)).all()
    writer.close()


@pytest.mark.parametrize("face", list(Face))
@LOG
def test_nobody_changes_a_log_row(shared: Storage, face: Face, table: Table) -> None:
    """Law L5: UPDATE and DELETE are refused by the engine itself."""
    first = next(iter(table.columns))
    writer = shared.database.writer(face)
    for statement in (delete(table), update(table).values({first.name: 1})):
        with pytest.raises(DatabaseError, match=shared.refusal), writer.turn() as connection:
            connection.execute(statement)
    writer.close()


@ON_POSTGRES
@pytest.mark.parametrize("role", [None, *Face])
@LOG
def test_nobody_truncates_the_log(storage: PostgresStorage, role: Face | None, table: Table) -> None:
    """Law L5: the owner neither, unless they first give the right back to themselves."""
    database = storage.database
    engine = database.owner() if role is None else database.readers(role)
    for words in (
        f"TRUNCATE {table.name}",
        f"DELETE FROM {table.name}",
        f"UPDATE {table.name} SET {_first(table)} = 1",
    ):
        with engine.connect() as connection, pytest.raises(DatabaseError, match=r"permission denied|read-only"):
            connection.execute(text(words))
    engine.dispose()


def _first(table: Table) -> str:
    return next(iter(table.columns)).name


@ON_POSTGRES
def test_grants_fit_the_classes(storage: PostgresStorage) -> None:
    """The file of grants is written by hand; here it is compared with the classes, column by column."""
    office, petitioner = DEFAULT_ROLES[Face.OFFICE], DEFAULT_ROLES[Face.PETITIONER]
    for column in COLUMNS:
        may = {role: _may_select(storage, role, column) for role in (office, petitioner)}
        place = f"{column.table.name}.{column.name}"
        if column.info[CLASS] is Confidentiality.SEALED:
            assert not may[office], place
        if column.info[CLASS] is Confidentiality.PUBLIC:
            assert may[office], place
            assert may[petitioner], place
        if column.info[CLASS] is Confidentiality.SECRET:
            assert not all(may.values()), f"{place}: what lets somebody in is for one face"


@ON_POSTGRES
def test_no_table_is_without_grants(storage: PostgresStorage) -> None:
    """A new table needs its lines in grants.sql before a face can use it on PostgreSQL."""
    for table in tables.PORTAL.sorted_tables:
        granted = storage.rows(
            f"SELECT count(*) FROM information_schema.column_privileges WHERE table_name = '{table.name}'"
            " AND grantee IN ('resguardo_petitioner', 'resguardo_office')"
        )
        assert granted[0][0] > 0, table.name


def _may_select(storage: Storage, role: str, column: Column[object]) -> bool:
    asked = f"SELECT has_column_privilege('{role}', '{column.table.name}', '{column.name}', 'SELECT')"
    return bool(storage.rows(asked)[0][0])


@ON_POSTGRES
def test_roles_have_no_power_beside_their_grants(storage: PostgresStorage) -> None:
    """Neither creates tables, functions, roles or temporary tables; neither belongs to another role."""
    storage.database.prepare()  # the fixture's copy of a database lacks the grants on the database itself
    for role in DEFAULT_ROLES.values():
        (flags,) = storage.rows(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"
            f" WHERE rolname = '{role}'"
        )
        assert not any(flags)
        for right in ("CREATE", "TEMPORARY"):
            assert not storage.rows(f"SELECT has_database_privilege('{role}', current_database(), '{right}')")[0][0]
        assert not storage.rows(f"SELECT has_schema_privilege('{role}', 'public', 'CREATE')")[0][0]
        assert storage.rows(f"SELECT count(*) FROM pg_auth_members WHERE member = '{role}'::regrole")[0][0] == 0


@ON_POSTGRES
def test_office_only_reads_wrapped_keys(storage: PostgresStorage) -> None:
    """The vault's schema has grants of its own."""
    engine = storage.database.keys(Face.OFFICE).writing
    with engine.connect() as connection:
        connection.execute(select(tables.data_key)).all()
        with pytest.raises(DatabaseError, match="permission denied"):
            connection.execute(delete(tables.data_key))
    engine.dispose()


@ON_POSTGRES
def test_a_view_cannot_write(storage: PostgresStorage) -> None:
    """Views are READ ONLY and REPEATABLE READ, turns READ COMMITTED: set, not hoped for."""
    engine = storage.database.readers(Face.PETITIONER)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        with pytest.raises(InternalError, match="read-only transaction"):
            connection.execute(text("INSERT INTO log_batch VALUES (1, '')"))
    engine.dispose()
    writer = storage.database.writer(Face.PETITIONER)
    with writer.turn() as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert connection.scalar(text("SHOW lock_timeout")) == "35s"
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    writer.close()


@ON_POSTGRES
def test_the_owners_address_gives_a_face_no_more_than_its_role(storage: PostgresStorage) -> None:
    """With one address for everything each connection takes its face's role before its first statement."""
    from app.store.postgres import PostgresDatabase

    engine = PostgresDatabase(storage.settings.database, {}).readers(Face.OFFICE)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == DEFAULT_ROLES[Face.OFFICE]
        with pytest.raises(DatabaseError, match="permission denied"):
            connection.execute(select(tables.manifest.c.note)).all()
    engine.dispose()


@ON_POSTGRES
def test_roles_may_have_other_names(storage: PostgresStorage) -> None:
    """Two portals on one server each have their own."""
    engine = storage.database.owner()
    other = {Face.PETITIONER: "another_petitioner", Face.OFFICE: "another_office"}
    with engine.connect() as connection, connection.begin():
        grant(connection, other)
    with engine.connect() as connection, pytest.raises(ValueError, match="name of a role"):
        grant(connection, {**other, Face.OFFICE: 'office"; DROP TABLE log_entry; --'})
    engine.dispose()
    assert storage.rows("SELECT has_table_privilege('another_office', 'sitting', 'INSERT')")[0][0]
    assert not storage.rows("SELECT has_column_privilege('another_office', 'manifest', 'note', 'SELECT')")[0][0]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_face_attaches_another_database(storage: Storage, portal: Assembly) -> None:
    """The vault's store cannot be joined in by an injected statement."""
    engine = storage.database.readers(Face.OFFICE)
    with engine.connect() as connection, pytest.raises(DatabaseError):
        connection.execute(text("ATTACH DATABASE :path AS vault"), {"path": str(storage.settings.data / "vault.db")})
    engine.dispose()


def test_errors_do_not_print_parameters(portal: Assembly) -> None:
    """No plaintext in exceptions: SQLAlchemy hides what was bound."""
    with (
        portal.office.ledger.view() as view,
        pytest.raises(DatabaseError) as caught,
    ):
        view.cases._connection.execute(text("SELECT :value FROM nowhere"), {"value": "SENTINEL"})  # type: ignore[attr-defined]  # the view's own connection
    assert "SENTINEL" not in str(caught.value)


def test_errors_do_not_print_rows(portal: Assembly) -> None:
    """Nor does the engine's own account of what it refused."""

    name = "sentinel".upper()  # not as it stands in this source, which tracebacks quote

    def twice(unit: Unit) -> None:
        unit.staff.add(name, Role.REVIEWER, 0)
        unit.staff.add(name, Role.REVIEWER, 0)

    with pytest.raises(DatabaseError) as caught:
        portal.office.ledger.write(twice)
    assert name not in "".join(traceback.format_exception(caught.value))
