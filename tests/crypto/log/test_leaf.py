"""The leaf: one length for everything that happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import LogError
from crypto.log.leaf import LEAF_SIZE, Leaf, LeafKind

tags = st.binary(min_size=32, max_size=32)


@given(st.sampled_from(LeafKind), st.integers(0, 2**63 - 1), tags, tags, tags)
def test_a_leaf_comes_back_and_has_one_length(kind, time, case, subject, commitment):
    """from_bytes ∘ to_bytes is the identity; 106 bytes whatever happened."""
    leaf = Leaf(kind, time, case, subject, commitment)
    assert len(leaf.to_bytes()) == LEAF_SIZE == 1 + 1 + 8 + 32 + 32 + 32
    assert Leaf.from_bytes(leaf.to_bytes()) == leaf


def test_the_place_of_each_part():
    """version, kind, time, tags, commitment."""
    data = Leaf(LeafKind.LOG_OPENED, 3600, b"c" * 32, b"s" * 32, b"k" * 32).to_bytes()
    assert data == bytes([1, 16]) + (3600).to_bytes(8, "big") + b"c" * 32 + b"s" * 32 + b"k" * 32


@pytest.mark.parametrize(
    "data",
    [b"", b"\1" * 105, b"\1\0" + b"\0" * 105, b"\2\0" + b"\0" * 104, b"\1\5" + b"\0" * 104, b"\1\0" + b"\xff" * 104],
)
def test_other_bytes_are_no_leaf(data):
    """Length, version, kind and time are checked."""
    with pytest.raises(LogError):
        Leaf.from_bytes(data)


@pytest.mark.parametrize("sizes", [(31, 32, 32), (32, 33, 32), (32, 32, 0)])
def test_tags_and_commitment_have_their_size(sizes):
    """A short tag would be padded by the form, and match another."""
    with pytest.raises(LogError):
        Leaf(LeafKind.EVENT, 0, *(b"x" * size for size in sizes))


@pytest.mark.parametrize("change", [{"time": -1}, {"time": 2**63}, {"version": 0}, {"version": 2}])
def test_impossible_leaves_are_refused(change):
    """No version but the registered, no time outside the field."""
    with pytest.raises(LogError):
        Leaf(
            **{
                "kind": LeafKind.EVENT,
                "time": 0,
                "case_tag": b"c" * 32,
                "subject_tag": b"s" * 32,
                "commitment": b"k" * 32,
                **change,
            }
        )
