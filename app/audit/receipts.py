"""Receipts against the log: whoever holds one can say what the log must contain, and where.

The procedure for each receipt
  1. Its checkpoint must carry the log's signature; a receipt of another log, or a damaged one, says nothing.
  2. It must prove its leaf: the one that it carries, else the one that stands at its index.
  3. The entry at its index must be that leaf; one that moved tells a deleted or an inserted row before it.
  4. The log's root at the receipt's size must be the receipt's; if not, the hashes of the proof name the part of the
     log that changed.
  5. An entry newer than the last publication tick is *pending*; once a whole tick more is over, it is missing.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.audit.finding import CannotCheckError, Code, Obstacle, Remark, Report
from app.audit.tree import Tree
from crypto.errors import CryptoError, LogError, NoteError, ProofError, UnknownSignerError
from crypto.log.checkpoint import Checkpoint, LogVerifier, verify_checkpoint
from crypto.log.leaf import Leaf
from crypto.log.merkle import HASH_SIZE, joined_root, leaf_hash, verify_inclusion
from crypto.log.proof import MAX_PROOF_SIZE, LogProof
from crypto.note import strict_base64

DEFAULT_TICK = 3600
"""Seconds between publications where the portal cannot be asked."""
_GRACE = 2  # seconds: clocks differ, and publishing takes a moment
_MAX_RECEIPTS = 100_000


@dataclass(frozen=True)
class Receipt:
    """A proof file: where it is, what it says, and the leaf that it carries, if any."""

    file: str
    proof: LogProof
    leaf: bytes | None


def load_receipt(path: Path) -> Receipt:
    """Read a proof file; raises ``CannotCheckError`` when it is none."""
    try:
        with path.open("rb") as file:
            proof = LogProof.parse(file.read(MAX_PROOF_SIZE + 1).decode())
    except (OSError, ValueError, ProofError) as error:
        raise CannotCheckError(Obstacle.BAD_RECEIPT, file=str(path)) from error
    return Receipt(str(path), proof, _carried_leaf(proof.extra))


def _carried_leaf(extra: bytes | None) -> bytes | None:
    try:
        leaf = json.loads(extra or b"{}").get("leaf")
        return strict_base64(leaf) if isinstance(leaf, str) else None
    except (ValueError, AttributeError, RecursionError):
        return None


def load_folder(folder: Path, report: Report) -> list[Receipt]:
    """Read all ``*.tlog-proof`` in a folder and below; a damaged one becomes an obstacle and spoils no other.

    Raises:
        CannotCheckError: there is none.
    """
    found = []
    for path in sorted(folder.rglob("*.tlog-proof"))[:_MAX_RECEIPTS]:
        try:
            found.append(load_receipt(path))
        except CannotCheckError as error:
            report.obstacle(error.obstacle, **error.where)
    if not found and not report.obstacles:
        raise CannotCheckError(Obstacle.NO_RECEIPTS, file=str(folder))
    return found


class ReceiptCheck:
    """Compares receipts with one log."""

    def __init__(
        self,
        tree: Tree,
        origin: str,
        verifiers: Sequence[LogVerifier],
        *,
        now: int,
        tick: int,
        report: Report,
        kept: int | None = None,
    ) -> None:
        """``now`` in Unix seconds; ``tick`` in seconds between publications, 0 when not known.

        ``kept``: the receipts are of a former log, of which so many entries stand at the beginning of this one.
        """
        self._tree = tree
        self._origin = origin
        self._verifiers = verifiers
        self._now = now
        self._tick = tick or DEFAULT_TICK
        self._report = report
        self._kept = kept
        self._roots: dict[int, bytes] = {}

    def check(self, receipt: Receipt) -> None:
        """Check one receipt (1. to 5.)."""
        # 1.
        checkpoint = self._checkpoint(receipt)
        if checkpoint is None:
            return
        self._check_fork(checkpoint, receipt)
        if self._kept is not None and receipt.proof.index >= self._kept:
            self._report.findings.add(Code.LOST, index=receipt.proof.index, file=receipt.file)
            return
        # 2.
        leaf = self._leaf(receipt, checkpoint)
        if leaf is None:
            return
        self._report.receipts += 1
        if receipt.proof.index >= self._tree.size:
            # 5.
            self._check_pending(receipt)
        elif not self._tree.known(receipt.proof.index, receipt.proof.index + 1):
            self._report.findings.add(Code.WITHHELD, index=receipt.proof.index)
        elif not self._check_place(receipt, leaf, checkpoint):
            # 4.
            self._check_root(receipt, checkpoint)

    def _checkpoint(self, receipt: Receipt) -> Checkpoint | None:
        try:
            return verify_checkpoint(receipt.proof.checkpoint, self._origin, self._verifiers)
        except UnknownSignerError:
            self._tell_stranger(receipt)
        except (NoteError, LogError):
            self._report.obstacle(Obstacle.BAD_RECEIPT, file=receipt.file)
        return None

    def _tell_stranger(self, receipt: Receipt) -> None:
        """Tell whether an unknown key signed for this log, or the receipt is simply of another one."""
        try:
            origin = Checkpoint.of_note(receipt.proof.checkpoint).origin
        except LogError:
            self._report.obstacle(Obstacle.BAD_RECEIPT, file=receipt.file)
            return
        if origin == self._origin:
            self._report.findings.add(Code.KEY_CHANGED, file=receipt.file)
        else:
            self._report.remark(Remark.OTHER_LOG, file=receipt.file)

    def _leaf(self, receipt: Receipt, checkpoint: Checkpoint) -> bytes | None:
        """Return the leaf hash that the receipt proves, None when it proves none."""
        index = receipt.proof.index
        if receipt.leaf is not None:
            if self._proves(leaf_hash(receipt.leaf), receipt, checkpoint):
                return leaf_hash(receipt.leaf)
            self._report.obstacle(Obstacle.BAD_RECEIPT, file=receipt.file)
            return None
        if index >= self._tree.size:
            self._report.remark(Remark.PENDING_RECEIPT, file=receipt.file, index=index)
            return None
        if self._proves(self._tree.leaf(index), receipt, checkpoint):
            return self._tree.leaf(index)
        known = self._tree.known(index, index + 1)
        self._report.findings.add(Code.ENTRY_ALTERED if known else Code.WITHHELD, index=index)
        return None

    def _proves(self, leaf: bytes, receipt: Receipt, checkpoint: Checkpoint) -> bool:
        proof = receipt.proof
        try:
            verify_inclusion(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
        except ProofError:
            return False
        return True

    def _check_fork(self, checkpoint: Checkpoint, receipt: Receipt) -> None:
        """Two signed roots for one size are a fork, whoever holds them and whether or not the log got there."""
        if self._roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
            self._report.findings.add(Code.FORK, size=checkpoint.size, file=receipt.file)

    def _check_place(self, receipt: Receipt, leaf: bytes, checkpoint: Checkpoint) -> bool:
        """Tell what stands in the receipt's place (3.); return whether something was told."""
        index = receipt.proof.index
        if self._tree.leaf(index) == leaf:
            return False
        place = self._tree.find(leaf)
        add = self._report.findings.add
        if place is None:
            code = Code.ROW_DELETED if self._neighbour_moved(receipt, leaf, checkpoint) else Code.ENTRY_ALTERED
            add(code, index=index)
        elif self._is_swap(receipt, checkpoint, place):
            add(Code.ROWS_SWAPPED, index=min(index, place), other=max(index, place))
        else:
            before = [start for start, end in self._changed(receipt, checkpoint) if end <= index]
            first, last = min(before, default=0), max(index - 1, 0)
            add(Code.ROW_DELETED if place < index else Code.ROW_INSERTED, first=first, last=last, other=place)
        return True

    def _is_swap(self, receipt: Receipt, checkpoint: Checkpoint, place: int) -> bool:
        """Say whether putting the two rows back gives the one hash of the proof that does not fit now."""
        index = receipt.proof.index
        changed = self._changed(receipt, checkpoint)
        nodes = dict(_nodes(index, checkpoint.size, receipt.proof.hashes))
        if len(changed) != 1 or not changed[0][0] <= place < changed[0][1]:
            return False
        start, end = changed[0]
        leaves = bytearray(self._tree.leaves[start * HASH_SIZE : end * HASH_SIZE])
        at = (place - start) * HASH_SIZE
        leaves[at : at + HASH_SIZE] = self._tree.leaf(index)
        return joined_root(bytes(leaves)) == nodes[start, end]

    def _neighbour_moved(self, receipt: Receipt, leaf: bytes, checkpoint: Checkpoint) -> bool:
        """Say whether the row behind the receipt's now stands in its place, which tells that it was taken out."""
        index = receipt.proof.index
        nodes = dict(_nodes(index, checkpoint.size, receipt.proof.hashes))
        behind = nodes.get((index + 1, index + 2))
        return behind is not None and behind != leaf and self._tree.leaf(index) == behind

    def _check_root(self, receipt: Receipt, checkpoint: Checkpoint) -> None:
        if self._kept is not None and checkpoint.size > self._kept:
            return  # its root covers entries that were lost, which is told elsewhere
        if checkpoint.size <= self._tree.size and self._tree.root_at(checkpoint.size) == checkpoint.root:
            return
        changed = self._changed(receipt, checkpoint)
        if changed:
            start, end = min(changed, key=lambda span: span[1] - span[0])
            place = {"index": start} if end - start == 1 else {"first": start, "last": end - 1}
            self._report.findings.add(Code.ENTRY_ALTERED, **place)

    def _changed(self, receipt: Receipt, checkpoint: Checkpoint) -> list[tuple[int, int]]:
        """Return the ranges of the receipt's proof whose hashes differ from the log's (4.), as far as it reaches."""
        nodes = _nodes(receipt.proof.index, checkpoint.size, receipt.proof.hashes)
        return [
            (start, end)
            for (start, end), known in nodes
            if end <= self._tree.size and self._tree.known(start, end) and self._tree.range_hash(start, end) != known
        ]

    def _check_pending(self, receipt: Receipt) -> None:
        index = receipt.proof.index
        try:
            time = Leaf.from_bytes(receipt.leaf or b"").time
        except CryptoError:
            time = 0
        if self._now >= time + 2 * self._tick + _GRACE:
            self._report.findings.add(Code.RECEIPT_MISSING, index=index, file=receipt.file)
        else:
            self._report.remark(Remark.PENDING_RECEIPT, index=index, file=receipt.file)


def _nodes(index: int, size: int, hashes: Sequence[bytes]) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Yield the leaves that each hash of an inclusion proof covers, root to leaf (RFC 6962, 2.1.1)."""
    start, end = 0, size
    for known in reversed(hashes):
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < middle:
            yield (middle, end), known
            end = middle
        else:
            yield (start, middle), known
            start = middle
