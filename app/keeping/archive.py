"""The file of a backup: a tar stream inside an age file, so that `age -d` and `tar` open it without us.

Rules
    1. Nothing of it is ever written in the open: the stream is sealed while it is made, in pieces of 64 KiB.
    2. A file appears under its name only when it is whole, durable and read back as it was written.
    3. Each side knows which members there can be. A name that is not expected is refused, so that no archive writes
       anywhere else.
"""

import io
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Generic, Protocol, TypeVar

from app.keeping.errors import KeepingError
from crypto.age import HybridRecipient, Target, read_header, seal_stream
from crypto.digest import Digest, new_sha256
from crypto.errors import AgeError
from crypto.secret import Random

_BLOCK = 512
_PIECE = 256 * 1024
_MODE = 0o600

__all__ = ["Member", "SealedFile", "Target", "Unpacker", "Written", "of_bytes", "of_file", "sync_folder"]


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name, its size in bytes, and how its content is opened."""

    name: str
    size: int
    opened: Callable[[], BinaryIO]


def of_bytes(name: str, data: bytes) -> Member:
    """Return a member with a content that is in memory."""
    return Member(name, len(data), lambda: io.BytesIO(data))


def of_file(name: str, path: Path) -> Member:
    """Return a member with the content of a file."""
    return Member(name, path.stat().st_size, lambda: path.open("rb"))


@dataclass(frozen=True)
class Written:
    """An archive that was written and read back: its size in bytes and the SHA-256 of the sealed file, in hex."""

    path: Path
    size: int
    sha256: str


def tar_stream(members: Iterable[Member]) -> Iterator[bytes]:
    """Yield the bytes of a tar archive. Raises ValueError if a content has another size than its member says."""
    for member in members:
        about = tarfile.TarInfo(member.name)
        about.size, about.mode = member.size, _MODE
        yield about.tobuf(tarfile.GNU_FORMAT)
        left = member.size
        with member.opened() as file:
            while piece := file.read(_PIECE):
                left -= len(piece)
                yield piece
        if left:
            raise ValueError("a member changed while it was read")
        yield bytes(-member.size % _BLOCK)
    yield bytes(2 * _BLOCK)


class _Pieces:
    """`Source` over an iterator of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


class _Hashing:
    """`Target` that hashes what it passes on."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = new_sha256()

    def write(self, data: bytes, /) -> None:
        """Write everything."""
        self._file.write(data)
        self.digest.update(data)


class SealedFile:
    """A sealed archive in the making: under a partial name until `publish`, and nowhere after `discard`."""

    def __init__(self, path: Path) -> None:
        """Raises KeepingError when something is there already."""
        if path.exists() or path.is_symlink():
            raise KeepingError("file_there", path=str(path))
        self.path = path
        self._partial = path.with_name(f"{path.name}.partial")

    def write(self, members: Iterable[Member], recipients: Sequence[HybridRecipient], random: Random) -> Written:
        """Seal the members, make the file durable, and read it back.

        Raises KeepingError not_verified; OSError.
        """
        self._partial.unlink(missing_ok=True)
        fd = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
        with os.fdopen(fd, "wb", buffering=_PIECE) as file:
            target = _Hashing(file)
            seal_stream(_Pieces(tar_stream(members)), target, recipients, random=random)
            file.flush()
            os.fsync(file.fileno())
        written = Written(self.path, self._partial.stat().st_size, target.digest.hexdigest())
        self._read_back(written.sha256)
        return written

    def _read_back(self, sha256: str) -> None:
        digest: Digest = new_sha256()
        try:
            with self._partial.open("rb") as file:
                read_header(file)
                file.seek(0)
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except AgeError as error:
            raise KeepingError("not_verified", path=str(self.path)) from error
        if digest.hexdigest() != sha256:
            raise KeepingError("not_verified", path=str(self.path))

    def publish(self) -> None:
        """Give the file its name, durably."""
        self._partial.rename(self.path)
        sync_folder(self.path.parent)

    def discard(self) -> None:
        """Remove what was not published."""
        self._partial.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class Opened(Protocol):
    """A member's content on its way."""

    def write(self, data: bytes, /) -> object: ...
    def close(self) -> None: ...


OpenedT = TypeVar("OpenedT", bound=Opened)


class Receiver(Protocol[OpenedT]):
    """Takes the members of an archive, one after the other."""

    def begin(self, name: str, size: int) -> OpenedT:
        """Return where a member's content goes. Raises KeepingError for one that has no business there."""
        ...

    def end(self, name: str, file: OpenedT) -> None:
        """Take note that a member is complete."""
        ...


class Unpacker(Generic[OpenedT]):
    """`Target` that takes a tar stream in whatever pieces it comes, and hands its members on."""

    def __init__(self, receiver: Receiver[OpenedT]) -> None:
        self._receiver = receiver
        self._buffer = bytearray()
        self._member: tuple[str, OpenedT] | None = None
        self._left = 0
        self._padding = 0
        self.complete = False

    def write(self, data: bytes, /) -> None:
        """Take more bytes. Raises ValueError for what is no tar stream."""
        self._buffer += data
        while self._step():
            pass

    def close(self) -> None:
        """Let go of a member that was cut off."""
        if self._member is not None:
            self._member[1].close()
            self._member = None

    def _step(self) -> bool:
        if self._member is not None:
            return self._take_content(*self._member)
        if self._padding:
            taken = min(self._padding, len(self._buffer))
            del self._buffer[:taken]
            self._padding -= taken
            return taken > 0 and not self._padding
        if self.complete or len(self._buffer) < _BLOCK:
            return False
        self._take_header(bytes(self._buffer[:_BLOCK]))
        return True

    def _take_content(self, name: str, file: OpenedT) -> bool:
        piece = bytes(self._buffer[: self._left])
        if self._left and not piece:
            return False
        file.write(piece)
        del self._buffer[: len(piece)]
        self._left -= len(piece)
        if not self._left:
            self._member = None
            self._receiver.end(name, file)
        return True

    def _take_header(self, block: bytes) -> None:
        del self._buffer[:_BLOCK]
        if block == bytes(_BLOCK):
            self.complete = True
            return
        try:
            about = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except tarfile.HeaderError as error:
            raise ValueError("not a tar archive") from error
        if about.type != tarfile.REGTYPE or about.size < 0:
            raise ValueError("something else than a file")
        self._left, self._padding = about.size, -about.size % _BLOCK
        self._member = about.name, self._receiver.begin(about.name, about.size)
