"""Sealed parts and the uploads that bring them before a filing."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from app.store import tables
from app.store.insertion import insert_missing

# Statements are built once: building one costs several times what running it does.
_INLINE = select(tables.part.c.data).where(tables.part.c.sha256 == bindparam("part"))
_BROUGHT = select(tables.upload_part.c.size).where(
    (tables.upload_part.c.upload == bindparam("upload")) & (tables.upload_part.c.part == bindparam("part"))
)
_END_PARTS = delete(tables.upload_part).where(tables.upload_part.c.upload == bindparam("upload"))
_USED = exists().where(tables.part_use.c.part == tables.part.c.sha256)
_AT_ONCE = 500
_END = delete(tables.upload).where(tables.upload.c.id_hash == bindparam("upload"))


class SqlPartRows:
    """`PartRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_inline(self, parts: Mapping[str, bytes]) -> None:
        """Keep small parts in rows; the same part again changes nothing."""
        self._add([{"sha256": sha256, "size": len(data), "data": data} for sha256, data in parts.items()])

    def add_stored(self, sizes: Mapping[str, int]) -> None:
        """Note parts that lie beside the database."""
        self._add([{"sha256": sha256, "size": size, "data": None} for sha256, size in sizes.items()])

    def inline(self, sha256: str) -> bytes | None:
        """Return a part that is kept in a row, None for one beside the database."""
        return self._connection.scalar(_INLINE, {"part": sha256})

    def size(self, sha256: str) -> int | None:
        """Return a part's size in bytes, None if it is unknown."""
        return self._connection.scalar(select(tables.part.c.size).where(tables.part.c.sha256 == sha256))

    def start_upload(self, upload_hash: str, created: int) -> None:
        """Begin an upload if it is not there."""
        if self.upload_bytes(upload_hash) is None:
            self._connection.execute(insert(tables.upload), {"id_hash": upload_hash, "created": created, "bytes": 0})

    def upload_bytes(self, upload_hash: str) -> int | None:
        """Return how many bytes an upload holds, None if there is none."""
        return self._connection.scalar(select(tables.upload.c.bytes).where(tables.upload.c.id_hash == upload_hash))

    def open_upload_bytes(self) -> int:
        """Return how many bytes all waiting uploads hold."""
        return int(self._connection.scalar(select(func.coalesce(func.sum(tables.upload.c.bytes), 0))) or 0)

    def add_upload_part(self, upload_hash: str, sha256: str, size: int) -> None:
        """Note a part of an upload; the same part again changes nothing."""
        if self.upload_has(upload_hash, sha256):
            return
        row = {"upload": upload_hash, "part": sha256, "size": size}
        self._connection.execute(insert(tables.upload_part), row)
        grown = tables.upload.c.bytes + size
        self._connection.execute(
            update(tables.upload).where(tables.upload.c.id_hash == upload_hash).values(bytes=grown)
        )

    def upload_has(self, upload_hash: str, sha256: str) -> bool:
        """Tell whether an upload brought a part."""
        return self.upload_part_size(upload_hash, sha256) is not None

    def upload_part_size(self, upload_hash: str, sha256: str) -> int | None:
        """Return the size of a part that an upload brought, None if it did not."""
        return self._connection.scalar(_BROUGHT, {"upload": upload_hash, "part": sha256})

    def end_upload(self, upload_hash: str) -> None:
        """Forget an upload; its parts stay if a case uses them."""
        self._connection.execute(_END_PARTS, {"upload": upload_hash})
        self._connection.execute(_END, {"upload": upload_hash})

    def stale_uploads(self, before: int) -> Sequence[str]:
        """Return uploads that were begun before a moment."""
        return self._connection.scalars(select(tables.upload.c.id_hash).where(tables.upload.c.created < before)).all()

    def unreferenced(self, shas: Sequence[str]) -> Sequence[str]:
        """Return those of the given hashes that neither a case nor a waiting upload names."""
        kept = set(self._connection.scalars(select(tables.part.c.sha256).where(tables.part.c.sha256.in_(shas))))
        waiting = select(tables.upload_part.c.part).where(tables.upload_part.c.part.in_(shas))
        kept.update(self._connection.scalars(waiting))
        return [sha for sha in shas if sha not in kept]

    def drop_unused(self, shas: Sequence[str]) -> Sequence[str]:
        """Delete those of the given parts that no ciphertext uses; return those to be removed beside the database."""
        gone: list[str] = []
        for start in range(0, len(shas), _AT_ONCE):
            some = shas[start : start + _AT_ONCE]
            stored = tables.part.c.sha256.in_(some) & tables.part.c.data.is_(None)
            beside = self._connection.scalars(select(tables.part.c.sha256).where(stored & ~_USED)).all()
            self._connection.execute(delete(tables.part).where(tables.part.c.sha256.in_(some) & ~_USED))
            gone += self.unreferenced(beside)
        return gone

    def _add(self, rows: Sequence[Mapping[str, object]]) -> None:
        insert_missing(self._connection, tables.part, rows)
