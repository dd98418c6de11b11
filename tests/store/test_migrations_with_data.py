"""Migrations of a database in use: filled at each earlier revision, in every table that it has, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Engine, Integer, LargeBinary, MetaData, SmallInteger, Table, select

from app.store.migrate import current_revision, revisions, upgrade
from tests.store.test_migrations import empty, engine

__all__ = ["empty", "engine"]

EARLIER = [name.split("_")[0] for name in revisions()][:-1]
QUICK = "0006"
"""The one that is tried each time; the others are long."""
ROWS = 3
GENESIS = 'resguardo/genesis/v1\n{"filer":"v","nonce":"n","portal":"p","recipient":"age1pq1KEY"}\n'
Rows = dict[str, list[dict[str, Any]]]


def at(engine: Engine, revision: str) -> MetaData:
    """Bring an empty database to a revision and return its tables as they are."""
    with engine.connect() as connection:
        upgrade(connection, revision)
        assert current_revision(connection) == revision
    return reflected(engine)


def reflected(engine: Engine) -> MetaData:
    """Return the tables that a database has, without alembic's own."""
    found = MetaData()
    found.reflect(engine, only=lambda name, _: name != "alembic_version")
    return found


def fill(engine: Engine, schema: MetaData) -> Rows:
    """Write rows into every table, optional columns filled in some of them, and return what was written."""
    written: Rows = {}
    for table in schema.sorted_tables:
        numbers = range(1 if table.name == "log_head" else ROWS)  # where the log ends is one row
        written[table.name] = [
            {column.name: value(table, column, number, written) for column in table.columns} for number in numbers
        ]
        with engine.begin() as connection:
            connection.execute(table.insert(), written[table.name])
    return written


def value(table: Table, column: Column[Any], number: int, written: Rows) -> Any:
    """Return what stands in a column of a row: of its type, another in each row, and what it refers to is there."""
    if column.nullable and number == ROWS - 1:
        return None
    for key in column.foreign_keys:
        rows = written.get(key.column.table.name)
        return rows[number][key.column.name] if rows else None
    if (table.name, column.name) in _OF_A_KIND:
        return _OF_A_KIND[table.name, column.name].replace("KEY", str(number))
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, (Integer, BigInteger, SmallInteger)):
        return number + 1
    text = f"{table.name}.{column.name}.{number}"
    return text.encode() if isinstance(column.type, LargeBinary) else text


_OF_A_KIND = {("petition_case", "genesis"): GENESIS, ("petition_case", "stage"): "US_REVIEW"}
"""Columns that a later revision reads."""


def rows_of(engine: Engine, table: Table) -> list[dict[str, Any]]:
    """Return every row of a table, bytes as bytes."""
    with engine.connect() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings().all()
    return [{name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()} for row in found]


@pytest.mark.parametrize(
    "revision", [pytest.param(each, marks=[] if each == QUICK else pytest.mark.long) for each in EARLIER]
)
def test_nothing_is_lost_on_the_way_to_the_head(engine: Engine, revision: str) -> None:
    """Every row of every table, every value of every column, from each revision that somebody may be running."""
    schema = at(engine, revision)
    written = fill(engine, schema)
    assert all(written.values())
    with engine.connect() as connection:
        upgrade(connection)
    after = reflected(engine)
    for name, rows in written.items():
        now = rows_of(engine, after.tables[name])
        for number, row in enumerate(rows):
            kept = now[number]
            lost = {column: (row[column], kept.get(column)) for column in row if kept.get(column) != row[column]}
            assert not lost, f"{name} {number}: {lost}"
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
