"""The log's rows: what the sequencer appends and what proofs and openings are made from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, insert, select, update

from app.store import tables
from app.store.prepared import Change, Prepared
from crypto.log.merkle import HASH_SIZE, CompactRange

# Statements are built once: building one costs several times what running it does.
_entry, _opening, _tile, _batch = tables.log_entry.c, tables.log_opening.c, tables.log_tile.c, tables.log_batch.c
_index, _level, _size, _start, _end = (
    bindparam(name, type_=BigInteger) for name in ("index", "level", "size", "start", "end")
)
_LEAF = Prepared(select(_entry.leaf).where(_entry.idx == _index))
_LEAVES = Prepared(select(_entry.leaf).where((_entry.idx >= _start) & (_entry.idx < _end)).order_by(_entry.idx))
_OPENINGS = select(tables.log_opening).where((_opening.idx >= _start) & (_opening.idx < _end)).order_by(_opening.idx)
_OPENINGS_OF = select(tables.log_opening).where(_opening.case_id == bindparam("case")).order_by(_opening.idx)
_TILE = Prepared(select(_tile.hashes).where((_tile.level == _level) & (_tile.idx == _index)))
_TILE_ROOTS = Prepared(
    select(_tile.root).where((_tile.level == _level) & (_tile.idx >= _start) & (_tile.idx < _end)).order_by(_tile.idx)
)
_BATCH_AFTER = Prepared(select(_batch.size).where(_batch.size > _index).order_by(_batch.size).limit(1))
_BATCH_ROOT = Prepared(select(_batch.root).where(_batch.size == _size))
_PUBLICATION = select(tables.log_publication).order_by(tables.log_publication.c.tick.desc()).limit(1)
_HEAD = Prepared(select(tables.log_head))
_SET_HEAD = Change(update(tables.log_head), "size", "edge", "last_time")
_ADD_ENTRY = Change(insert(tables.log_entry), "idx", "leaf")
_ADD_OPENING = Change(insert(tables.log_opening), "idx", "case_id", "sealed")
_ADD_BATCH = Change(insert(tables.log_batch), "size", "root")


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
        found: bytes | None = _LEAF.scalar(self._connection, {"index": index})
        return found

    def leaves(self, start: int, end: int) -> list[bytes]:
        """Return entries from start up to, not including, end; fewer if rows are missing."""
        return [row.leaf for row in _LEAVES.all(self._connection, {"start": start, "end": end})]

    def openings(self, start: int, end: int) -> Iterator[tuple[int, bytes, str]]:
        """Yield (index, encrypted opening, case) from start up to, not including, end."""
        for row in self._connection.execute(_OPENINGS, {"start": start, "end": end}):
            yield row.idx, row.sealed, row.case_id

    def openings_of(self, case: str) -> Sequence[tuple[int, bytes, str]]:
        """Return (index, encrypted opening, case) of a case's entries in order."""
        rows = self._connection.execute(_OPENINGS_OF, {"case": case})
        return [(row.idx, row.sealed, row.case_id) for row in rows]

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the 256 hashes of a full tile."""
        found: bytes | None = _TILE.scalar(self._connection, {"level": level, "index": index})
        return found

    def tile_roots(self, level: int, start: int, end: int) -> bytes:
        """Return the roots of full tiles of a level, joined."""
        rows = _TILE_ROOTS.all(self._connection, {"level": level, "start": start, "end": end})
        return b"".join(row.root for row in rows)

    def batch_after(self, index: int) -> int | None:
        """Return the size of the log after the batch that brought an entry."""
        size: int | None = _BATCH_AFTER.scalar(self._connection, {"index": index})
        return size

    def batch_root(self, size: int) -> bytes | None:
        """Return the root that was signed, or may have been, at a size."""
        found: bytes | None = _BATCH_ROOT.scalar(self._connection, {"size": size})
        return found

    def publication(self) -> Any:
        """Return the newest publication row, or None."""
        return self._connection.execute(_PUBLICATION).first()

    def head(self) -> Head:
        """Return the right edge."""
        row = _HEAD.first(self._connection, {})
        if row is None:
            return Head(CompactRange(), 0)
        return Head(CompactRange.from_bytes(row.edge), row.last_time)

    def size(self) -> int:
        """Return how many entries there are, published or not."""
        return self.head().size

    def set_head(self, head: Head) -> None:
        """Replace the right edge."""
        values = {"size": head.size, "edge": head.edge.to_bytes(), "last_time": head.last_time}
        if _SET_HEAD.run(self._connection, values) == 0:
            self._connection.execute(insert(tables.log_head), {"id": 1, **values})

    def add_entries(self, leaves: Mapping[int, bytes]) -> None:
        """Insert entries by index."""
        _ADD_ENTRY.run(self._connection, *({"idx": i, "leaf": leaf} for i, leaf in leaves.items()))

    def add_openings(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert encrypted openings."""
        _ADD_OPENING.run(self._connection, *rows)

    def add_tile(self, level: int, index: int, root: bytes, hashes: bytes) -> None:
        """Insert a full tile with the root over it."""
        if len(hashes) != 256 * HASH_SIZE:
            raise ValueError("a full tile holds 256 hashes")
        row = {"level": level, "idx": index, "root": root, "hashes": hashes}
        self._connection.execute(insert(tables.log_tile), row)

    def add_batch(self, size: int, root: bytes) -> None:
        """Note a size at which a signature may be given."""
        _ADD_BATCH.run(self._connection, {"size": size, "root": root})

    def add_publication(self, tick: int, size: int, checkpoint: str) -> None:
        """Insert a published checkpoint."""
        row = {"tick": tick, "size": size, "checkpoint": checkpoint}
        self._connection.execute(insert(tables.log_publication), row)
