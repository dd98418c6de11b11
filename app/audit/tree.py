"""Re-deriving a log: every entry hashed, every tile recomputed, from the signed root down to the last byte.

The procedure
  1. Fetch the tiles of the upper levels. The ends of all levels together make the root: compare it with the signed
     one.
  2. Every full tile must hash to its place in the tile above; so what is published hangs together from the root down.
  3. Every bundle is hashed, entry by entry, and compared with its level-0 tile.
  4. Where something does not fit, say which: an entry whose tile still leads to the signed root was altered; a tile
     whose entries still lead there was altered itself; where both are gone, the tile above names the bundle.

What is kept in memory is 32 bytes an entry, so that receipts, a kept state and any earlier size can be compared.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from app.audit.compare import Difference, differences
from app.audit.finding import CannotCheckError, Code, Findings, Obstacle
from app.audit.leaves import LeafRules
from app.audit.source import Source, WithheldError, fetch_in_order
from crypto.errors import TileError
from crypto.log.merkle import EMPTY_ROOT, HASH_SIZE, joined_root
from crypto.log.tiles import (
    HEIGHT,
    MAX_TILE_SIZE,
    WIDTH,
    EntryBundle,
    Tile,
    bundles_of_size,
    decode_bundle,
    decode_tile,
    partial_width,
    split_bundle,
    tile_of_entries,
    tiles_of_level,
)

BUNDLE_LIMIT = 1024 * 1024
"""Bytes of a bundle that are read: 256 entries of ours have 27,648."""

_MAX_WITHHELD = 100
_MAX_PROBED = 5
"""Withheld bundles that are asked for in parts."""

Progress = Callable[[int, int], None]
"""Told how many entries were checked, of how many."""


@dataclass
class Tree:
    """The leaf hashes of a log as it stands, with the roots of its full bundles."""

    size: int = 0
    leaves: bytearray = field(default_factory=bytearray)
    bundles: bytearray = field(default_factory=bytearray)
    entries: dict[int, bytes] = field(default_factory=dict)
    """The entries that were asked for, by index."""
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of leaves that nobody gave us; they stand as zeros, and prove nothing."""

    def known(self, start: int, end: int) -> bool:
        """Say whether all leaves ``start … end − 1`` were given."""
        return all(end <= first or last <= start for first, last in self.gaps)

    def first_gap(self) -> int:
        """Return the first leaf that was not given, the size if there is none."""
        return min((first for first, _ in self.gaps), default=self.size)

    def leaf(self, index: int) -> bytes:
        """Return one leaf hash."""
        return bytes(self.leaves[index * HASH_SIZE : (index + 1) * HASH_SIZE])

    def find(self, leaf: bytes) -> int | None:
        """Return where a leaf hash stands first, or None."""
        at = self.leaves.find(leaf)
        while at >= 0 and at % HASH_SIZE:
            at = self.leaves.find(leaf, at + 1)
        return None if at < 0 else at // HASH_SIZE

    def range_hash(self, start: int, end: int) -> bytes:
        """Return the hash over leaves ``start … end − 1``, a node of some tree of this log."""
        if end - start < WIDTH:
            return joined_root(bytes(self.leaves[start * HASH_SIZE : end * HASH_SIZE]))
        whole = end // WIDTH
        rest = joined_root(bytes(self.leaves[whole * WIDTH * HASH_SIZE : end * HASH_SIZE])) if end % WIDTH else b""
        return joined_root(bytes(self.bundles[start // WIDTH * HASH_SIZE : whole * HASH_SIZE]) + rest)

    def root_at(self, size: int) -> bytes:
        """Return the root that the log had at an earlier size."""
        return self.range_hash(0, size)


@dataclass(frozen=True)
class _Piece:
    """One bundle and its level-0 tile as they came; None where withheld."""

    bundle: EntryBundle
    entries: list[bytes] | None
    tile: bytes | None

    @property
    def size(self) -> int:
        """Bytes of hashes that belong here."""
        return self.bundle.width * HASH_SIZE


@dataclass(frozen=True)
class _Suspect:
    """A bundle that does not lead to the tile above; judged when the whole is known."""

    piece: _Piece
    found: bytes


class TreeAudit:
    """One run of the procedure over one log."""

    def __init__(
        self,
        source: Source,
        size: int,
        root: bytes,
        *,
        rules: LeafRules,
        findings: Findings,
        wanted: Collection[int] = (),
        progress: Progress = lambda _done, _all: None,
        keep: Callable[[int, Sequence[bytes]], None] = lambda _first, _entries: None,
    ) -> None:
        """``wanted``: indexes whose entries are kept for receipts and openings; ``keep`` is given every bundle."""
        self._source = source
        self._size = size
        self._root = root
        self._rules = rules
        self._findings = findings
        self._wanted: dict[int, list[int]] = {}
        for index in wanted:
            self._wanted.setdefault(index // WIDTH, []).append(index)
        self._progress = progress
        self._keep = keep
        self._above: list[bytes] = []
        self._missing: set[Tile] = set()
        self._suspects: list[_Suspect] = []
        self._altered: dict[int, tuple[bytes, bytes]] = {}
        self._shifted = False

    def run(self) -> Tree:
        """Return the tree after the whole procedure; raises ``UnreachableError`` when it cannot be finished."""
        # 1.
        self._fetch_upper_levels()
        tree = Tree(self._size)
        # 2. and 3.
        for bundle, piece in fetch_in_order(self._source.workers, self._fetch, bundles_of_size(self._size)):
            self._take(tree, piece)
            self._progress(bundle.index * WIDTH + bundle.width, self._size)
        # 4.
        self._judge(tree)
        self._tell_altered()
        return tree

    # 1. Tiles of levels 1, 2 …, joined a level; a withheld one leaves zeros.

    def _fetch_upper_levels(self) -> None:
        level = 1
        while self._size >> (HEIGHT * level):
            wanted = tiles_of_level(level, self._size)
            joined = b"".join(data for _, data in fetch_in_order(self._source.workers, self._upper_tile, wanted))
            self._above.append(joined)
            level += 1

    def _upper_tile(self, tile: Tile) -> bytes:
        return self._tile(tile) or bytes(tile.width * HASH_SIZE)

    def _tile(self, tile: Tile) -> bytes | None:
        """Return a tile's bytes; a partial one that is gone is cut from the full one, as the specification allows."""
        try:
            data = self._read(tile, MAX_TILE_SIZE)[: tile.width * HASH_SIZE]
            decode_tile(data, tile.width)
        except WithheldError:
            self._tell_withheld(tile)
        except TileError:
            self._findings.add(Code.TILE_ALTERED, path=tile.path())
        else:
            return data
        self._missing.add(tile)
        return None

    def _tell_withheld(self, place: Tile | EntryBundle, **where: int) -> None:
        """Tell of a file that the checkpoint promises; stop where a forged size would make us ask for ever."""
        self._findings.add(Code.WITHHELD, path=place.path(), **where)
        if self._findings.counts[Code.WITHHELD] > _MAX_WITHHELD:
            raise CannotCheckError(Obstacle.UNREACHABLE, path=place.path())

    def _read(self, place: Tile | EntryBundle, limit: int) -> bytes:
        try:
            return self._source.read(place.path(), limit)
        except WithheldError:
            if place.width == WIDTH:
                raise
        full = EntryBundle(place.index) if isinstance(place, EntryBundle) else Tile(place.level, place.index)
        return self._source.read(full.path(), limit)

    # 2. and 3. Bundles and level-0 tiles.

    def _fetch(self, bundle: EntryBundle) -> _Piece:
        return _Piece(bundle, self._entries(bundle), self._tile(Tile(0, bundle.index, bundle.width)))

    def _entries(self, bundle: EntryBundle) -> list[bytes] | None:
        try:
            entries = split_bundle(self._read(bundle, BUNDLE_LIMIT))
        except WithheldError:
            return self._part(bundle)
        except TileError:
            self._findings.add(Code.BUNDLE_MISMATCH, path=bundle.path())
            return None
        # a full bundle in place of a partial one may hold more; one row more than there should be is a finding
        return entries[: bundle.width] if len(entries) == WIDTH else entries[: bundle.width + 1]

    def _part(self, bundle: EntryBundle) -> list[bytes] | None:
        """Return what is given of a withheld bundle: a portal that lost one row can still show those before it."""
        given: list[bytes] = []
        if self._findings.counts.get(Code.WITHHELD, 0) < _MAX_PROBED:
            low, high = 0, bundle.width
            while high - low > 1:
                middle = (low + high) // 2
                entries = self._try_part(EntryBundle(bundle.index, middle))
                low, high, given = (middle, high, entries) if entries else (low, middle, given)
        self._tell_withheld(bundle, index=bundle.index * WIDTH + len(given))
        return given or None

    def _try_part(self, bundle: EntryBundle) -> list[bytes] | None:
        try:
            return decode_bundle(self._source.read(bundle.path(), BUNDLE_LIMIT), bundle.width)
        except (WithheldError, TileError):
            return None

    def _take(self, tree: Tree, piece: _Piece) -> None:
        entries = piece.entries or []
        first = piece.bundle.index * WIDTH
        kept, root = self._settle(piece, tile_of_entries(entries))
        if piece.tile is None and len(entries) < piece.bundle.width:
            tree.gaps.append((first + len(entries), first + piece.bundle.width))
        tree.leaves += kept
        if piece.bundle.width == WIDTH:
            tree.bundles += root
        self._rules.check(first, entries[: piece.bundle.width])
        self._keep(first, entries[: piece.bundle.width])
        for index in self._wanted.get(piece.bundle.index, ()):
            if index - first < len(entries):
                tree.entries[index] = entries[index - first]

    def _settle(self, piece: _Piece, found: bytes) -> tuple[bytes, bytes]:
        """Return the leaf hashes to go on with and their root: the tile's where it leads upwards, else the rows'."""
        tile = piece.tile if piece.tile is not None else found[: piece.size].ljust(piece.size, b"\0")
        root = joined_root(tile)
        if self._leads_up(piece.bundle, root):
            if piece.entries is not None and found != tile:
                self._tell_entries(piece, found)
            return tile, root
        found_root = joined_root(found)
        if found != tile and self._leads_up(piece.bundle, found_root):
            self._findings.add(Code.TILE_ALTERED, path=Tile(0, piece.bundle.index, piece.bundle.width).path())
            return found, found_root
        self._suspects.append(_Suspect(piece, found))
        return tile, root

    def _leads_up(self, bundle: EntryBundle, root: bytes) -> bool:
        """Say whether a full bundle's root stands in the tile above, or the partial one's makes the signed root."""
        if bundle.width < WIDTH:
            return self._published_root(root) == self._root
        expected = self._above[0][bundle.index * HASH_SIZE : (bundle.index + 1) * HASH_SIZE]
        return root == expected or not any(expected)

    def _published_root(self, end: bytes) -> bytes:
        """Return the root that the upper tiles make with the root of the partial bundle, empty when there is none."""
        current = end
        for level, hashes in enumerate(self._above, start=1):
            width = partial_width(level, self._size)
            current = joined_root(hashes[len(hashes) - width * HASH_SIZE :] + current) if width else current
        return current or EMPTY_ROOT

    # 4. What it all means.

    def _judge(self, tree: Tree) -> None:
        """Judge what did not lead upwards: if the leaves make the signed root, the tiles between were altered."""
        if tree.root_at(self._size) == self._root:
            for suspect in self._suspects:
                if suspect.piece.entries is not None and suspect.found != suspect.piece.tile:
                    self._tell_entries(suspect.piece, suspect.found)
            for tile in self._wrong_uppers(tree):
                self._findings.add(Code.TILE_ALTERED, path=tile.path())
            return
        for suspect in self._suspects:
            self._tell_suspect(suspect)
        tail = tree.range_hash(self._size - self._size % WIDTH, self._size) if self._size % WIDTH else b""
        if not self._missing and (self._published_root(tail) != self._root or not len(self._findings)):
            self._findings.add(Code.ROOT_MISMATCH, size=self._size)

    def _tell_suspect(self, suspect: _Suspect) -> None:
        piece = suspect.piece
        if piece.entries is not None and piece.tile is not None and suspect.found != piece.tile:
            self._tell_entries(piece, suspect.found)
        elif piece.bundle.width == WIDTH == len(piece.entries or ()):
            first = piece.bundle.index * WIDTH
            self._findings.add(Code.ENTRY_ALTERED, first=first, last=first + WIDTH - 1)

    def _tell_entries(self, piece: _Piece, found: bytes) -> None:
        if piece.tile is None:
            return
        first = piece.bundle.index * WIDTH
        expected = decode_tile(piece.tile, piece.bundle.width)
        hashes = decode_tile(found, len(found) // HASH_SIZE)
        rest = len(expected) - 1
        if self._shifted and (hashes[:rest] == expected[1:] or hashes[1 : rest + 1] == expected[:rest]):
            return
        changes = differences(expected, hashes)
        if not changes and len(hashes) < len(expected):  # all that came fits, and the rest did not come
            self._findings.add(Code.WITHHELD, path=piece.bundle.path(), index=first + len(hashes))
        for change in changes:
            if change.code is Code.ENTRY_ALTERED:
                self._altered[first + change.offset] = (expected[change.offset], hashes[change.offset])
            else:
                self._shifted = self._shifted or change.code is not Code.ROWS_SWAPPED
                add_difference(self._findings, change, first)

    def _tell_altered(self) -> None:
        """Tell altered entries, after pairing those of which each holds the other's row."""
        homes = {expected: index for index, (expected, _) in self._altered.items()}
        for index, (_, found) in sorted(self._altered.items()):
            home = homes.get(found)
            if home is None or homes.get(self._altered[home][1]) != index:
                self._findings.add(Code.ENTRY_ALTERED, index=index)
            elif index < home:
                self._findings.add(Code.ROWS_SWAPPED, index=index, other=home)

    def _wrong_uppers(self, tree: Tree) -> Iterator[Tile]:
        below = bytes(tree.bundles)
        for level, hashes in enumerate(self._above, start=1):
            for tile in tiles_of_level(level, self._size):
                at, end = tile.index * MAX_TILE_SIZE, tile.index * MAX_TILE_SIZE + tile.width * HASH_SIZE
                if hashes[at:end] != below[at:end] and tile not in self._missing:
                    yield tile
            full = range(0, len(below) - MAX_TILE_SIZE + 1, MAX_TILE_SIZE)
            below = b"".join(joined_root(below[at : at + MAX_TILE_SIZE]) for at in full)


def add_difference(findings: Findings, change: Difference, first: int) -> None:
    """Add a difference between two sequences that start at index ``first``."""
    if change.other is None:
        findings.add(change.code, index=first + change.offset)
    else:
        findings.add(change.code, index=first + change.offset, other=first + change.other)
