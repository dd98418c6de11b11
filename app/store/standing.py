"""How database, guard and keys stand to each other: whether what is here may be signed (law L5).

    whole    the database passed through the guard's size with the guard's root;
    behind   the guard is ahead: an older copy was restored;
    forked   the database has another history than the one that was signed;
    foreign  the published checkpoint is not signed by the log key in this data folder;
    damaged  rows of the log cannot be read as what they must be;
    restored it all fits, but the folder comes from a backup and nobody settled what was signed since (restored.py).

In all but the first the portal serves what it has, read-only.
"""

from collections.abc import Sequence

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
RESTORED = "restored"


def check(guarded: Guarded | None, head: Head, rows: SqlLogRows) -> None:
    """Compare a head with the guard before anything is added to it. Raises ServiceError read_only.

    Looks the root up that the batch of the guard's size noted; `standing` computes it from the entries.
    """
    if guarded is None or guarded.size == 0 or (guarded.size == head.size and guarded.root == head.edge.root()):
        return
    if guarded.size >= head.size or rows.batch_root(guarded.size) != guarded.root:
        raise ServiceError("read_only")


Logs = Sequence[tuple[str, str]]
"""Origin and verifier key of the log in this data folder, and of those that it succeeded."""


def standing(readers: Engine, guard: Guard, logs: Logs, *, restored: bool = False) -> str:
    """Return how things stand, from the rows themselves; `restored`: the folder bears the mark of a restored one."""
    guarded = guard.read()
    try:
        found = _compare(readers, guarded, logs)
        return RESTORED if restored and found == WHOLE else found
    except (SQLAlchemyError, ValueError, TypeError) as error:
        if isinstance(translated(error), ServiceError):
            raise
        return "damaged"


def _compare(readers: Engine, guarded: Guarded | None, logs: Logs) -> str:
    with readers.connect() as connection:
        rows = SqlLogRows(connection)
        publication = rows.publication()
        if publication is not None and not any(_is_of(publication.checkpoint, *log) for log in logs):
            return "foreign"
        if guarded is None or guarded.size == 0:
            return WHOLE
        if guarded.size > rows.head().size:
            return "behind"
        return WHOLE if _root(guarded.size, rows) == guarded.root else "forked"


def _root(size: int, rows: SqlLogRows) -> bytes:
    return range_hash(0, size, Tree(rows, TileCache(), size).node)


def _is_of(checkpoint: str, origin: str, log_vkey: str) -> bool:
    try:
        verify_checkpoint(checkpoint, origin, [parse_verifier(log_vkey)])
    except CryptoError:
        return False
    return True
