"""Removes what nobody filed: uploads after 48 hours, and ciphertext that no row names."""

from app.store.blobs import FileBlobs
from app.store.database import Writer
from app.store.rows.holders import SqlHolderRows
from app.store.rows.parts import SqlPartRows

UPLOAD_SECONDS = 48 * 3600
GRACE_SECONDS = 3600
"""A file is written before its row: younger ones are left alone."""
_AT_ONCE = 500


def sweep(writer: Writer, blobs: FileBlobs, now: int) -> None:
    """Delete stale uploads, expired challenges and sessions, and orphaned files, as the petitioner face.

    `now` in unix seconds.
    """
    old = list(blobs.older_than(now - GRACE_SECONDS))
    with writer.turn() as connection:
        parts = SqlPartRows(connection)
        for upload in parts.stale_uploads(now - UPLOAD_SECONDS):
            parts.end_upload(upload)
        SqlHolderRows(connection).reap(now)
        orphans = [sha for at in range(0, len(old), _AT_ONCE) for sha in parts.unreferenced(old[at : at + _AT_ONCE])]
    for sha256 in orphans:
        blobs.delete(sha256)
