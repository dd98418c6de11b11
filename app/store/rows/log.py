"""The log's rows: what the sequencer appends and what proofs and openings are made from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from app.store import tables
from crypto.log.merkle import HASH_SIZE, CompactRange


@dataclass(frozen=True)
class Head:
    """The right edge of the log as the database has it; `last_time` is the newest leaf's, in unix seconds."""

    edge: CompactRange
    last_time: int

    @property
    def size(self) -> int:
        """Entries so far."""
        return self.edge.size


class SqlLogRows:
    """`LogRows` and the sequencer's own writes on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def leaf(self, index: int) -> bytes | None:
        """Return an entry."""
        return self._connection.scalar(select(tables.log_entry.c.leaf).where(tables.log_entry.c.idx == index))

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Return entries from start up to, not including, end; fewer if rows are missing."""
        entry = tables.log_entry
        rows = select(entry.c.leaf).where((entry.c.idx >= start) & (entry.c.idx < end)).order_by(entry.c.idx)
        return list(self._connection.scalars(rows))

    def openings(self, start: int, end: int) -> Iterator[tuple[int, bytes, str]]:
        """Yield (index, encrypted opening, case) from start up to, not including, end."""
        opening = tables.log_opening
        rows = select(opening).where((opening.c.idx >= start) & (opening.c.idx < end)).order_by(opening.c.idx)
        for row in self._connection.execute(rows):
            yield row.idx, row.sealed, row.case_id

    def openings_of(self, case: str) -> Sequence[tuple[int, bytes, str]]:
        """Return (index, encrypted opening, case) of a case's entries in order."""
        opening = tables.log_opening
        rows = select(opening).where(opening.c.case_id == case).order_by(opening.c.idx)
        return [(row.idx, row.sealed, row.case_id) for row in self._connection.execute(rows)]

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the 256 hashes of a full tile."""
        tile = tables.log_tile
        where = (tile.c.level == level) & (tile.c.idx == index)
        return self._connection.scalar(select(tile.c.hashes).where(where))

    def tile_roots(self, level: int, start: int, end: int) -> bytes:
        """Return the roots of full tiles of a level, joined."""
        tile = tables.log_tile
        where = (tile.c.level == level) & (tile.c.idx >= start) & (tile.c.idx < end)
        return b"".join(self._connection.scalars(select(tile.c.root).where(where).order_by(tile.c.idx)))

    def batch_after(self, index: int) -> int | None:
        """Return the size of the log after the batch that brought an entry."""
        size = tables.log_batch.c.size
        return self._connection.scalar(select(size).where(size > index).order_by(size).limit(1))

    def batch_root(self, size: int) -> bytes | None:
        """Return the root that was signed, or may have been, at a size."""
        return self._connection.scalar(select(tables.log_batch.c.root).where(tables.log_batch.c.size == size))

    def publication(self) -> Any:
        """Return the newest publication row, or None."""
        table = tables.log_publication
        return self._connection.execute(select(table).order_by(table.c.tick.desc()).limit(1)).first()

    def head(self) -> Head:
        """Return the right edge."""
        row = self._connection.execute(select(tables.log_head)).first()
        if row is None:
            return Head(CompactRange(), 0)
        return Head(CompactRange.from_bytes(row.edge), row.last_time)

    def set_head(self, head: Head) -> None:
        """Replace the right edge."""
        values = {"size": head.size, "edge": head.edge.to_bytes(), "last_time": head.last_time}
        changed = self._connection.execute(update(tables.log_head).values(values))
        if changed.rowcount == 0:
            self._connection.execute(insert(tables.log_head), {"id": 1, **values})

    def add_entries(self, leaves: Mapping[int, bytes]) -> None:
        """Insert entries by index."""
        self._connection.execute(insert(tables.log_entry), [{"idx": i, "leaf": leaf} for i, leaf in leaves.items()])

    def add_openings(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert encrypted openings."""
        self._connection.execute(insert(tables.log_opening), rows)

    def add_tile(self, level: int, index: int, root: bytes, hashes: bytes) -> None:
        """Insert a full tile with the root over it."""
        if len(hashes) != 256 * HASH_SIZE:
            raise ValueError("a full tile holds 256 hashes")
        row = {"level": level, "idx": index, "root": root, "hashes": hashes}
        self._connection.execute(insert(tables.log_tile), row)

    def add_batch(self, size: int, root: bytes) -> None:
        """Note a size at which a signature may be given."""
        self._connection.execute(insert(tables.log_batch), {"size": size, "root": root})

    def add_publication(self, tick: int, size: int, checkpoint: str) -> None:
        """Insert a published checkpoint."""
        row = {"tick": tick, "size": size, "checkpoint": checkpoint}
        self._connection.execute(insert(tables.log_publication), row)
