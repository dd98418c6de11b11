"""`Ledger` and `Log` over the sequencer and the readers of one face."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Engine

from app.domain.cosigners import Alarm, CosignerState
from app.domain.errors import ServiceError
from app.domain.ports import Committed, Unit
from app.store.database import Writer
from app.store.failures import told
from app.store.guard import Guard
from app.store.remains import let_go
from app.store.rows.cosigners import SqlCosignerRows
from app.store.rows.log import SqlLogRows
from app.store.sequencer import Sequencer, SqlRows
from app.store.standing import WHOLE, check
from app.store.tree import TileCache, Tree
from crypto.log.checkpoint import Checkpoint, Cosigner, LogSigner, sign_checkpoint
from crypto.log.leaf import LeafKind
from crypto.log.merkle import EMPTY_ROOT, HASH_SIZE, inclusion_proof, range_hash
from crypto.log.proof import LogProof
from crypto.log.tiles import encode_bundle
from crypto.log.totals import Month, Totals

T = TypeVar("T")

_SIGNED = 256
"""Checkpoints whose signature is kept: all that came in one batch lead to the same one."""
_COUNTED_AT_ONCE = 4096
_CHANGE = bytes([LeafKind.PORTAL_VERSION])
WRITE_SECONDS = 60.0
"""How long a request waits for its batch before it is told that the portal is busy."""


@dataclass(frozen=True)
class LogKeys:
    """What signs the log: Ed25519 at each receipt, ML-DSA-44 beside it on published checkpoints (law L10).

    Two of each while keys are changed, so that those who know only the ones before go on.
    """

    origin: str
    signers: tuple[LogSigner, ...]
    post_quantum: tuple[Cosigner, ...]


class SqlLedger:
    """The one way to change anything, for one face; nothing changes unless `standing` is whole."""

    def __init__(self, sequencer: Sequencer, readers: Engine, keys: LogKeys, guard: Guard, standing: str) -> None:
        self._sequencer = sequencer
        self._readers = readers
        self._keys = keys
        self._guard = guard
        self._standing = standing
        self._cache = TileCache()
        self._signed = lru_cache(maxsize=_SIGNED)(self._sign)

    def write(self, work: Callable[[Unit], T]) -> Committed[T]:
        """Run work in the next batch; when this returns it is durable."""
        if self._standing != WHOLE:
            raise ServiceError("read_only")
        waiting = self._sequencer.submit(work)
        try:
            return waiting.result(timeout=WRITE_SECONDS)
        except TimeoutError as error:
            waiting.cancel()
            raise ServiceError("storage_busy") from error

    @contextlib.contextmanager
    def view(self) -> Iterator[SqlRows]:
        """Give a consistent look at the rows."""
        with told(), self._readers.connect() as connection:
            yield SqlRows(connection)

    def let_go(self) -> None:
        """Leave no readable remains of deleted rows, as far as the engine can."""
        let_go(self._readers)

    def root_at(self, size: int) -> bytes | None:
        """Return the root at a size, from the entries; None if there are fewer."""
        with self.view() as view:
            if size > view.log.head().size:
                return None
            return range_hash(0, size, Tree(view.log, self._cache, size).node) if size else EMPTY_ROOT

    def receipt_proof(self, index: int, extra: bytes | None = None) -> str:
        """Return a tlog-proof for an entry to the checkpoint of the batch that brought it.

        1. Find the batch. 2. Compute its root and compare with what may be signed. 3. Prove, sign, write out.
        Signing the same checkpoint again gives the same bytes, so a repeated filing gets the same receipt.
        """
        with self.view() as view:
            size = view.log.batch_after(index)
            if size is None:
                raise LookupError("no such entry")
            tree = Tree(view.log, self._cache, size)
            root = range_hash(0, size, tree.node)
            if root != view.log.batch_root(size):
                raise ServiceError("read_only")
            self._guard_first(view.log, size, root)
            hashes = tuple(inclusion_proof(index, size, tree.node))
        return LogProof(index=index, hashes=hashes, extra=extra, checkpoint=self._signed(size, root)).to_text()

    def _sign(self, size: int, root: bytes) -> str:
        return sign_checkpoint(Checkpoint(self._keys.origin, size, root), self._keys.signers)

    def _guard_first(self, rows: SqlLogRows, size: int, root: bytes) -> None:
        """Let no signature out that this host's guard does not know: another host may have brought the batch."""
        guarded = self._guard.read()
        if guarded is None or guarded.size < size:
            if self._standing != WHOLE:
                raise ServiceError("read_only")  # the guard of a restored portal learns nothing from its backup
            check(guarded, rows.head(), rows)
            self._guard.raise_to(size, root)


class SqlPublishedLog:
    """`Log`: what publication ticks have let out, from rows, by any process."""

    FRESH_SECONDS = 1.0

    def __init__(self, readers: Engine, origin: str) -> None:
        self._readers = readers
        self._origin = origin
        self._cache = TileCache()
        self._lock = threading.Lock()
        self._known: tuple[float, int, str] | None = None
        self._counting = threading.Lock()
        self._totals = Totals()
        self._changes: list[int] = []
        self._counted = 0

    def checkpoint(self) -> str:
        """Return the newest published checkpoint, with the cosignatures that came in for it."""
        return self._newest()[1]

    def months(self) -> Sequence[Month]:
        """Return what was received and decided by month, counted from the published entries."""
        with self._counting:
            self._count(self.published_size())
            return self._totals.months()

    def changes(self) -> Sequence[int]:
        """Return the published entries that say that something else runs from then on."""
        with self._counting:
            self._count(self.published_size())
            return tuple(self._changes)

    def _count(self, size: int) -> None:
        """Go through what was published since the last time."""
        with told(), self._readers.connect() as connection:
            rows = SqlLogRows(connection)
            while self._counted < size:
                leaves = rows.leaves(self._counted, min(size, self._counted + _COUNTED_AT_ONCE))
                if not leaves:
                    break
                self._totals.add(leaves)
                self._changes += [self._counted + at for at, leaf in enumerate(leaves) if leaf[1:2] == _CHANGE]
                self._counted += len(leaves)

    def cosigners(self) -> Sequence[CosignerState]:
        """Return how things stand with each cosigner."""
        with told(), self._readers.connect() as connection:
            return SqlCosignerRows(connection, self._origin).states()

    def alarms(self) -> Sequence[Alarm]:
        """Return what cosigners refused as contradicting what they know, the newest first."""
        with told(), self._readers.connect() as connection:
            return SqlCosignerRows(connection, self._origin).alarms()

    def published_size(self) -> int:
        """Return how many entries are public."""
        return self._newest()[0]

    def tile(self, level: int, index: int, width: int) -> bytes | None:
        """Return a tile's hashes, None if a tick has not let out that much."""
        size = (index * 256 + width) << (8 * level)
        if not self._is_public(size):
            return None
        with told(), self._readers.connect() as connection:
            hashes = Tree(SqlLogRows(connection), self._cache, size).tile(level, index, width)
        return hashes if len(hashes) == width * HASH_SIZE else None

    def bundle(self, index: int, width: int) -> bytes | None:
        """Return an entry bundle, None if a tick has not let out that much."""
        start = index * 256
        if not self._is_public(start + width):
            return None
        with told(), self._readers.connect() as connection:
            leaves = SqlLogRows(connection).leaves(start, start + width)
        return encode_bundle(leaves) if len(leaves) == width else None

    def _is_public(self, size: int) -> bool:
        """Tell whether so many entries are out; another worker may have served a newer checkpoint than we know."""
        return size <= self._newest()[0] or size <= self._newest(fresh=True)[0]

    def _newest(self, *, fresh: bool = False) -> tuple[int, str]:
        with self._lock:
            known = None if fresh else self._known
        if known is not None and time.monotonic() - known[0] < self.FRESH_SECONDS:
            return known[1], known[2]
        with told(), self._readers.connect() as connection:
            row = SqlLogRows(connection).publication()
            states = SqlCosignerRows(connection, self._origin).states()
        if row is None:
            raise ServiceError("storage_busy")
        checkpoint = row.checkpoint + "".join(state.lines for state in states if state.size == row.size)
        with self._lock:
            self._known = (time.monotonic(), row.size, checkpoint)
        return row.size, checkpoint


@dataclass(frozen=True)
class Publishing:
    """What publication works with; `tick` in seconds."""

    writer: Writer
    guard: Guard
    keys: LogKeys
    tick: int
    clock: Callable[[], int]


def publish(parts: Publishing, *, now_and_here: bool = False) -> int | None:
    """Let out what the log holds, once per tick in whatever process comes first; return the new size, if any.

    `now_and_here`: without waiting for the next tick, as a new log does.

    1. take the sequencer's turn; 2. leave if this tick's checkpoint is out or nothing was added; 3. refuse to sign
    beside the guard, and raise it to what other hosts added; 4. sign with both keys; 5. store. Raises ServiceError.
    """
    now = parts.clock()
    tick = now - now % parts.tick
    with told(), parts.writer.turn() as connection:
        rows = SqlLogRows(connection)
        newest, head = rows.publication(), rows.head()
        if newest is not None and (newest.tick >= tick or newest.size >= head.size):
            if not now_and_here:
                return None
            tick = max(tick, newest.tick + 1)
        check(parts.guard.read(), head, rows)
        parts.guard.raise_to(head.size, head.edge.root())
        checkpoint = Checkpoint(parts.keys.origin, head.size, head.edge.root())
        signed = sign_checkpoint(checkpoint, parts.keys.signers, parts.keys.post_quantum, now)
        rows.add_publication(tick, head.size, signed)
        return head.size
