"""Why an entry is in the log, step by step: what it is joined with on its way up to the root."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.audit.source import Source
from app.audit.view import LogView
from crypto.log.checkpoint import Checkpoint
from crypto.log.merkle import inclusion_proof


@dataclass(frozen=True)
class Step:
    """One step up: the hash over the entries `first` to `last` is joined on the `left` or on the right."""

    first: int
    last: int
    left: bool
    hash: bytes


def way_up(source: Source, checkpoint: Checkpoint, index: int) -> list[Step]:
    """Return the steps from an entry to the root, for an index below the size.

    Raises:
        TileError, WithheldError: the tiles do not reach so far.
    """
    view = LogView(source, checkpoint)
    hashes = inclusion_proof(index, checkpoint.size, view.node)
    return [
        Step(first, last, left, each)
        for (first, last, left), each in zip(_way(index, checkpoint.size), hashes, strict=True)
    ]


def _way(index: int, size: int) -> list[tuple[int, int, bool]]:
    """Return the siblings from the leaf up: which entries each of them covers, and on which side it stands."""
    return list(_down(index, 0, size))[::-1]


def _down(index: int, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    while end - start > 1:
        half = 1 << ((end - start - 1).bit_length() - 1)
        if index < start + half:
            yield start + half, end - 1, False
            end = start + half
        else:
            yield start, start + half - 1, True
            start += half
