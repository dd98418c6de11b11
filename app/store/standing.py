"""How database, guard and keys stand to each other: whether what is here may be signed (law L5).

    whole    the database passed through the guard's size with the guard's root;
    behind   the guard is ahead: an older copy was restored;
    forked   the database has another history than the one that was signed;
    foreign  the published checkpoint is not signed by the log key in this data folder;
    damaged  rows of the log cannot be read as what they must be.

In all but the first the portal serves what it has, read-only.
"""

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import ServiceError
from app.store.failures import translated
from app.store.guard import Guard, Guarded
from app.store.rows.log import Head, SqlLogRows
from app.store.tree import TileCache, Tree
from crypto.errors import CryptoError
from crypto.log.checkpoint import parse_verifier, verify_checkpoint
from crypto.log.merkle import range_hash

WHOLE = "whole"


def check(guarded: Guarded | None, head: Head, rows: SqlLogRows) -> None:
    """Compare a head with the guard before anything is added to it. Raises ServiceError read_only.

    Looks the root up that the batch of the guard's size noted; `standing` computes it from the entries.
    """
    if guarded is None or guarded.size == 0 or (guarded.size == head.size and guarded.root == head.edge.root()):
        return
    if guarded.size >= head.size or rows.batch_root(guarded.size) != guarded.root:
        raise ServiceError("read_only")


def standing(readers: Engine, guard: Guard, origin: str, log_vkey: str) -> str:
    """Return how things stand, from the rows themselves; `origin` and `log_vkey` are those of this data folder."""
    guarded = guard.read()
    try:
        return _compare(readers, guarded, origin, log_vkey)
    except (SQLAlchemyError, ValueError, TypeError) as error:
        if isinstance(translated(error), ServiceError):
            raise
        return "damaged"


def _compare(readers: Engine, guarded: Guarded | None, origin: str, log_vkey: str) -> str:
    with readers.connect() as connection:
        rows = SqlLogRows(connection)
        publication = rows.publication()
        if publication is not None and not _is_ours(publication.checkpoint, origin, log_vkey):
            return "foreign"
        if guarded is None or guarded.size == 0:
            return WHOLE
        if guarded.size > rows.head().size:
            return "behind"
        return WHOLE if _root(guarded.size, rows) == guarded.root else "forked"


def _root(size: int, rows: SqlLogRows) -> bytes:
    return range_hash(0, size, Tree(rows, TileCache(), size).node)


def _is_ours(checkpoint: str, origin: str, log_vkey: str) -> bool:
    try:
        verify_checkpoint(checkpoint, origin, [parse_verifier(log_vkey)])
    except CryptoError:
        return False
    return True
