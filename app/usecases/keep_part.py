"""Take a sealed part before the filing that names it."""

import re

from app.domain.custody import put_part
from app.domain.errors import ServiceError
from app.domain.ports import Portal
from crypto.digest import sha256_hex

PART_LIMIT = 4 * 1024 * 1024
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
    put_part(portal, upload, sha256, data, upload_limit=upload_limit)
