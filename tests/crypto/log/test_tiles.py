"""Tiles and bundles: one path for each file, one form for each content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import TileError
from crypto.log import merkle, tiles
from crypto.log.tiles import EntryBundle, Tile


def test_the_files_of_seventy_thousand_entries():
    """The specification's own example."""
    paths = [tile.path() for tile in tiles.tiles_of_size(70_000)]
    assert len(paths) == len(set(paths)) == 273 + 1 + 1 + 1 + 1
    assert paths[273:] == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    bundles = [bundle.path() for bundle in tiles.bundles_of_size(70_000)]
    assert (bundles[0], bundles[-1], len(bundles)) == ("tile/entries/000", "tile/entries/273.p/112", 274)


def test_a_full_tile_alone_has_a_partial_one_above():
    """Size 256: a full level-0 tile and a level-1 tile of width 1."""
    assert list(tiles.tiles_of_size(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles.tiles_of_size(0)) == []


def test_large_indexes_are_grouped_by_three():
    """1234067 is x001/x234/067."""
    assert Tile(0, 1_234_067).path() == "tile/0/x001/x234/067"
    assert EntryBundle(1_234_067, 9).path() == "tile/entries/x001/x234/067.p/9"


@given(st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_a_path_names_one_file(level, index, width):
    """parse_path ∘ path is the identity."""
    for place in (Tile(level, index, width), EntryBundle(index, width)):
        assert tiles.parse_path(place.path()) == place


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0/0",
        "tile/0/00",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/-1/000",
        "tile/entries/../000",
        "tile/entries/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x001/x001/x001/x001/x001/x001/x001/001",
        "tile/0/٠٠٠",
        "/tile/0/000",
    ],
)
def test_other_paths_are_no_tiles(path):
    """What a stranger sends as a path reaches no file system."""
    with pytest.raises(TileError):
        tiles.parse_path(path)


@pytest.mark.parametrize("place", [(-1, 0, 256), (64, 0, 256), (0, -1, 256), (0, 2**63, 256), (0, 0, 0), (0, 0, 257)])
def test_impossible_tiles_are_refused(place):
    """An address that cannot be is not made."""
    with pytest.raises(TileError):
        Tile(*place)


@given(st.integers(0, 2**40))
def test_the_tiles_of_a_level_cover_it(size):
    """Widths add up to the number of complete subtrees, at any level."""
    for level in range(1, 6):
        wanted = size >> (8 * level)
        if wanted < 100_000:
            found = list(tiles.tiles_of_level(level, size))
            assert sum(tile.width for tile in found) == wanted
            assert (found[-1].width % 256 if found else 0) == tiles.partial_width(level, size)


def test_tiles_from_a_given_one_on():
    """A reader that knows a part starts behind it."""
    assert list(tiles.bundles_of_size(700, first=2)) == [EntryBundle(2, 188)]
    assert list(tiles.bundles_of_size(512, first=2)) == []
    assert list(tiles.bundles_of_size(700, first=3)) == []


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_its_entries_back(entries):
    """decode ∘ encode is the identity; the tile over it holds their leaf hashes."""
    data = tiles.encode_bundle(entries)
    assert tiles.decode_bundle(data, len(entries)) == entries
    tile = tiles.tile_of_entries(entries)
    assert tiles.decode_tile(tile, len(entries)) == [merkle.leaf_hash(entry) for entry in entries]


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=20), st.integers(0, 1000))
def test_a_bundle_that_is_cut_or_extended_is_refused(entries, place):
    """Truncation, another number of entries, and anything behind."""
    data = tiles.encode_bundle(entries)
    for broken, width in (
        (data[: place % len(data)], len(entries)),
        (data + b"\0", len(entries)),
        (data, len(entries) + 1),
        (data + b"\0\0", len(entries)),
    ):
        with pytest.raises(TileError):
            tiles.decode_bundle(broken, width)


def test_entries_that_make_no_bundle_are_refused():
    """None, too many, or one that its length field cannot say."""
    for entries in ([], [b""] * 257, [b"x" * 65_536]):
        with pytest.raises(TileError):
            tiles.encode_bundle(entries)
    assert tiles.decode_bundle(tiles.encode_bundle([b"x" * 65_535]), 1) == [b"x" * 65_535]


def test_a_tile_of_another_width_is_refused():
    """A tile holds exactly its hashes."""
    for data in (b"", b"h" * 31, b"h" * 64, b"h" * 33):
        with pytest.raises(TileError):
            tiles.decode_tile(data, 1)
