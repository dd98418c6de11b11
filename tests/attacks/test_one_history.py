"""Laws L5 and L7 at the log itself: processes append together, are killed and hang; one history, nothing lost.

Quick representatives are in tests/store/test_hosts.py, with two hosts in one process.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.wiring import prepare
from crypto.log.merkle import CompactRange, leaf_hash
from tests.attacks.test_many_filers import file_all
from tests.attacks.test_many_writers import wait_for
from tests.filings import make_filing
from tests.portal import RunningPortal
from tests.store.storage import PostgresStorage, Storage

pytestmark = pytest.mark.long

THREADS = 32
TOGETHER = 20_000
KILLS = 50


class Appender:
    """One appending process, and what it said was acknowledged."""

    def __init__(self, storage: Storage, count: int) -> None:
        self._command = [sys.executable, "-m", "tests.attacks.appender", str(THREADS), str(count)]
        self._environment = environment_of(storage)
        self.acknowledged: list[tuple[int, str]] = []
        self.start()

    def start(self) -> None:
        """Begin, or begin again after a kill; what was said stays known."""
        self.process = subprocess.Popen(self._command, env=self._environment, stdout=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, args=(self.process,))
        self._reader.start()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                index, leaf = line.split()
                self.acknowledged.append((int(index), leaf.decode()))

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End it at once and read what it said to the last line."""
        self.process.send_signal(number)
        self.finish()

    def finish(self) -> int:
        """Wait for its end and return its exit status."""
        status = self.process.wait(600)
        self._reader.join()
        return status


def environment_of(storage: Storage) -> Mapping[str, str]:
    """Return the environment of a process over a storage."""
    return {**os.environ, **storage.environment(), "PYTHONWARNINGS": "ignore"}


def processes_of(storage: Storage) -> int:
    """Two on one PostgreSQL, three on SQLite."""
    return 2 if isinstance(storage, PostgresStorage) else 3


@pytest.fixture
def prepared(storage: Storage) -> Storage:
    """Storage with its log opened."""
    prepare(storage.settings)
    return storage


def check_one_history(storage: Storage, appenders: Sequence[Appender]) -> int:
    """Compare what was acknowledged with what is stored: each index once, each entry where it was said to be."""
    rows = storage.rows("SELECT idx, leaf FROM log_entry ORDER BY idx")
    assert [row.idx for row in rows] == list(range(len(rows))), "no gap, no double"
    said = [each for appender in appenders for each in appender.acknowledged]
    assert len({index for index, _ in said}) == len(said), "an index was given twice"
    assert {index: bytes(rows[index].leaf).hex() for index, _ in said} == dict(said), "acknowledged and not there"
    edge, roots = CompactRange(), {}
    for row in rows:
        edge.append(leaf_hash(bytes(row.leaf)))
        roots[edge.size] = edge.root()
    batches = storage.rows("SELECT size, root FROM log_batch")
    assert all(roots[batch.size] == bytes(batch.root) for batch in batches), "a batch of another history"
    (head,) = storage.rows("SELECT size, edge FROM log_head")
    assert (head.size, CompactRange.from_bytes(bytes(head.edge)).root()) == (len(rows), edge.root())
    openings = storage.rows("SELECT idx FROM log_opening")
    assert sorted(row.idx for row in openings) == list(range(len(rows)))
    return len(said)


def test_twenty_thousand_entries_of_several_processes_are_one_history(prepared: Storage) -> None:
    """No gap, no double, each entry where its process was told."""
    began = time.monotonic()
    share = -(-TOGETHER // processes_of(prepared))
    appenders = [Appender(prepared, share) for _ in range(processes_of(prepared))]
    assert [each.finish() for each in appenders] == [0] * len(appenders)
    seconds = time.monotonic() - began
    made = check_one_history(prepared, appenders)
    assert made == share * len(appenders)
    print(f"{prepared.engine_name}: {made} entries by {len(appenders)} processes in {seconds:.1f} s")


def test_kill_at_fifty_moments_loses_no_acknowledged_entry(prepared: Storage) -> None:
    """kill -9 of whichever process: the others go on from the head row, and what was acknowledged is there."""
    seed = random.randrange(2**32)
    print(f"{prepared.engine_name}: seed {seed}")
    chance = random.Random(seed)
    appenders = [Appender(prepared, 0) for _ in range(processes_of(prepared))]
    try:
        for _ in range(KILLS):
            killed = chance.choice(appenders)
            wait_until_all_append([killed])  # a process takes longer to start than to be killed
            time.sleep(chance.uniform(0, 0.5))
            killed.end()
            killed.start()
        wait_until_all_append(appenders)
    finally:
        for each in appenders:
            each.end()
    print(f"{prepared.engine_name}: {check_one_history(prepared, appenders)} entries acknowledged, {KILLS} kills")


def wait_until_all_append(appenders: Sequence[Appender]) -> None:
    """Wait until each process had an entry acknowledged since now."""
    before = [len(each.acknowledged) for each in appenders]
    deadline = time.monotonic() + 600
    while any(len(each.acknowledged) <= known for each, known in zip(appenders, before, strict=True)):
        assert time.monotonic() < deadline, "nobody took over"
        time.sleep(0.05)


@pytest.mark.postgres
@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
def test_a_process_that_hangs_in_its_turn_is_cut_off(prepared: Storage) -> None:
    """It stops without dying: the database ends its transaction, another takes over, and it joins when it wakes."""
    hanging, other = appenders = [Appender(prepared, 0) for _ in range(2)]
    try:
        wait_until_all_append(appenders)
        stop_inside_a_turn(prepared, hanging)
        began = time.monotonic()
        wait_until_all_append([other])
        print(f"taken over {time.monotonic() - began:.1f} s after a process hung inside its turn")
        hanging.process.send_signal(signal.SIGCONT)
        wait_until_all_append(appenders)
    finally:
        for each in appenders:
            each.end()
    check_one_history(prepared, appenders)


def stop_inside_a_turn(storage: Storage, appender: Appender) -> None:
    """Stop a process at a moment when it holds the turn and the other waits."""
    for _ in range(200):
        time.sleep(0.01)
        appender.process.send_signal(signal.SIGSTOP)
        time.sleep(0.3)
        if storage.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            return
        appender.process.send_signal(signal.SIGCONT)
    raise AssertionError("it was never stopped inside its turn")


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_killed_process_leaves_no_lock_on_sqlite(prepared: Storage) -> None:
    """The kernel gives lock and transaction of a process back that died inside its turn, and nobody waits longer."""
    first, other = appenders = [Appender(prepared, 0) for _ in range(2)]
    try:
        wait_until_all_append(appenders)
        first.process.send_signal(signal.SIGSTOP)  # as often as not inside its turn
        time.sleep(0.3)
        first.end()
        wait_until_all_append([other])
    finally:
        other.end()
    check_one_history(prepared, appenders)


def test_a_worker_that_hangs_is_replaced(tmp_path: Path) -> None:
    """On SQLite nobody can take a lock from a process that lives: the portal ends a worker that does not answer."""
    portal = RunningPortal(tmp_path / "data", workers=2).start(wait=False)
    try:
        wait_for(portal)
        hung = hang_a_worker(portal)
        began = time.monotonic()
        while hung in portal.workers_now:
            assert time.monotonic() < began + 900, "nobody ended it"
            time.sleep(0.1)
        print(f"a worker that hung was ended after {time.monotonic() - began:.1f} s")
        wait_for(portal)
        assert file_all(portal, [make_filing(portal.api()["name"])]) != [None]
    finally:
        portal.stop()


def hang_a_worker(portal: RunningPortal) -> int:
    """Stop one worker without ending it."""
    while len(portal.workers_now) < 2:
        time.sleep(0.1)
    hung = portal.workers_now[0]
    os.kill(hung, signal.SIGSTOP)
    return hung
