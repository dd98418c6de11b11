"""Where sealed bytes go while they are made: cut into parts, small ones kept for the filing call, others handed on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.filing.manifest import MAX_INLINE, MAX_INLINE_PART, MAX_PART
from crypto.digest import new_sha256, sha256_hex

PartSink = Callable[[str, bytes], None]
"""Takes the SHA-256 (hex) and bytes of a sealed part that is put before the filing call."""


@dataclass(frozen=True)
class SealedObject:
    """One sealed object as the manifest names it; `size` in bytes."""

    kind: str
    record: str
    size: int
    sha256: str
    parts: tuple[str, ...]

    def entry(self) -> dict[str, object]:
        """Return the object's entry in the manifest."""
        return {
            "kind": self.kind,
            "record": self.record,
            "size": self.size,
            "sha256": self.sha256,
            "parts": list(self.parts),
        }


@dataclass
class PartStore:
    """Keeps parts of up to 256 KiB, 4 MiB in all; passes on everything else at once."""

    sink: PartSink
    inline: dict[str, bytes] = field(default_factory=dict)
    uploaded: list[str] = field(default_factory=list)
    _inline_size: int = 0

    def add(self, data: bytes) -> str:
        """Take one part and return its hash."""
        name = sha256_hex(data)
        if len(data) <= MAX_INLINE_PART and self._inline_size + len(data) <= MAX_INLINE:
            self.inline[name] = data
            self._inline_size += len(data)
        else:
            self.sink(name, data)
            self.uploaded.append(name)
        return name


class PartWriter:
    """A target for one sealed object: cuts it into parts of at most 4 MiB and hashes it on the way."""

    def __init__(self, store: PartStore) -> None:
        """Take the store that the parts go to."""
        self._store = store
        self._pending = bytearray()
        self._digest = new_sha256()
        self._size = 0
        self._parts: list[str] = []

    def write(self, data: bytes, /) -> None:
        """Take the next bytes."""
        self._digest.update(data)
        self._size += len(data)
        self._pending += data
        while len(self._pending) >= MAX_PART:
            self._parts.append(self._store.add(bytes(self._pending[:MAX_PART])))
            del self._pending[:MAX_PART]

    def finish(self, kind: str, record: str) -> SealedObject:
        """Return the object once all bytes have come."""
        if self._pending:
            self._parts.append(self._store.add(bytes(self._pending)))
        return SealedObject(kind, record, self._size, self._digest.hexdigest(), tuple(self._parts))


def no_sink(_name: str, _data: bytes) -> None:
    """Refuse parts that do not fit into the call; for callers that send everything in one."""
    raise ValueError("a part is too large for the filing call")
