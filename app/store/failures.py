"""What a caller is told when the database fails: full, busy, a text it cannot hold; the rest is a mistake of ours."""

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.domain.errors import ServiceError

DatabaseProblem = SQLAlchemyError

_FULL = ("53100",)  # disk_full
_FULL_WORDS = ("disk is full", "disk I/O error")
_BUSY_WORDS = ("locked", "busy", "unable to open")


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Raise what the database refuses as a ServiceError that says what to do."""
    try:
        yield
    except (SQLAlchemyError, UnicodeEncodeError) as error:
        better = translated(error)
        if better is error:
            raise
        raise better from error


def translated(error: Exception) -> Exception:
    """Return what a caller can be told: storage_full, storage_busy, characters; the rest as it is.

    A connection that is lost at COMMIT may have committed: callers repeat, and filing is idempotent by its manifest.
    """
    if isinstance(error, DataError | UnicodeEncodeError):
        return ServiceError("characters")
    if isinstance(error, OSError):
        return ServiceError("storage_full")
    if isinstance(error, OperationalError) and _is_full(error):
        return ServiceError("storage_full")
    if isinstance(error, PoolTimeoutError) or (isinstance(error, DBAPIError) and _is_busy(error)):
        return ServiceError("storage_busy")
    return error


def harms_only_itself(error: DBAPIError) -> bool:
    """Tell whether a failed statement leaves the transaction usable once its savepoint is taken back."""
    return isinstance(error, IntegrityError | DataError) and not error.connection_invalidated


def _is_full(error: OperationalError) -> bool:
    return _state(error) in _FULL or any(words in str(error) for words in _FULL_WORDS)


def _is_busy(error: DBAPIError) -> bool:
    """Tell a lock not got in time, a server that restarts and a lost connection from a mistake of ours."""
    if isinstance(error.orig, sqlite3.Error):
        return any(words in str(error) for words in _BUSY_WORDS)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _state(error: DBAPIError) -> str | None:
    """Return PostgreSQL's five-character code; SQLite has none."""
    return getattr(error.orig, "sqlstate", None)


def start_problem(error: SQLAlchemyError) -> str:
    """Return why a database cannot be used at start: database_rights, database_busy, database_unreachable."""
    state = _state(error) if isinstance(error, DBAPIError) else None
    if state == "42501":  # insufficient_privilege
        return "database_rights"
    return "database_busy" if state in {"55P03", "57014"} else "database_unreachable"
