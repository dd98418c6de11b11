"""Questions that every request asks: composed and compiled once by SQLAlchemy, then asked of the driver itself.

SQLAlchemy takes 35 to 60 µs for a statement that SQLite answers in 2, and a reading asks some thirty. What a question
says stays the same: its columns are those of the tables, on whose classes the rights of the faces rest, and it goes
over the same connection, where the engine checks those rights.

What fails is asked once more the long way, which knows how to tell it and what to do about a lost connection.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Dialect, Integer, LargeBinary, Select, String

_PLAIN = (String, Integer, BigInteger, LargeBinary)
"""Types whose values a driver takes and gives as they are."""


@dataclass(frozen=True)
class _Compiled:
    """A question in the words of one engine; `names` are its parameters by place, None where they go by name."""

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
