"""The host's lock, which the hashing lane and SQLite's turns rest on."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.store.locks import HostLock


def test_threads_that_share_a_lock_wait_for_each_other(tmp_path: Path) -> None:
    """flock alone lets every thread through that uses the same open file."""
    lock, inside, most = HostLock(tmp_path / "lock"), [0], [0]
    counting = threading.Lock()

    def enter(_: int) -> None:
        with lock.held():
            with counting:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            time.sleep(0.002)
            with counting:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(40)))
    lock.close()
    assert most == [1]


def test_two_open_locks_on_one_file_exclude_each_other(tmp_path: Path) -> None:
    """As in two processes."""
    first, second = HostLock(tmp_path / "lock"), HostLock(tmp_path / "lock")
    entered = threading.Event()

    def enter() -> None:
        with second.held():
            entered.set()

    thread = threading.Thread(target=enter)
    with first.held():
        thread.start()
        assert not entered.wait(0.2)
    thread.join()
    assert entered.is_set()
    first.close()
    second.close()
