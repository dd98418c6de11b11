"""What the store asks of a database engine: SQLite in the data folder, or PostgreSQL for several hosts.

Both give each face an engine of its own whose rights the database itself enforces (laws L1, L5), and one right to
write that is taken in turns.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Engine

from app.domain.ports import Face


class Writer(Protocol):
    """The right to change rows, for one thread: a turn is one transaction, and there is one turn at a time anywhere."""

    def turn(self) -> AbstractContextManager[Connection]:
        """Wait for the turn and give a connection inside its transaction, which commits at the end."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class KeyEngines:
    """Engines of the vault's own store of wrapped keys."""

    reading: Engine
    writing: Engine

    def dispose(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()


class Database(Protocol):
    """Where the rows are."""

    def prepare(self) -> None:
        """Bring schema and grants to what this version needs; any number of hosts may at once."""
        ...

    def revision(self, face: Face) -> str | None:
        """Return the schema's revision, None if there is no schema yet."""
        ...

    def writer(self, face: Face) -> Writer: ...
    def readers(self, face: Face) -> Engine: ...
    def keys(self, face: Face | None) -> KeyEngines:
        """Return the vault's own engines, as a face or, for None, as the owner."""
        ...
