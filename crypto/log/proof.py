"""Receipts and history lines: a proof that an entry is in the log, checked without asking anyone.

Source: c2sp.org/tlog-proof@v1; FORMAT.md, section "Notes and the log".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from crypto.errors import ProofError
from crypto.log.checkpoint import Checkpoint, verify_checkpoint
from crypto.log.merkle import HASH_SIZE, MAX_SIZE, leaf_hash, verify_inclusion
from crypto.note import Verifier, strict_base64

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_SIZE = 1024 * 1024
"""Characters of one proof; a receipt at a million entries has about three thousand."""
MAX_HASHES = 63

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)
_EXTRA = "extra "


@dataclass(frozen=True)
class LogProof:
    """An entry's index, its inclusion proof leaf to root, extra data **not covered by the proof**, a checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    extra: bytes | None
    checkpoint: str

    def to_text(self) -> str:
        """Return the proof as text, to be kept in a file ``*.tlog-proof``."""
        extra = [] if self.extra is None else [_EXTRA + base64.b64encode(self.extra).decode()]
        hashes = [base64.b64encode(item).decode() for item in self.hashes]
        return "\n".join([HEADER, *extra, f"index {self.index}", *hashes, "", self.checkpoint])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a proof, **unverified**; raises ``ProofError``."""
        head, separator, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if len(text) > MAX_PROOF_SIZE or not separator or lines.pop(0) != HEADER:
            raise ProofError("not a proof of a known version")
        extra = _decode(lines.pop(0).removeprefix(_EXTRA)) if lines and lines[0].startswith(_EXTRA) else None
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if index is None or int(index[1]) > MAX_SIZE or len(lines) > MAX_HASHES:
            raise ProofError("a proof has an index and at most one hash a level")
        hashes = tuple(_decode(line) for line in lines)
        if any(len(item) != HASH_SIZE for item in hashes):
            raise ProofError("a proof is made of 32-byte hashes")
        return cls(int(index[1]), hashes, extra, checkpoint)

    def verify(self, entry: bytes, origin: str, verifiers: Iterable[Verifier]) -> Checkpoint:
        """Return the checkpoint under which ``entry`` is in the log ``origin``, after both were checked.

        Raises:
            NoteError, CheckpointError: the checkpoint is not the log's.
            ProofError: the entry is not at this index of that tree.
        """
        checkpoint = verify_checkpoint(self.checkpoint, origin, verifiers)
        verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint


def _decode(text: str) -> bytes:
    try:
        return strict_base64(text)
    except ValueError as error:
        raise ProofError("malformed base64 in a proof") from error
