"""The tree as the database holds it: full tiles with their roots, and entries for the rest."""

from collections import OrderedDict
from threading import Lock

from app.store.rows.log import SqlLogRows
from crypto.log.merkle import HASH_SIZE, joined_root, leaf_hash
from crypto.log.tiles import HEIGHT, WIDTH

_KEPT_TILES = 256  # of 16 KiB each with their inner nodes: 4 MiB


class TileCache:
    """Expanded full tiles: every complete subtree inside a tile. They never change, so they are shared freely."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, level: int, index: int, rows: SqlLogRows) -> list[bytes] | None:
        """Return the hashes of a full tile by height inside it, joined; None if the tile is not full."""
        with self._lock:
            known = self._tiles.get((level, index))
            if known is not None:
                self._tiles.move_to_end((level, index))
                return known
        hashes = rows.tile(level, index)
        if hashes is None:
            return None
        expanded = _expand(hashes)
        with self._lock:
            self._tiles[(level, index)] = expanded
            while len(self._tiles) > _KEPT_TILES:
                self._tiles.popitem(last=False)
        return expanded


def _expand(hashes: bytes) -> list[bytes]:
    heights = [hashes]
    for _ in range(HEIGHT - 1):
        below = heights[-1]
        whole = len(below) - len(below) % (2 * HASH_SIZE)  # what is not complete yet has no hash of its own
        pairs = [joined_root(below[at : at + 2 * HASH_SIZE]) for at in range(0, whole, 2 * HASH_SIZE)]
        heights.append(b"".join(pairs))
    return heights


class Tree:
    """Hashes of complete subtrees and tiles, from one consistent view of the rows.

    What it reads of tiles that are not full it keeps as long as that view, and no longer: the edge moves, and another
    process may have moved it.
    """

    def __init__(self, rows: SqlLogRows, cache: TileCache) -> None:
        self._rows = rows
        self._cache = cache
        self._edge: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of the complete subtree at (level, index)."""
        tile_level, height = divmod(level, HEIGHT)
        tile_index, offset = divmod(index << height, WIDTH)
        start = (offset >> height) * HASH_SIZE
        return self._expanded(tile_level, tile_index)[height][start : start + HASH_SIZE]

    def _expanded(self, level: int, index: int) -> list[bytes]:
        partial = self._edge.get((level, index))
        if partial is not None:
            return partial
        full = self._cache.get(level, index, self._rows)
        if full is not None:
            return full
        self._edge[level, index] = partial = _expand(self._hashes(level, index * WIDTH, (index + 1) * WIDTH))
        return partial

    def tile(self, level: int, index: int, width: int) -> bytes:
        """Return the first `width` hashes of a tile; fewer if rows are missing."""
        if width == WIDTH:
            full = self._cache.get(level, index, self._rows)
            if full is not None:
                return full[0]
        return self._hashes(level, index * WIDTH, index * WIDTH + width)

    def _hashes(self, tile_level: int, start: int, end: int) -> bytes:
        if tile_level == 0:
            return b"".join(leaf_hash(leaf) for leaf in self._rows.leaves(start, end))
        return self._rows.tile_roots(tile_level - 1, start, end)
