"""The tree as the database holds it: full tiles with their roots, and entries for the rest.

What is read of it is kept by the process, the edge too: an entry never changes once it is committed, so a hash that
was read from a reader's view stays right when the log grows. A proof recomputes its root and compares it with the one
that was signed (`SqlLedger.receipt_proof`), so a row that was changed is found out whether it is kept here or not.
"""

from threading import Lock

from app.store.rows.log import SqlLogRows
from crypto.log.merkle import HASH_SIZE, leaf_hash, parents
from crypto.log.tiles import HEIGHT, WIDTH

_KEPT_TILES = 256  # of 16 KiB each with their inner nodes: 4 MiB


class _Tile:
    """The hashes of a tile as far as they are known, with every complete subtree inside it; only ever grows."""

    def __init__(self) -> None:
        self._heights = [bytearray() for _ in range(HEIGHT)]

    @property
    def width(self) -> int:
        """How many hashes are known."""
        return len(self._heights[0]) // HASH_SIZE

    def grow(self, known: int, hashes: bytes) -> None:
        """Add hashes that stand from number `known` on; those that another thread added meanwhile are skipped."""
        self._heights[0] += hashes[(self.width - known) * HASH_SIZE :]
        for height in range(1, HEIGHT):
            done = 2 * len(self._heights[height])
            self._heights[height] += parents(bytes(self._heights[height - 1][done:]))

    def hashes(self, height: int, start: int, end: int) -> bytes:
        """Return hashes of one height inside the tile; fewer if they are not known."""
        return bytes(self._heights[height][start * HASH_SIZE : end * HASH_SIZE])


class TileCache:
    """Tiles that were read lately. Give it only rows that are committed: what it knows it does not read again."""

    def __init__(self) -> None:
        self._tiles: dict[tuple[int, int], _Tile] = {}
        self._lock = Lock()

    def tile(self, level: int, index: int, width: int, rows: SqlLogRows, *, whole: bool) -> _Tile:
        """Return a tile of which at least `width` hashes are known, if the rows have that many.

        `whole` says that the log is so long that the tile is stored as such.
        """
        known = self._tiles.get((level, index))
        if known is None or known.width < width:
            return self._grown(level, index, rows, whole=whole)
        return known

    def _grown(self, level: int, index: int, rows: SqlLogRows, *, whole: bool) -> _Tile:
        with self._lock:
            tile = self._tiles.setdefault((level, index), _Tile())
            if len(self._tiles) > _KEPT_TILES:
                del self._tiles[next(iter(self._tiles))]  # the one that has been here longest
            known = tile.width
        stored = rows.tile(level, index) if whole and not known else None
        hashes = _read(rows, level, index, known) if stored is None else stored
        with self._lock:
            tile.grow(known, hashes)
        return tile


class Tree:
    """Hashes of complete subtrees and tiles of the first `size` entries, from one view of committed rows."""

    def __init__(self, rows: SqlLogRows, cache: TileCache, size: int) -> None:
        self._rows = rows
        self._cache = cache
        self._size = size

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the complete subtree at (level, index)."""
        tile_level, height = divmod(level, HEIGHT)
        tile_index, offset = divmod(index << height, WIDTH)
        place = offset >> height
        return self._tile(tile_level, tile_index, offset + (1 << height)).hashes(height, place, place + 1)

    def tile(self, level: int, index: int, width: int) -> bytes:
        """Return the first `width` hashes of a tile; fewer if rows are missing."""
        return self._tile(level, index, width).hashes(0, 0, width)

    def _tile(self, level: int, index: int, width: int) -> _Tile:
        whole = (index + 1) << HEIGHT * (level + 1) <= self._size
        return self._cache.tile(level, index, width, self._rows, whole=whole)


def read_tile(rows: SqlLogRows, level: int, index: int) -> bytes:
    """Return the hashes of a tile as the rows have them at this moment, committed or not."""
    return _read(rows, level, index, 0)


def _read(rows: SqlLogRows, level: int, index: int, known: int) -> bytes:
    """Return a tile's hashes from number `known` on."""
    start, end = index * WIDTH + known, (index + 1) * WIDTH
    if level == 0:
        return b"".join(leaf_hash(leaf) for leaf in rows.leaves(start, end))
    return rows.tile_roots(level - 1, start, end)
