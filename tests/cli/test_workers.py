"""Workers forked from their supervisor: replaced and stopped as uvicorn's own are, and alone with their secrets."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests.portal import RunningPortal

SECONDS = 600
_DRAWING = """
import os, random, sys
from crypto.age import hybrid_recipient
from crypto.note import NoteSigner
from crypto.passwords import hash_password
from crypto.secret import SecretBytes
def drawn():
    sealed = hybrid_recipient(SecretBytes(bytes(32))).wrap(SecretBytes(bytes(16)), os.urandom)
    return [str(sealed), hash_password(SecretBytes(b"x")), os.urandom(16).hex(), str(random.random())]
drawn()
for _ in range(2):
    if os.fork() == 0:
        print("\\n".join(drawn()), flush=True)
        os._exit(0)
    os.wait()
"""


def is_gone(process: int) -> bool:
    """Tell whether a process has ended, collected by its parent or not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def answers(portal: RunningPortal) -> bool:
    """Tell whether a portal answers a new connection."""
    try:
        return httpx2.get(f"{portal.url}/health", timeout=SECONDS).status_code == 200
    except httpx2.TransportError:
        return False


@contextmanager
def two_workers(folder: Path, **settings: str) -> Iterator[RunningPortal]:
    """Serve with two workers."""
    portal = RunningPortal(folder / "data", workers=2, settings=settings).start()
    try:
        wait_until(lambda: len(portal.workers_now) == 2, "two workers")
        yield portal
    finally:
        portal.stop()


def test_a_killed_worker_comes_back_and_a_killed_supervisor_takes_its_workers(tmp_path: Path) -> None:
    """After kill -9 of a worker two serve again; after kill -9 of their supervisor none is left to hold the port."""
    with two_workers(tmp_path) as portal:
        first, second = portal.workers_now
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: len(set(portal.workers_now) - {first}) == 2, "another worker")
        assert second in portal.workers_now
        assert answers(portal)
        left = portal.workers_now
        assert portal.process is not None
        os.kill(portal.process.pid, signal.SIGKILL)
        assert portal.process.wait(SECONDS) == -signal.SIGKILL
        wait_until(lambda: all(map(is_gone, left)), "the end of the workers")
        assert not answers(portal)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_to_the_supervisor_ends_all(tmp_path: Path, number: signal.Signals) -> None:
    """As a service manager stops it: the supervisor alone is told, everybody ends, and the status says success."""
    with two_workers(tmp_path) as portal:
        workers = portal.workers_now
        assert portal.process is not None
        os.kill(portal.process.pid, number)
        assert portal.process.wait(SECONDS) == 0
        assert all(map(is_gone, workers))


@pytest.mark.long
def test_a_signal_that_comes_while_workers_begin_ends_all(tmp_path: Path) -> None:
    """Whenever it comes, no worker misses it and is waited for."""
    for pause in (0.0, 0.1, 0.2, 0.4, 0.8):
        portal = RunningPortal(tmp_path / f"data-{pause}", workers=2).start(wait=False)
        assert portal.process is not None
        wait_until(partial(_has_greeted, portal), "the greeting")
        time.sleep(pause)
        os.kill(portal.process.pid, signal.SIGTERM)
        assert portal.process.wait(SECONDS) in {0, -signal.SIGTERM}
        assert not answers(portal)


def _has_greeted(portal: RunningPortal) -> bool:
    return "Ctrl+C" in portal.log_file.read_text()


@pytest.mark.long
def test_hangup_renews_every_worker_and_the_portal_goes_on(tmp_path: Path) -> None:
    """SIGHUP brings a new worker into service before an old one leaves."""
    with two_workers(tmp_path, RESGUARDO_FACE="petitioner") as portal:
        old = set(portal.workers_now)
        assert portal.process is not None
        os.kill(portal.process.pid, signal.SIGHUP)
        while set(portal.workers_now) & old:
            assert answers(portal)
        assert answers(portal)
        assert len(portal.workers_now) == 2


@pytest.mark.long
def test_a_worker_that_cannot_start_says_why_and_is_tried_again(tmp_path: Path) -> None:
    """One plain line, no traceback, and the other worker serves; once the reason is gone there are two again."""
    with two_workers(tmp_path) as portal:
        keys, away = portal.data / "portal.json", portal.data / "away.json"
        keys.rename(away)
        first = portal.workers_now[0]
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: "a worker cannot start" in portal.log_file.read_text(), "a line")
        assert answers(portal)
        away.rename(keys)
        wait_until(lambda: len(stays := portal.workers_now) == 2 and first not in stays and _serves(stays), "two again")
        assert "Traceback" not in portal.log_file.read_text()


def _serves(workers: list[int]) -> bool:
    """Tell whether processes have more than one thread, as one that serves has."""
    try:
        return all(len(list(Path(f"/proc/{each}/task").iterdir())) > 3 for each in workers)
    except OSError:
        return False


@pytest.mark.long
def test_a_port_that_is_taken_ends_the_start_with_an_error(tmp_path: Path) -> None:
    """The address stands in the word, and the status is no success."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        portal = RunningPortal(tmp_path / "data", port=taken.getsockname()[1], workers=2).start(wait=False)
        assert portal.process is not None
        assert portal.process.wait(SECONDS) != 0
    assert "address already in use" in portal.log_file.read_text().lower()


def test_forked_processes_draw_different_bytes() -> None:
    """Whatever draws randomness draws anew in a fork: encryption, salts, the kernel's bytes."""
    done = subprocess.run([sys.executable, "-c", _DRAWING], capture_output=True, text=True, check=True)
    lines = done.stdout.split("\n")[:-1]
    assert len(lines) == len(set(lines)) == 8
