"""How ciphertexts come into custody in parts, and how one is put together again."""

from collections.abc import Iterator

from app.domain.entities import SealedObject
from app.domain.errors import ServiceError
from app.domain.ports import Blobs, Portal, Unit, View
from crypto.digest import sha256_hex

WAITING_LIMIT = 8 * 1024 * 1024 * 1024
"""Bytes of all uploads that wait for their filing, so that nobody fills the disk with ciphertext of nothing."""


def put_part(portal: Portal, upload: str, sha256: str, data: bytes, *, upload_limit: int) -> None:
    """Store a part of an upload durably under its hash; the same part again changes nothing.

    The caller has checked that `sha256` is the hash of `data`; `upload_limit` in bytes. Raises ServiceError:
    upload_quota, upload_space, storage_full.
    """
    upload_hash = sha256_hex(upload.encode())
    _check_quota(portal, upload_hash, len(data), upload_limit)
    portal.blobs.put(sha256, data)

    def note(unit: Unit) -> None:
        unit.parts.start_upload(upload_hash, portal.clock())
        unit.parts.add_upload_part(upload_hash, sha256, len(data))

    portal.ledger.write(note)


def drop_upload(portal: Portal, upload: str) -> None:
    """Forget an upload that will not be filed; what lies beside the database is swept later."""
    upload_hash = sha256_hex(upload.encode())
    portal.ledger.write(lambda unit: unit.parts.end_upload(upload_hash))


def _check_quota(portal: Portal, upload_hash: str, size: int, upload_limit: int) -> None:
    with portal.ledger.view() as view:
        held = view.parts.upload_bytes(upload_hash) or 0
        waiting = view.parts.open_upload_bytes()
    if held + size > upload_limit:
        raise ServiceError("upload_quota", limit=upload_limit // 2**20)
    if waiting + size > WAITING_LIMIT:
        raise ServiceError("upload_space")


def read_part(blobs: Blobs, view: View, part: str) -> bytes:
    """Return one part, from its row or from beside the database."""
    inline = view.parts.inline(part)
    return blobs.get(part) if inline is None else inline


def read_parts(blobs: Blobs, view: View, sealed: SealedObject) -> Iterator[bytes]:
    """Yield a ciphertext's parts in order, at most 4 MiB each."""
    for part in sealed.parts:
        yield read_part(blobs, view, part)
