"""Statements of every request: composed and compiled once by SQLAlchemy, then given to the driver itself.

SQLAlchemy takes 35 to 60 µs for a statement that SQLite answers in 2, and a reading asks some thirty. What a statement
says stays the same: its columns are those of the tables, on whose classes the rights of the faces rest, and it goes
over the same connection, where the engine checks those rights.

A question that fails is asked once more the long way, which knows how to tell it and what to do about a lost
connection. A change that fails is not tried again: it raises what SQLAlchemy would have raised.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Delete, Dialect, Insert, Integer, LargeBinary, Select, String, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

_PLAIN = (String, Integer, BigInteger, LargeBinary)
"""Types whose values a driver takes and gives as they are."""


@dataclass(frozen=True)
class _Compiled:
    """A statement in the words of one engine; `names` are its parameters by place, None where they go by name."""

    text: str
    fixed: Mapping[str, Any]
    names: Sequence[str] | None
    row: Callable[..., Any]

    def values(self, given: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver takes them."""
        if self.names is None:
            return {**self.fixed, **given}
        return [given[name] if name in given else self.fixed[name] for name in self.names]


class Prepared:
    """One question with named parameters; lists in it, which SQLAlchemy would spell out, do not work."""

    def __init__(self, question: Select[Any]) -> None:
        if not all(isinstance(column.type, _PLAIN) for column in question.selected_columns):
            raise TypeError("a column's values are not as the driver gives them")
        self.question = question
        self._compiled: dict[str, _Compiled] = {}

    def first(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """Return the first row, or None."""
        return next(iter(self.all(connection, given)), None)

    def scalar(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """Return the first value of the first row, or None."""
        row = self.first(connection, given)
        return None if row is None else row[0]

    def all(self, connection: Connection, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return every row, with the columns as attributes."""
        dialect = connection.dialect
        known = self._compiled.get(dialect.name) or self._compile(dialect)
        if not connection.in_transaction():
            connection.begin()
        assert dialect.dbapi is not None
        try:
            cursor = connection.connection.cursor()
            cursor.execute(known.text, known.values(given))
            found = cursor.fetchall()
            cursor.close()
        except dialect.dbapi.Error:
            return connection.execute(self.question, given).all()
        return [known.row(*row) for row in found]

    def _compile(self, dialect: Dialect) -> _Compiled:
        made = self.question.compile(dialect=dialect)
        row = namedtuple("row", self.question.selected_columns.keys())  # type: ignore[misc]  # fields are known late
        names = made.positiontup if made.positional else None
        self._compiled[dialect.name] = _Compiled(str(made), made.params, names, row)
        return self._compiled[dialect.name]


class Change:
    """One INSERT, UPDATE or DELETE: with `names` of the given columns, or with its own named parameters."""

    def __init__(self, statement: Insert | Update | Delete, *names: str) -> None:
        self.statement = statement
        self.names = names
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, *rows: Mapping[str, Any]) -> int:
        """Make the change for each of the rows, and return how many rows of the table it touched.

        Raises DBAPIError.
        """
        dialect = connection.dialect
        known = self._compiled.get(dialect.name) or self._compile(dialect)
        with _cursor(connection, known.text) as cursor:
            if len(rows) == 1:
                cursor.execute(known.text, known.values(rows[0]))
            else:
                cursor.executemany(known.text, [known.values(row) for row in rows])
            return int(cursor.rowcount)

    def _compile(self, dialect: Dialect) -> _Compiled:
        made = self.statement.compile(dialect=dialect, column_keys=list(self.names) or None, for_executemany=True)
        assert isinstance(made, SQLCompiler)
        if made.insert_prefetch or made.update_prefetch or made.escaped_bind_names:
            raise TypeError("values that SQLAlchemy would add are not the driver's to know")
        if not all(isinstance(bind.type, _PLAIN) for bind in made.binds.values()):
            raise TypeError("a column's values are not as the driver takes them")
        names = made.positiontup if made.positional else None
        self._compiled[dialect.name] = _Compiled(str(made), made.params, names, tuple)
        return self._compiled[dialect.name]


def run_words(connection: Connection, words: str) -> None:
    """Run a statement without parameters that both engines know. Raises DBAPIError."""
    with _cursor(connection, words) as cursor:
        cursor.execute(words)


@contextmanager
def _cursor(connection: Connection, text: str) -> Iterator[Any]:
    """Give a cursor of the driver inside the connection's transaction; what it raises is raised as SQLAlchemy does."""
    dialect = connection.dialect
    assert dialect.dbapi is not None
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except dialect.dbapi.Error as error:
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            text, None, error, dialect.dbapi.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from error
    finally:
        cursor.close()
