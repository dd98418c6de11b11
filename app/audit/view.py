"""A log's files under a checkpoint that was verified, looked into where needed: earlier states, and whole scans.

Rules
  1. Tiles and bundles are only read, never believed: whatever is concluded leads to the checkpoint's root, by a proof
     computed from them or by hashing every entry.
  2. An earlier state belongs to this log when the consistency proof from it, made from these tiles, holds.
"""

from collections.abc import Callable, Iterator

from app.audit.source import Source, WithheldError, fetch_in_order
from crypto.errors import ProofError, TileError
from crypto.log.checkpoint import Checkpoint
from crypto.log.merkle import HASH_SIZE, CompactRange, consistency_proof, joined_root, leaf_hash, verify_consistency
from crypto.log.tiles import (
    HEIGHT,
    MAX_BUNDLE_SIZE,
    MAX_TILE_SIZE,
    WIDTH,
    EntryBundle,
    Tile,
    bundles_of_size,
    decode_bundle,
    decode_tile,
    partial_width,
)

_KEPT = 512
"""Tiles that are remembered: 4 MiB."""


class LogView:
    """One log at one size."""

    def __init__(self, source: Source, checkpoint: Checkpoint) -> None:
        """``checkpoint`` was verified by the caller."""
        self.checkpoint = checkpoint
        self._source = source
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def check_prefix(self, earlier: Checkpoint) -> None:
        """Raises ``ProofError`` unless an earlier state, of at most this size, belongs to this log (rule 2).

        Raises:
            WithheldError, UnreachableError: a tile that is needed does not come.
        """
        now = self.checkpoint
        try:
            proof = consistency_proof(earlier.size, now.size, self.node)
        except (TileError, IndexError, ValueError) as error:
            raise ProofError("the tiles make no proof") from error
        verify_consistency(earlier.size, earlier.root, now.size, now.root, proof)

    def entries(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Iterator[tuple[int, bytes]]:
        """Yield (index, entry) of the whole log; raises ``ProofError`` at the end if they do not make the root.

        What was yielded counts only once the iteration has ended (rule 1).
        """
        edge = CompactRange()
        bundles = bundles_of_size(self.checkpoint.size)
        for bundle, entries in fetch_in_order(self._source.workers, self._bundle, bundles):
            for place, entry in enumerate(entries):
                edge.append(leaf_hash(entry))
                yield bundle.index * WIDTH + place, entry
            progress(edge.size, self.checkpoint.size)
        if edge.root() != self.checkpoint.root:
            raise ProofError("the entries do not make the root")

    def _bundle(self, bundle: EntryBundle) -> list[bytes]:
        data = self._read(bundle, EntryBundle(bundle.index), MAX_BUNDLE_SIZE)
        try:
            return decode_bundle(data, bundle.width)
        except TileError as error:
            raise ProofError("a bundle is damaged") from error

    def node(self, level: int, index: int) -> bytes:
        """Return the hash over the entries from `index << level` on; raises ``TileError`` where tiles do not reach."""
        tile_level, height = divmod(level, HEIGHT)
        tile_index, offset = divmod(index << height, WIDTH)
        hashes = self._tile(tile_level, tile_index)[offset : offset + (1 << height)]
        if len(hashes) != 1 << height:
            raise TileError("the tile does not reach so far")
        return joined_root(b"".join(hashes))

    def _tile(self, level: int, index: int) -> list[bytes]:
        known = self._tiles.get((level, index))
        if known is None:
            full = index < self.checkpoint.size >> (HEIGHT * (level + 1))
            width = WIDTH if full else partial_width(level, self.checkpoint.size)
            if not width:
                raise TileError("there is no such tile")
            data = self._read(Tile(level, index, width), Tile(level, index), MAX_TILE_SIZE)[: width * HASH_SIZE]
            known = decode_tile(data, width)
            if len(self._tiles) >= _KEPT:
                del self._tiles[next(iter(self._tiles))]
            self._tiles[level, index] = known
        return known

    def _read(self, place: Tile | EntryBundle, full: Tile | EntryBundle, limit: int) -> bytes:
        try:
            return self._source.read(place.path(), limit)
        except WithheldError:
            if place == full:
                raise
        return self._source.read(full.path(), limit)
