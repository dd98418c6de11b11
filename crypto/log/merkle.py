"""The RFC 6962 tree: hashes, a compact range that grows, proofs, and their verification.

Nodes are addressed by (level, index): the complete subtree over the leaves ``index·2^level … (index+1)·2^level − 1``.
A store keeps those hashes; everything else follows from them.

Rules of trust
  1. ``leaf = SHA256(00 ‖ entry)``, ``node = SHA256(01 ‖ left ‖ right)``: a leaf can never be shown as a node.
  2. A proof is verified by the iterative algorithms of RFC 9162, which share no code with the recursive generation,
     so that one mistake cannot hide in both.
  3. Sizes and indexes come from signed text or from the verifier, never from the proof.

Worked example, three leaves a, b, c: the root is ``node(node(a, b), c)``; the inclusion proof of b is ``[a, c]``; the
compact range holds ``[node(a, b), c]``.

Source: RFC 6962 section 2.1, RFC 9162 sections 2.1.3.2 and 2.1.4.2; FORMAT.md, section "Notes and the log".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Self

from crypto.digest import equal
from crypto.errors import ProofError

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves."""
MAX_SIZE = 2**63 - 1
"""Entries of one log; more than this no size field of the formats can say."""

Node = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree at (level, index)."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte hash of an entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of two neighbouring subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, or over roots of complete subtrees of one height."""
    return joined_root(b"".join(leaf_hashes))


def parents(hashes: bytes) -> bytes:
    """Return the hashes above whole pairs of neighbours that stand one behind the other; an odd last one has none."""
    sha256 = hashlib.sha256
    whole = len(hashes) - len(hashes) % (2 * HASH_SIZE)
    return b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, whole, 64)])


def joined_root(hashes: bytes) -> bytes:
    """Return the root over hashes that stand one behind the other: a tile's own form, and the audit's inner loop."""
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > HASH_SIZE:
        odd = len(hashes) % (2 * HASH_SIZE)
        hashes = parents(hashes) + hashes[len(hashes) - odd :]
    return hashes


class CompactRange:
    """The right edge of a growing tree: at most 64 hashes from which its root and its next leaves follow.

    ``hashes`` are the complete subtrees of the binary digits of ``size``, largest first.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Raises ``ValueError`` unless there is one 32-byte hash for each binary digit 1 of ``size``."""
        if not 0 <= size <= MAX_SIZE or len(hashes) != size.bit_count() or any(len(h) != HASH_SIZE for h in hashes):
            raise ValueError("the hashes do not fit the size")
        self._size = size
        self._hashes = list(hashes)

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The subtree hashes, largest first."""
        return tuple(self._hashes)

    def copy(self) -> CompactRange:
        """Return an independent range, to append to and to throw away when the transaction fails."""
        return CompactRange(self._size, self._hashes)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; return what became complete, the leaf first, as (level, index, hash)."""
        completed = [(0, self._size, leaf)]
        level, index, current = 0, self._size, leaf
        while index & 1:
            current = node_hash(self._hashes.pop(), current)
            level, index = level + 1, index >> 1
            completed.append((level, index, current))
        self._hashes.append(current)
        self._size += 1
        return completed

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        if not self._hashes:
            return EMPTY_ROOT
        current = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            current = node_hash(left, current)
        return current

    def to_bytes(self) -> bytes:
        """Return the size in eight bytes, most significant first, and the hashes."""
        return self._size.to_bytes(8, "big") + b"".join(self._hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what :meth:`to_bytes` wrote; raises ``ValueError`` for anything else."""
        body = data[8:]
        if len(data) < 8 or len(body) % HASH_SIZE:
            raise ValueError("not a compact range")
        hashes = [body[at : at + HASH_SIZE] for at in range(0, len(body), HASH_SIZE)]
        return cls(int.from_bytes(data[:8], "big"), hashes)


def _split(size: int) -> int:
    """Return the largest power of two below ``size`` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def range_hash(start: int, end: int, node: Node) -> bytes:
    """Return the hash over leaves ``start … end − 1``, a node of the RFC's tree, from complete subtrees."""
    width = end - start
    if width & (width - 1) == 0:
        return node(width.bit_length() - 1, start // width)
    middle = start + _split(width)
    return node_hash(range_hash(start, middle, node), range_hash(middle, end, node))


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the hashes, leaf to root, that prove the leaf at ``index`` in the tree of ``size`` (RFC 6962, 2.1.1).

    Raises:
        ValueError: ``index`` is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Return the hashes that prove the tree of ``old`` leaves to be a prefix of that of ``new`` (RFC 6962, 2.1.2).

    Empty when ``old`` is 0 or ``new``. Raises ``ValueError`` when ``old`` is larger than ``new``.
    """
    if not 0 <= old <= new:
        raise ValueError("the older tree is not the smaller one")
    if old in (0, new):
        return []
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    if start:
        path.append(range_hash(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ``ProofError`` unless ``proof`` shows the leaf hash at ``index`` of the tree (RFC 9162, 2.1.3.2)."""
    _check_hashes([leaf, root, *proof])
    # 1. and 2.
    if not 0 <= index < size:
        raise ProofError("the index is not in the tree")
    fn, sn = index, size - 1
    # 3.
    current = leaf
    # 4.
    for step in proof:
        if sn == 0:
            raise ProofError("the inclusion proof is too long")
        if fn & 1 or fn == sn:
            current = node_hash(step, current)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            current = node_hash(current, step)
        fn, sn = fn >> 1, sn >> 1
    # 5.
    if sn != 0 or not equal(current, root):
        raise ProofError("the inclusion proof does not lead to the root")


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ``ProofError`` unless ``proof`` shows the older tree to be a prefix of the newer (RFC 9162, 2.1.4.2).

    Every tree is consistent with itself and with the empty one, by an empty proof.
    """
    _check_hashes([old_root, new_root, *proof])
    if not 0 <= old_size <= new_size:
        raise ProofError("the older tree is larger than the newer")
    if old_size in (0, new_size):
        expected = new_root if old_size == new_size else EMPTY_ROOT
        if proof or not equal(old_root, expected) or (new_size == 0 and not equal(new_root, EMPTY_ROOT)):
            raise ProofError("the roots differ, or the proof is not empty")
        return
    old, new = _walk_consistency(old_size, old_root, new_size, proof)
    if not equal(old, old_root) or not equal(new, new_root):
        raise ProofError("the consistency proof does not lead to both roots")


def _walk_consistency(old_size: int, old_root: bytes, new_size: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    # 1. and 2.
    if not proof:
        raise ProofError("the consistency proof is empty")
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    # 3. and 4.
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    # 5.
    fr = sr = path[0]
    # 6.
    for step in path[1:]:
        if sn == 0:
            raise ProofError("the consistency proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(step, fr), node_hash(step, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, step)
        fn, sn = fn >> 1, sn >> 1
    # 7.
    if sn != 0:
        raise ProofError("the consistency proof is too short")
    return fr, sr


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if len(hashes) > 2 + 2 * 64 or any(len(item) != HASH_SIZE for item in hashes):
        raise ProofError("a proof is made of 32-byte hashes")
