"""How a ciphertext in custody is put together again from its parts."""

from collections.abc import Iterator

from app.domain.entities import SealedObject
from app.domain.ports import Blobs, View


def read_part(blobs: Blobs, view: View, part: str) -> bytes:
    """Return one part, from its row or from beside the database."""
    inline = view.parts.inline(part)
    return blobs.get(part) if inline is None else inline


def read_parts(blobs: Blobs, view: View, sealed: SealedObject) -> Iterator[bytes]:
    """Yield a ciphertext's parts in order, at most 4 MiB each."""
    for part in sealed.parts:
        yield read_part(blobs, view, part)
