"""What the store asks of a database engine: SQLite in the data folder, or PostgreSQL for several hosts.

Both give each face an engine of its own whose rights the database itself enforces (laws L1, L5), and one right to
write that is taken in turns.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from app.domain.ports import Face
from app.store.copies import Copied


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

    def is_empty(self) -> bool:
        """Tell whether there is neither a log entry nor a key."""
        ...

    def copy_portal(self, target: Path) -> None:
        """Write one unchanging look at the portal's rows into a new SQLite file."""
        ...

    def copy_keys(self, target: Path) -> None:
        """Write the wrapped keys into a new SQLite file; after `copy_portal`, so that none is lacking."""
        ...

    def inspect(self) -> Copied:
        """Return what is stored, after its log was checked from every entry. Raises DamagedCopyError."""
        ...

    def stored_keys(self) -> list[tuple[str, bytes]]:
        """Return names and wrapped keys. Raises DamagedCopyError."""
        ...

    def wrong_rights(self) -> list[tuple[str, str, str]]:
        """Return (role, table, right) that a role has and must not have, or lacks: then the right begins with "no "."""
        ...

    def load(self, portal: Path, keys: Path) -> None:
        """Take the rows of two copies over into what is empty."""
        ...
