"""The sequencer: one batch of waiting work, one transaction, one guard write, one history (laws L4, L5, L7).

Any process on any host may sequence; the database hands out turns, one at a time. Life of a batch:
    1. wait for the turn, take what waits by then, read the head from the database (never from memory);
    2. compare the head with the guard: behind it, or beside it, the portal is read-only from here on;
    3. run each piece of work in a savepoint; what raises leaves nothing and hears why, and so does what would make an
       entry of a case that was destroyed meanwhile, whose keys are gone;
    4. make the new data keys durable in the vault's store;
    5. give the entries their index, time, tag and commitment, and grow the tree;
    6. commit, which ends the turn;
    7. make the guard durable;
    8. only now answer: everything that leaves afterwards may be signed.
A crash between 6 and 7 leaves the guard behind the database, which is safe and mended by the next batch.
"""

import itertools
import json
import queue
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.domain.entities import CaseId
from app.domain.errors import AccessError, ServiceError
from app.domain.moments import rfc3339
from app.domain.ports import Committed, EntryDraft, LoggedEntry, Unit
from app.store.database import Writer
from app.store.failures import harms_only_itself, translated
from app.store.guard import Guard
from app.store.prepared import run_words
from app.store.rows.assisted import SqlAssistedRows
from app.store.rows.cases import SqlCaseRows
from app.store.rows.claims import SqlClaimRows
from app.store.rows.cosigners import SqlCosignerRows
from app.store.rows.desk import SqlDeskRows
from app.store.rows.devices import SqlDeviceRows
from app.store.rows.events import SqlEventRows
from app.store.rows.holders import SqlHolderRows
from app.store.rows.log import Head, SqlLogRows
from app.store.rows.messages import SqlMessageRows
from app.store.rows.notices import SqlNoticeRows
from app.store.rows.parts import SqlPartRows
from app.store.rows.released import SqlReleasedRows
from app.store.rows.retention import SqlRetentionRows
from app.store.rows.staff import SqlStaffRows
from app.store.standing import check
from app.store.tree import read_tile
from app.store.vault import StoreVault
from crypto.log import commitments
from crypto.log.leaf import Leaf
from crypto.log.merkle import joined_root, leaf_hash
from crypto.secret import Random, SecretBytes

BATCH = 256
"""Pieces of work in one transaction at most: bounds what a crash repeats and how long one waits."""


class SqlRows:
    """All repositories on one connection: a `View`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def connection(self) -> Connection:
        """The connection that the repositories work on."""
        return self._connection

    @cached_property
    def cases(self) -> SqlCaseRows:
        """Cases, manifests, records, cards."""
        return SqlCaseRows(self.connection)

    @cached_property
    def events(self) -> SqlEventRows:
        """Events of the procedure."""
        return SqlEventRows(self.connection)

    @cached_property
    def messages(self) -> SqlMessageRows:
        """Messages to petitioners."""
        return SqlMessageRows(self.connection)

    @cached_property
    def notices(self) -> SqlNoticeRows:
        """Addresses for notices, and what is due."""
        return SqlNoticeRows(self.connection)

    @cached_property
    def parts(self) -> SqlPartRows:
        """Sealed parts and uploads."""
        return SqlPartRows(self.connection)

    @cached_property
    def staff(self) -> SqlStaffRows:
        """Staff accounts."""
        return SqlStaffRows(self.connection)

    @cached_property
    def desk(self) -> SqlDeskRows:
        """Who has which case, hand-overs, notes, saved views."""
        return SqlDeskRows(self.connection)

    def alarms(self, origin: str) -> SqlCosignerRows:
        """What contradicts a log, as told by cosigners and holders."""
        return SqlCosignerRows(self.connection, origin)

    @cached_property
    def devices(self) -> SqlDeviceRows:
        """Readers' devices."""
        return SqlDeviceRows(self.connection)

    @cached_property
    def holders(self) -> SqlHolderRows:
        """Holders' sessions."""
        return SqlHolderRows(self.connection)

    @cached_property
    def assisted(self) -> SqlAssistedRows:
        """Filings by assisted intake."""
        return SqlAssistedRows(self.connection)

    @cached_property
    def released(self) -> SqlReleasedRows:
        """Public versions that petitioners gave out."""
        return SqlReleasedRows(self.connection)

    @cached_property
    def retention(self) -> SqlRetentionRows:
        """What is to be destroyed, and what was."""
        return SqlRetentionRows(self.connection)

    @cached_property
    def claims(self) -> SqlClaimRows:
        """Rows for auditors to compare with the log."""
        return SqlClaimRows(self.connection)

    @cached_property
    def log(self) -> SqlLogRows:
        """The log, to read."""
        return SqlLogRows(self.connection)


class SqlUnit(SqlRows):
    """One piece of work's share of a batch: a `Unit`. Its savepoint begins when it first touches a row."""

    def __init__(self, connection: Connection, first_index: int) -> None:
        super().__init__(connection)
        self._first_index = first_index
        self._saved = False
        self.drafts: list[EntryDraft] = []
        self.keys: dict[str, bytes] = {}

    @cached_property
    def connection(self) -> Connection:
        """The batch's connection, inside this unit's savepoint."""
        self._savepoint("SAVEPOINT unit")
        self._saved = True
        return self._connection

    def check_cases(self, known: set[CaseId]) -> None:
        """Check that every case with an entry is there, and add it to `known`: without its keys the batch would fail.

        Raises AccessError: case_unknown, for one that was destroyed while this work waited.
        """
        wanted = {draft.case for draft in self.drafts if draft.case is not None} - known
        if not all(map(SqlCaseRows(self._connection).is_there, wanted)):
            raise AccessError("case_unknown")
        known |= wanted

    def keep(self) -> None:
        """Let the rows stand."""
        if self._saved:
            self._savepoint("RELEASE SAVEPOINT unit")

    def undo(self) -> None:
        """Take the rows back."""
        if self._saved:
            self._savepoint("ROLLBACK TO SAVEPOINT unit")
            self._savepoint("RELEASE SAVEPOINT unit")

    def _savepoint(self, words: str) -> None:
        """Run a statement of both engines; SQLAlchemy would compose its own anew each time, at the cost of five."""
        run_words(self._connection, words)

    def append(self, draft: EntryDraft) -> int:
        """Queue an entry and return the index it will have if the transaction commits."""
        self.drafts.append(draft)
        return self._first_index + len(self.drafts) - 1

    def keep_keys(self, wrapped: Mapping[str, bytes]) -> None:
        """Have wrapped keys made durable before the commit."""
        self.keys.update(wrapped)


@dataclass
class _Waiting:
    work: Callable[[Unit], Any]
    future: "Future[Committed[Any]]"
    value: Any = None
    drafts: tuple[EntryDraft, ...] = ()


@dataclass(frozen=True)
class Sequencing:
    """What a sequencer works with; `tick` in seconds."""

    writer: Writer
    vault: StoreVault
    guard: Guard
    tick: int
    clock: Callable[[], int]
    random: Random


class Sequencer:
    """A thread that turns waiting work into batches."""

    def __init__(self, parts: Sequencing) -> None:
        self._parts = parts
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closed = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Unit], Any]) -> "Future[Committed[Any]]":
        """Queue work; the future is done when it is durable, or says why it is not."""
        if self._closed:
            raise ServiceError("storage_busy")
        waiting = _Waiting(work, Future())
        self._waiting.put(waiting)
        return waiting.future

    def close(self) -> None:
        """Finish what waits and stop."""
        self._closed = True
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping and (first := self._waiting.get()) is not None:
            self._process([first])

    def _process(self, batch: list[_Waiting]) -> None:
        try:
            results = self._transact(batch)
        except Exception as error:  # noqa: BLE001 - whatever it was, each waiting caller must hear it
            self._fill(batch)  # who came meanwhile need not wait for the same failure
            for waiting in batch:
                if not waiting.future.done():
                    waiting.future.set_exception(translated(error))
            return
        for waiting, committed in results:
            waiting.future.set_result(committed)

    def _transact(self, batch: list[_Waiting]) -> list[tuple[_Waiting, Committed[Any]]]:
        with self._parts.writer.turn() as connection:
            self._fill(batch)
            rows = SqlLogRows(connection)
            head = rows.head()
            check(self._parts.guard.read(), head, rows)
            done, keys = self._run_works(connection, batch, head.size)
            if keys:
                self._parts.vault.keep(keys)
            drafts = [draft for waiting in done for draft in waiting.drafts]
            entries, new_head = self._append(connection, head, drafts, keys)
        if entries:
            self._parts.guard.raise_to(new_head.size, new_head.edge.root())
        return _share_out(done, entries)

    def _fill(self, batch: list[_Waiting]) -> None:
        """Add what came while the turn was waited for."""
        while len(batch) < BATCH and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                self._stopping = True
                return
            batch.append(following)

    @staticmethod
    def _run_works(connection: Connection, batch: list[_Waiting], size: int) -> tuple[list[_Waiting], dict[str, bytes]]:
        done: list[_Waiting] = []
        keys: dict[str, bytes] = {}
        known: set[CaseId] = set()
        for waiting in batch:
            if not waiting.future.set_running_or_notify_cancel():
                continue  # the caller was told that nothing is stored
            unit = SqlUnit(connection, size)
            try:
                waiting.value = waiting.work(unit)
                unit.check_cases(known)
            except Exception as error:  # the work's own refusal goes back to whoever asked
                if isinstance(error, DBAPIError) and not harms_only_itself(error):
                    raise
                unit.undo()
                waiting.future.set_exception(translated(error))
                continue
            unit.keep()
            size += len(unit.drafts)
            waiting.drafts = tuple(unit.drafts)
            keys.update(unit.keys)
            done.append(waiting)
        return done, keys

    def _append(
        self, connection: Connection, head: Head, drafts: list[EntryDraft], kept: Mapping[str, bytes]
    ) -> tuple[list[LoggedEntry], Head]:
        if not drafts:
            return [], head
        now = self._parts.clock()
        coarse = max(now - now % self._parts.tick, head.last_time)
        rows, edge = SqlLogRows(connection), head.edge.copy()
        maker = _EntryMaker(self._parts, SqlCaseRows(connection), drafts, (now, coarse), kept)
        entries, openings = [], []
        for offset, draft in enumerate(drafts):
            entry, sealed = maker.make(draft, head.size + offset)
            entries.append(entry)
            openings.append({"idx": entry.index, "case_id": draft.case or "", "sealed": sealed})
        rows.add_entries({entry.index: entry.leaf for entry in entries})
        rows.add_openings(openings)
        for entry in entries:
            self._complete_tiles(rows, edge.append(leaf_hash(entry.leaf)))
        new_head = Head(edge, coarse)
        rows.set_head(new_head)
        rows.add_batch(new_head.size, edge.root())
        return entries, new_head

    @staticmethod
    def _complete_tiles(rows: SqlLogRows, completed: list[tuple[int, int, bytes]]) -> None:
        """Store each tile whose last hash just became known: its level is a multiple of eight, above the leaves."""
        for level, index, root in completed:
            if level == 0 or level % 8:
                continue
            hashes = read_tile(rows, level // 8 - 1, index)
            if joined_root(hashes) != root:
                raise ServiceError("read_only")  # rows below the edge were changed behind our back
            rows.add_tile(level // 8 - 1, index, root, hashes)


class _EntryMaker:
    """Turns the drafts of one batch into leaves and encrypted openings; times in unix seconds."""

    def __init__(
        self,
        parts: Sequencing,
        cases: SqlCaseRows,
        drafts: Sequence[EntryDraft],
        times: tuple[int, int],
        kept: Mapping[str, bytes],
    ) -> None:
        """Take counters and keys for all of them; `times` is now and the leaves' own, `kept` the batch's new keys."""
        self._parts = parts
        now, self._coarse = times
        self._time = rfc3339(now)
        wanted = Counter(draft.case for draft in drafts if draft.case is not None)
        self._keys = parts.vault.log_keys(wanted, kept)
        first = cases.take_counters(wanted) if wanted else {}
        self._counters = {case: itertools.count(number) for case, number in first.items()}

    def make(self, draft: EntryDraft, index: int) -> tuple[LoggedEntry, bytes]:
        """Return the entry for an index and its opening under the case's data key."""
        entry_key, fields = SecretBytes(self._parts.random(32)), draft.fields(self._time)
        data_key, tag = None, self._parts.random(32)
        if draft.case is not None:
            keys = self._keys[draft.case]
            data_key, tag = keys.data_key, commitments.case_tag(keys.log_key, next(self._counters[draft.case]))
        leaf = Leaf(
            kind=draft.open_kind,
            time=self._coarse,
            case_tag=tag,
            subject_tag=draft.subject or self._parts.random(32),
            commitment=commitments.commit(entry_key, fields),
        ).to_bytes()
        signed = {"request": draft.request} if draft.request else {}
        body = json.dumps({"key": entry_key.reveal().hex(), "fields": fields, **signed}).encode()
        sealed = self._parts.vault.seal_opening(index, draft.case or "", body, data_key)
        return LoggedEntry(index, leaf, entry_key, fields), sealed


def _share_out(done: list[_Waiting], entries: list[LoggedEntry]) -> list[tuple[_Waiting, Committed[Any]]]:
    results, start = [], 0
    for waiting in done:
        end = start + len(waiting.drafts)
        results.append((waiting, Committed(waiting.value, tuple(entries[start:end]))))
        start = end
    return results
