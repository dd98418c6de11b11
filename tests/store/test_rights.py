"""Laws L1 and L5 at the database: what a face may not read, and what nobody may change."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from app.config import Settings
from app.domain.ports import Face
from app.store import engines, tables
from app.store.columns import CLASS, Confidentiality
from app.wiring import Assembly

SEALED = [
    pytest.param(column, id=f"{table.name}.{column.name}")
    for table in tables.PORTAL.tables.values()
    for column in table.columns
    if column.info[CLASS] is Confidentiality.SEALED
]


def test_every_column_has_a_class() -> None:
    """A column that nobody classified would be readable by accident."""
    for metadata in (tables.PORTAL, tables.VAULT):
        for table in metadata.tables.values():
            assert all(isinstance(column.info.get(CLASS), Confidentiality) for column in table.columns), table.name


def test_there_are_sealed_columns() -> None:
    """The tests below would pass on nothing otherwise."""
    assert len(SEALED) > 10


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize("column", SEALED)
def test_office_cannot_select_a_sealed_column(settings: Settings, column: object) -> None:
    """Law L1: the engine refuses, whatever the code above it asks."""
    for engine in (
        engines.readers(settings.data / "portal.db", Face.OFFICE),
        engines.writer(settings.data / "portal.db", Face.OFFICE),
    ):
        with engine.connect() as connection, pytest.raises(DatabaseError, match="prohibited"):
            connection.execute(select(column)).all()  # type: ignore[call-overload]  # any column
        engine.dispose()


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize("face", list(Face))
@pytest.mark.parametrize("table", tables.LOG_TABLES, ids=lambda table: table.name)
def test_nobody_changes_a_log_row(settings: Settings, face: Face, table: object) -> None:
    """Law L5: UPDATE and DELETE are refused by the engine itself."""
    engine = engines.writer(settings.data / "portal.db", face)
    first = next(iter(table.columns))  # type: ignore[attr-defined]  # a table
    for statement in (delete(table), update(table).values({first.name: 1})):  # type: ignore[arg-type]  # a table
        with engine.connect() as connection, pytest.raises(DatabaseError, match="not authorized"):
            connection.execute(statement)
    engine.dispose()


@pytest.mark.usefixtures("portal")
def test_no_face_attaches_another_database(settings: Settings) -> None:
    """The vault's store cannot be joined in by an injected statement."""
    engine = engines.readers(settings.data / "portal.db", Face.OFFICE)
    with engine.connect() as connection, pytest.raises(DatabaseError):
        connection.execute(text("ATTACH DATABASE :path AS vault"), {"path": str(settings.data / "vault.db")})
    engine.dispose()


def test_errors_do_not_print_parameters(portal: Assembly) -> None:
    """No plaintext in exceptions: SQLAlchemy hides what was bound."""
    with (
        portal.office.ledger.view() as view,
        pytest.raises(DatabaseError) as caught,
    ):
        view.cases._connection.execute(text("SELECT :value FROM nowhere"), {"value": "SENTINEL"})  # type: ignore[attr-defined]  # the view's own connection
    assert "SENTINEL" not in str(caught.value)
