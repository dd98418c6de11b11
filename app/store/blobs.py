"""Content-addressed ciphertext beside the database: written and fsynced before the commit that names it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import ServiceError

_NAME = re.compile(r"[0-9a-f]{64}")


class FileBlobs:
    """Blobs as files `<first two hex digits>/<sha256>` under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, sha256: str, data: bytes) -> None:
        """Store bytes durably under their hash; storing them again changes nothing. Raises ServiceError."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(exist_ok=True, mode=0o700)
        partial = path.with_name(f"{sha256}.{os.getpid()}.{id(data)}.partial")
        try:
            _write_durably(partial, data)
            partial.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise ServiceError("storage_full") from error

    def get(self, sha256: str) -> bytes:
        """Return the bytes under a hash. Raises FileNotFoundError."""
        return self._path(sha256).read_bytes()

    def delete(self, sha256: str) -> None:
        """Remove the bytes under a hash, if they are there."""
        self._path(sha256).unlink(missing_ok=True)

    def older_than(self, moment: float) -> Iterator[str]:
        """Yield hashes whose files were last written before a moment (unix seconds); leftovers are removed."""
        for path in self._folder.glob("??/*"):
            if path.stat().st_mtime >= moment:
                continue
            if _NAME.fullmatch(path.name):
                yield path.name
            else:
                path.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self._folder / sha256[:2] / sha256


def _write_durably(path: Path, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
        os.fsync(fd)
    finally:
        os.close(fd)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
