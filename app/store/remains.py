"""What an engine keeps of rows that were deleted, and how it is asked to let go of it (law L8).

SQLite overwrites deleted content with zeros (`secure_delete`), and does so in its write-ahead file first: until that
is moved into the database and emptied, the old pages stay readable in it and in the database file. PostgreSQL keeps
dead rows until a vacuum, which its autovacuum does by itself and only a table's owner may ask for.
We promise keys, not disk sectors.
"""

import contextlib

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError


def let_go(engine: Engine) -> None:
    """Have SQLite empty its write-ahead file; who is in the way is not waited for beyond the engine's own patience."""
    if engine.dialect.name != "sqlite":
        return
    # Not through SQLAlchemy's connection: that begins a transaction, in which SQLite cannot do it.
    with contextlib.closing(engine.raw_connection()) as connection, contextlib.suppress(OperationalError):
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
