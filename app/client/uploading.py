"""Putting the larger sealed parts that lie in a case folder, before the call that names them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.client.errors import FolderError
from app.client.folder import read_file
from app.client.transport import Transport
from app.domain.filing.manifest import MAX_PART
from crypto.digest import sha256_hex

_AT_ONCE = 4

Progress = Callable[[int, int], None]
"""Told how many parts of how many have been uploaded."""


def upload_parts(
    transport: Transport, folder: Path, upload: str | None, names: Sequence[str], progress: Progress
) -> None:
    """Put the parts of a folder, a few at a time; each is read when its turn comes, and putting it twice is harmless.

    Raises:
        FolderError: a part is not what it was. NetworkError.
    """

    def put(name: str) -> None:
        transport.put(f"/api/v1/uploads/{upload}/{name}", _part(folder, name))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = [pool.submit(put, name) for name in names]
        try:
            for done, each in enumerate(waiting, start=1):
                each.result()
                progress(done, len(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


def _part(folder: Path, name: str) -> bytes:
    data = read_file(folder / name, MAX_PART)
    if sha256_hex(data) != name:
        raise FolderError("pending_unreadable", path=str(folder.parent))
    return data
