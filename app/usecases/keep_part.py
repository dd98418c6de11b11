"""Take a sealed part before the filing that names it."""

import re

from app.domain.errors import ServiceError
from app.domain.ports import Portal, Unit
from crypto.digest import sha256_hex

PART_LIMIT = 4 * 1024 * 1024
WAITING_LIMIT = 8 * 1024 * 1024 * 1024
"""Bytes of all uploads that wait for their filing, so that nobody fills the disk with ciphertext of nothing."""
UPLOAD_SECONDS = 48 * 3600
_UPLOAD = re.compile(r"[0-9a-f]{32,128}")
_HASH = re.compile(r"[0-9a-f]{64}")


def keep_part(portal: Portal, upload: str, sha256: str, data: bytes, *, upload_limit: int) -> None:
    """Store a part durably under its hash; the same part again changes nothing.

    `upload` is random hex chosen by the client, `upload_limit` in bytes. Raises ServiceError: part_form,
    part_too_large, upload_quota, upload_space, storage_full.
    """
    if not (_UPLOAD.fullmatch(upload) and _HASH.fullmatch(sha256)):
        raise ServiceError("part_form")
    if len(data) > PART_LIMIT:
        raise ServiceError("part_too_large", limit=PART_LIMIT // 2**20)
    if not data or sha256_hex(data) != sha256:
        raise ServiceError("part_form")
    upload_hash = sha256_hex(upload.encode())
    _check_quota(portal, upload_hash, len(data), upload_limit)
    portal.blobs.put(sha256, data)

    def note(unit: Unit) -> None:
        unit.parts.start_upload(upload_hash, portal.clock())
        unit.parts.add_upload_part(upload_hash, sha256, len(data))

    portal.ledger.write(note)


def _check_quota(portal: Portal, upload_hash: str, size: int, upload_limit: int) -> None:
    with portal.ledger.view() as view:
        held = view.parts.upload_bytes(upload_hash) or 0
        waiting = view.parts.open_upload_bytes()
    if held + size > upload_limit:
        raise ServiceError("upload_quota", limit=upload_limit // 2**20)
    if waiting + size > WAITING_LIMIT:
        raise ServiceError("upload_space")
