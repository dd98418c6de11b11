"""The tree: reference roots, and the laws of proofs."""

import base64
import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import ProofError
from crypto.log import merkle
from crypto.log.merkle import CompactRange
from tests.crypto.log.published import node_of

ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
LEAVES = [merkle.leaf_hash(bytes([n % 256, n >> 8])) for n in range(600)]
sizes = st.integers(1, len(LEAVES))


def grown(leaves: Sequence[bytes]) -> CompactRange:
    """A range that the leaves were appended to, one by one."""
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
    return tree


@pytest.mark.parametrize("size", ROOTS)
def test_the_reference_roots_of_certificate_transparency(size):
    """RFC 6962's test tree, by both ways of computing a root."""
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]
    assert merkle.root_of(leaves).hex() == ROOTS[size]
    assert grown(leaves).root().hex() == ROOTS[size]


def test_the_root_of_seventy_thousand_entries():
    """The vector that tessera, torchwood and x/mod accepted."""
    entries = (hashlib.sha256(f"seed{n}".encode()).digest() * 6 + b"12345678" for n in range(70_000))
    root = merkle.root_of(map(merkle.leaf_hash, entries))
    assert base64.b64encode(root) == b"rlpN6KjeF98ZPEfY80nhC5zvNXheqfjWG/CnQ+NpuK0="


@given(st.integers(0, len(LEAVES)))
def test_appending_and_hashing_all_at_once_agree(size):
    """The compact range's root is the RFC's root at every size."""
    assert grown(LEAVES[:size]).root() == merkle.root_of(LEAVES[:size])


@given(st.integers(0, len(LEAVES)))
def test_what_append_reports_complete_is_every_complete_subtree_once(size):
    """A store that keeps what append returns has every node that a proof needs."""
    stored: dict[tuple[int, int], bytes] = {}
    tree = CompactRange()
    for leaf in LEAVES[:size]:
        for level, index, data in tree.append(leaf):
            assert (level, index) not in stored
            stored[level, index] = data
    expected = {(level, index) for level in range(10) for index in range(size >> level)}
    assert set(stored) == expected
    node = node_of(LEAVES)
    assert all(stored[level, index] == node(level, index) for level, index in expected if level > 6)


@given(st.integers(0, len(LEAVES)))
def test_a_compact_range_survives_being_stored(size):
    """from_bytes ∘ to_bytes is the identity, and it goes on growing."""
    tree = grown(LEAVES[:size])
    stored = CompactRange.from_bytes(tree.to_bytes())
    assert (stored.size, stored.hashes) == (tree.size, tree.hashes)
    assert stored.append(LEAVES[0]) == tree.append(LEAVES[0])
    assert stored.root() == tree.root()


def test_a_copy_does_not_change_its_original():
    """A rolled-back transaction leaves the head as it was."""
    tree = grown(LEAVES[:5])
    before = tree.to_bytes()
    tree.copy().append(LEAVES[5])
    assert tree.to_bytes() == before


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 7, b"\0" * 9, b"\0" * 40, (1).to_bytes(8, "big"), (3).to_bytes(8, "big") + b"h" * 32, b"\xff" * 8],
)
def test_bytes_that_are_no_compact_range_are_refused(data):
    """One hash for each binary digit of the size."""
    with pytest.raises(ValueError, match=r"range|fit"):
        CompactRange.from_bytes(data)


def test_a_compact_range_of_short_hashes_is_refused():
    """Hashes have 32 bytes."""
    with pytest.raises(ValueError, match="fit"):
        CompactRange(1, [b"short"])


@given(st.data(), sizes)
def test_an_inclusion_proof_verifies(data, size):
    """For every leaf of every tree."""
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, node_of(LEAVES))
    merkle.verify_inclusion(LEAVES[index], index, size, proof, merkle.root_of(LEAVES[:size]))


@given(st.data(), st.integers(2, len(LEAVES)))
def test_an_inclusion_proof_fits_nothing_else(data, size):
    """Another leaf, index, root, or a proof cut, extended or changed: refused by the same error."""
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    step = data.draw(st.integers(0, 100))
    proof = merkle.inclusion_proof(index, size, node_of(LEAVES))
    root = merkle.root_of(LEAVES[:size])
    changed = list(proof)
    changed[step % len(proof)] = b"x" * 32
    wrong = [
        (LEAVES[other], index, size, proof, root),
        (LEAVES[index], other, size, proof, root),
        (LEAVES[index], index, size, proof, b"r" * 32),
        (LEAVES[index], index, size, proof[1:], root),
        (LEAVES[index], index, size, proof[:-1], root),
        (LEAVES[index], index, size, [*proof, b"x" * 32], root),
        (LEAVES[index], index, size, changed, root),
        (LEAVES[index], index, size, [*proof[:-1], proof[-1][:31]], root),
        (LEAVES[index], size + index, size, proof, root),
        (LEAVES[index], -1, size, proof, root),
    ]
    for attempt in wrong:
        with pytest.raises(ProofError):
            merkle.verify_inclusion(*attempt)


@given(st.data(), st.integers(0, len(LEAVES)))
def test_a_consistency_proof_verifies(data, new):
    """For every pair of sizes, the empty tree and equal trees among them."""
    old = data.draw(st.integers(0, new))
    proof = merkle.consistency_proof(old, new, node_of(LEAVES))
    merkle.verify_consistency(old, merkle.root_of(LEAVES[:old]), new, merkle.root_of(LEAVES[:new]), proof)


@given(st.data(), st.integers(2, len(LEAVES)))
def test_a_consistency_proof_fits_nothing_else(data, new):
    """Another root on either side, or a proof cut, extended or changed: refused by the same error."""
    old = data.draw(st.integers(1, new - 1))
    step = data.draw(st.integers(0, 100))
    proof = merkle.consistency_proof(old, new, node_of(LEAVES))
    old_root, new_root = merkle.root_of(LEAVES[:old]), merkle.root_of(LEAVES[:new])
    changed = list(proof)
    changed[step % len(proof)] = b"x" * 32
    wrong = [
        (old, b"r" * 32, new, new_root, proof),
        (old, old_root, new, b"r" * 32, proof),
        (old, old_root, new, new_root, proof[1:]),
        (old, old_root, new, new_root, proof[:-1]),
        (old, old_root, new, new_root, []),
        (old, old_root, new, new_root, [*proof, b"x" * 32]),
        (old, old_root, new, new_root, changed),
        (old, old_root, old, new_root, proof),
        (new + 1, old_root, new, new_root, proof),
        (-1, old_root, new, new_root, proof),
    ]
    for attempt in wrong:
        with pytest.raises(ProofError):
            merkle.verify_consistency(*attempt)


@pytest.mark.parametrize(
    "case",
    [
        (0, b"r" * 32, 3, b"x" * 32, []),
        (0, merkle.EMPTY_ROOT, 3, b"x" * 32, [b"h" * 32]),
        (0, merkle.EMPTY_ROOT, 0, b"x" * 32, []),
        (0, b"x" * 32, 0, b"x" * 32, []),
        (3, b"x" * 32, 3, b"y" * 32, []),
        (3, b"x" * 32, 3, b"x" * 32, [b"h" * 32]),
        (2, b"x" * 32, 3, b"y" * 31, [b"h" * 32]),
        (1, b"x" * 32, 2**62, b"y" * 32, [b"h" * 32] * 200),
    ],
)
def test_trivial_consistency_is_not_a_way_around(case):
    """Empty and equal trees are compared, not waved through."""
    with pytest.raises(ProofError):
        merkle.verify_consistency(*case)


def test_a_proof_is_short():
    """At most one hash a level: a million entries, twenty hashes, and the store is asked for few nodes."""
    asked = []

    def node(level, index):
        asked.append((level, index))
        return b"n" * 32

    assert len(merkle.inclusion_proof(123_456, 1_000_000, node)) <= 20
    assert len(merkle.consistency_proof(123_456, 1_000_000, node)) <= 21
    assert len(asked) <= 100


def test_proofs_of_what_is_not_there_are_not_made():
    """Wrong uses raise ValueError."""
    for index, size in ((0, 0), (5, 5), (-1, 5)):
        with pytest.raises(ValueError, match="no such leaf"):
            merkle.inclusion_proof(index, size, node_of(LEAVES))
    for old, new in ((6, 5), (-1, 5)):
        with pytest.raises(ValueError, match="older"):
            merkle.consistency_proof(old, new, node_of(LEAVES))
