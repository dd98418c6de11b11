"""Following a log: what was seen before is read from a copy that lies beside the state, and only the rest is fetched.

Rules of trust
  1. The copy holds the entries of the full bundles that the log had when it last held. Nothing of it is believed: kept
     and fetched entries together must make the newly signed root, and that is the consistency with the kept checkpoint.
  2. Each run fetches a few of the old bundles again, in turn, with their tiles, so that what a portal serves of its
     past is compared as well, in time.
  3. Whatever is found is looked for again with everything fetched: only such a run names places in the past rightly,
     and a damaged copy accuses nobody.

Worked example: entry 5 of 90,000 is altered, everything is signed anew. The kept entries and the fetched ones make
another root than the signed one. So all of it is fetched, and the state's root of bundle 0 tells where.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.audit.finding import CannotCheckError, Obstacle
from app.audit.source import Source
from app.audit.state import State
from crypto.log.leaf import LEAF_SIZE
from crypto.log.merkle import HASH_SIZE
from crypto.log.tiles import MAX_TILE_SIZE, WIDTH, EntryBundle, Tile, encode_bundle, parse_path, tile_of_entries

AGAIN = 4
"""Old bundles that a run fetches again: about 140 kB with their tiles."""
_BUNDLE = WIDTH * LEAF_SIZE


def copy_path(state: Path) -> Path:
    """Return where the copy of a state's entries lies."""
    return state.with_name(f"{state.name}.entries")


class FollowingSource:
    """A log's files: those that a kept state had come from its copy, all others from the log."""

    def __init__(self, source: Source, state: State, copy: Path) -> None:
        """``copy`` goes with the state."""
        self.workers = source.workers
        self.live = source.live
        self._source = source
        self._copy = copy
        self._roots = state.tiles
        self._full = state.size // WIDTH
        first = state.turn % self._full if self._full else 0
        self.again = frozenset((first + step) % self._full for step in range(min(AGAIN, self._full)))
        """Old bundles that are fetched again this time."""

    def read(self, path: str, limit: int) -> bytes:
        """Return a file; raises ``WithheldError`` or ``UnreachableError`` where it is fetched."""
        kept = self._kept(path) if path.startswith("tile/") else None
        return self._source.read(path, limit) if kept is None else kept

    def fetch_nothing_again(self) -> None:
        """Read all that is kept from the copy from now on: once what was fetched again was compared."""
        self.again = frozenset()

    def _kept(self, path: str) -> bytes | None:
        place = parse_path(path)
        if place.width < WIDTH:
            return None
        if isinstance(place, Tile) and place.level:
            return self._upper(place)
        entries = self._entries(place.index)
        if entries is None:
            return None
        return encode_bundle(entries) if isinstance(place, EntryBundle) else tile_of_entries(entries)

    def _upper(self, tile: Tile) -> bytes | None:
        end = (tile.index + 1) * MAX_TILE_SIZE
        if tile.level > 1 or end > self._full * HASH_SIZE or tile.index in {each // WIDTH for each in self.again}:
            return None
        return self._roots[end - MAX_TILE_SIZE : end]

    def _entries(self, bundle: int) -> Sequence[bytes] | None:
        if bundle >= self._full or bundle in self.again:
            return None
        with suppress(OSError), self._copy.open("rb") as file:
            file.seek(bundle * _BUNDLE)
            data = file.read(_BUNDLE)
            return [data[at : at + LEAF_SIZE] for at in range(0, _BUNDLE, LEAF_SIZE)]
        return None


def can_follow(state: State, size: int, path: Path) -> bool:
    """Tell whether a log of ``size`` entries can be followed with the copy that lies beside a state."""
    with suppress(OSError):
        return 0 < state.size // WIDTH * _BUNDLE <= path.stat().st_size and state.size <= size
    return False


class CopyWriter:
    """Keeps the entries of full bundles while they are checked; they count once the state was kept, too.

    A copy that is followed is extended where it ends; any other is written anew, beside the old one.
    """

    def __init__(self, path: Path, *, follows: int) -> None:
        """``follows``: how many full bundles of the copy are good, 0 to begin anew. Raises ``CannotCheckError``."""
        self._path = path
        self._beside = path if follows else path.with_name(f".{path.name}.new")
        self._bundles = follows
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | (0 if follows else os.O_TRUNC)
            self._file = os.fdopen(os.open(self._beside, flags, 0o600), "r+b" if follows else "wb")
            self._file.seek(follows * _BUNDLE)
        except OSError as error:
            raise CannotCheckError(Obstacle.BAD_STATE, file=str(path)) from error

    def take(self, first: int, entries: Sequence[bytes]) -> None:
        """Take the entries from index ``first`` on, a bundle; what is no full bundle of leaves is left out."""
        if first == self._bundles * WIDTH and len(entries) == WIDTH and set(map(len, entries)) == {LEAF_SIZE}:
            self._file.write(b"".join(entries))
            self._bundles += 1

    def keep(self) -> None:
        """Make it durable, before the state that goes with it; raises ``CannotCheckError``."""
        try:
            self._file.flush()
            self._file.truncate()
            os.fsync(self._file.fileno())
            self._beside.replace(self._path)
        except OSError as error:
            raise CannotCheckError(Obstacle.BAD_STATE, file=str(self._path)) from error

    def close(self) -> None:
        """Give up what was not kept."""
        self._file.close()
        if self._beside != self._path:
            self._beside.unlink(missing_ok=True)
