"""Private folders and files on the petitioner's machine: written whole or not at all, readable by their owner only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.client.errors import FolderError

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


@contextmanager
def _told(code: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderError(code, path=str(path), reason=error.strerror or "I/O") from error


def make_folder(path: Path) -> None:
    """Make a folder (and those above it) that only its owner enters; an existing one of ours is closed to others."""
    with _told("cannot_write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        path.chmod(_FOLDER_MODE)


def write_file(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 so that after a crash either the old or the new content stands.

    1. Write beside it. 2. fsync the data. 3. Rename over it. 4. fsync the folder, without which the name can be lost.
    """
    beside = path.with_name(f".{path.name}.new")
    with _told("cannot_write", path):
        # 1. (O_EXCL after unlink: a link that somebody laid there is not followed)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            # 2.
            os.fsync(file.fileno())
        # 3.
        beside.replace(path)
        # 4.
        sync_folder(path.parent)


def write_part(path: Path, data: bytes) -> None:
    """Write one of many files of mode 0600; the caller makes their names durable at once with `sync_folder`."""
    with _told("cannot_write", path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), _FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    """Write a text file of mode 0600, whole or not at all."""
    write_file(path, text.encode())


def read_file(path: Path, limit: int) -> bytes:
    """Return a file's bytes; refuses a larger one than `limit` bytes."""
    with _told("cannot_read", path), path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise FolderError("cannot_read", path=str(path), reason=f"> {limit} B")
    return data


def sync_folder(path: Path) -> None:
    """Make names in a folder durable; systems that cannot open folders do without."""
    flags = getattr(os, "O_DIRECTORY", None)
    if flags is None:
        return
    descriptor = os.open(path, os.O_RDONLY | flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
