"""Removes what nobody filed: uploads after 48 hours, and ciphertext that no row names."""

from sqlalchemy import Engine

from app.store.blobs import FileBlobs
from app.store.rows.holders import SqlHolderRows
from app.store.rows.parts import SqlPartRows

UPLOAD_SECONDS = 48 * 3600
GRACE_SECONDS = 3600
"""A file is written before its row: younger ones are left alone."""


def sweep(engine: Engine, blobs: FileBlobs, now: int) -> None:
    """Delete stale uploads, expired challenges and sessions, and orphaned files; `now` in unix seconds."""
    with engine.connect() as connection, connection.begin():
        parts = SqlPartRows(connection)
        for upload in parts.stale_uploads(now - UPLOAD_SECONDS):
            parts.end_upload(upload)
        SqlHolderRows(connection).reap(now)
        old = list(blobs.older_than(now - GRACE_SECONDS))
        orphans = [sha for start in range(0, len(old), 500) for sha in parts.unreferenced(old[start : start + 500])]
    for sha256 in orphans:
        blobs.delete(sha256)
