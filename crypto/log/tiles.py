"""Tiles and entry bundles: the static files by which a log is published (c2sp.org/tlog-tiles).

A tile at level l holds up to 256 hashes, each the root of 256^l entries; a bundle holds the entries of one level-0
tile, each behind its length in two bytes. Files of full width never change; partial ones are named by their width.

Source: c2sp.org/tlog-tiles; FORMAT.md, section "Notes and the log".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from crypto.errors import TileError
from crypto.log.merkle import HASH_SIZE, MAX_SIZE

HEIGHT = 8
"""Levels of the tree in one tile."""
WIDTH = 1 << HEIGHT
"""Hashes in a full tile, entries in a full bundle."""
MAX_ENTRY = 0xFFFF
MAX_LEVEL = 63
MAX_TILE_SIZE = WIDTH * HASH_SIZE
MAX_BUNDLE_SIZE = WIDTH * (2 + MAX_ENTRY)

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6})([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Tile:
    """The address of a hash tile; raises ``TileError`` when there can be no such tile."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        """Attackers choose addresses, in a request path."""
        if not 0 <= self.level <= MAX_LEVEL:
            _refuse("no such level")
        _check_place(self.index, self.width)

    def path(self) -> str:
        """Return the path below the log's prefix, such as ``tile/1/x001/234.p/17``."""
        return _path(str(self.level), self.index, self.width)


@dataclass(frozen=True, order=True)
class EntryBundle:
    """The address of an entry bundle; raises ``TileError`` when there can be no such bundle."""

    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        """Attackers choose addresses, in a request path."""
        _check_place(self.index, self.width)

    def path(self) -> str:
        """Return the path below the log's prefix, such as ``tile/entries/273.p/112``."""
        return _path("entries", self.index, self.width)


def _check_place(index: int, width: int) -> None:
    if not 0 <= index <= MAX_SIZE or not 1 <= width <= WIDTH:
        _refuse("no such tile")


def _refuse(reason: str) -> NoReturn:
    raise TileError(reason)


def _path(level: str, index: int, width: int) -> str:
    digits = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        digits = f"x{index % 1000:03d}/{digits}"
    return f"tile/{level}/{digits}" + (f".p/{width}" if width < WIDTH else "")


def parse_path(path: str) -> Tile | EntryBundle:
    """Read a path below the log's prefix; each file has exactly one. Raises ``TileError`` for any other text."""
    found = _PATH.fullmatch(path)
    if found is None:
        _refuse("not the path of a tile")
    level, groups, last, partial = found.groups()
    index = int(groups.replace("x", "").replace("/", "") + last)
    width = int(partial) if partial else WIDTH
    place = EntryBundle(index, width) if level == "entries" else Tile(int(level), index, width)
    if place.path() != path:
        _refuse("not the one path of this tile")
    return place


def partial_width(level: int, size: int) -> int:
    """Return the width of the partial tile at ``level`` of a log of ``size`` entries; 0 when there is none."""
    return (size >> (HEIGHT * level)) % WIDTH


def tiles_of_level(level: int, size: int, *, first: int = 0) -> Iterator[Tile]:
    """Yield the tiles of one level of a log of ``size`` entries, from index ``first`` on."""
    full = size >> (HEIGHT * (level + 1))
    for index in range(first, full):
        yield Tile(level, index)
    width = partial_width(level, size)
    if width and first <= full:
        yield Tile(level, full, width)


def tiles_of_size(size: int) -> Iterator[Tile]:
    """Yield every tile of a log of ``size`` entries, level by level; the bundles are those of level 0."""
    level = 0
    while size >> (HEIGHT * level):
        yield from tiles_of_level(level, size)
        level += 1


def bundles_of_size(size: int, *, first: int = 0) -> Iterator[EntryBundle]:
    """Yield the entry bundles of a log of ``size`` entries, from index ``first`` on."""
    for tile in tiles_of_level(0, size, first=first):
        yield EntryBundle(tile.index, tile.width)


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as a bundle; raises ``TileError`` for more than 256, or one above 65,535 bytes."""
    if not 1 <= len(entries) <= WIDTH or any(len(entry) > MAX_ENTRY for entry in entries):
        _refuse("these entries make no bundle")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def split_bundle(data: bytes) -> list[bytes]:
    """Return the entries of a bundle, however many; raises ``TileError`` when one is cut or something follows."""
    entries, at, end = [], 0, len(data)
    while at + 2 <= end:
        start = at + 2
        at = start + (data[start - 2] << 8 | data[start - 1])
        entries.append(data[start:at])
    if at != end:
        _refuse("the bundle is cut or extended")
    return entries


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle; raises ``TileError`` unless they are exactly ``width`` and nothing follows."""
    entries = split_bundle(data)
    if len(entries) != width:
        _refuse("the bundle does not hold its number of entries")
    return entries


def decode_tile(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile; raises ``TileError`` unless there are exactly ``width``."""
    if len(data) != width * HASH_SIZE:
        _refuse("the tile does not hold its number of hashes")
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def tile_of_entries(entries: Sequence[bytes]) -> bytes:
    """Return the level-0 tile over entries: their leaf hashes joined (the audit's inner loop)."""
    sha256 = hashlib.sha256
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])
