"""Inserting what may be there already, in the words of either engine."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from app.store.prepared import Change


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; one whose key is there already changes nothing."""
    if rows:
        _statement(connection.dialect.name, table, tuple(rows[0])).run(connection, *rows)


@cache
def _statement(dialect: str, table: Table, names: tuple[str, ...]) -> Change:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return Change(insert(table).on_conflict_do_nothing(), *names)
