"""Removes what nobody filed, and what a crash left of what was to be gone.

Uploads after 48 hours, expired sessions, ciphertext that no row names, keys of records that no row holds.
"""

from app.store.blobs import FileBlobs
from app.store.database import Writer
from app.store.rows.cases import SqlCaseRows
from app.store.rows.holders import SqlHolderRows
from app.store.rows.parts import SqlPartRows
from app.store.rows.retention import SqlRetentionRows
from app.store.vault import StoreVault

UPLOAD_SECONDS = 48 * 3600
GRACE_SECONDS = 3600
"""A file is written before its row: younger ones are left alone."""
_AT_ONCE = 500


def sweep(writer: Writer, vault: StoreVault, blobs: FileBlobs, now: int) -> None:
    """Delete stale uploads, expired challenges and sessions, orphaned files and keys, as the petitioner face.

    `now` in unix seconds.
    """
    old = list(blobs.older_than(now - GRACE_SECONDS))
    with writer.turn() as connection:
        parts = SqlPartRows(connection)
        for upload in parts.stale_uploads(now - UPLOAD_SECONDS):
            parts.end_upload(upload)
        SqlHolderRows(connection).reap(now)
        orphans = [sha for at in range(0, len(old), _AT_ONCE) for sha in parts.unreferenced(old[at : at + _AT_ONCE])]
        # Inside the turn: a batch keeps its keys before its rows are there, and no batch runs now.
        vault.destroy_records_except(SqlCaseRows(connection).all_records())
        for case in SqlRetentionRows(connection).all_destroyed():
            vault.destroy_case(case)
    for sha256 in orphans:
        blobs.delete(sha256)
