"""The hashing lane under looping bad sign-ins: a bounded queue, and a thread that stands back."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.domain.errors import LimitError
from app.store import hashing_lane
from app.store.hashing_lane import LONGEST_REST, SEATS, HashingLane
from app.store.hashing_process import GROUP_NICENESS, NICENESS
from app.store.locks import HostLock, HostSeats
from crypto.errors import PasswordError
from crypto.secret import SecretBytes


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[HashingLane]:
    """A lane of its own."""
    made = HashingLane(tmp_path)
    yield made
    made.close()


def test_looping_sign_ins_do_not_eat_the_threads(
    tmp_path: Path, lane: HashingLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes' worth of callers: as many as there are seats wait, the others are refused at once."""
    seated = threading.Semaphore(0)
    monkeypatch.setattr(HostSeats, "taken", _told(HostSeats.taken, seated))
    other, word = HashingLane(tmp_path), SecretBytes(b"caballo")
    with ThreadPoolExecutor(SEATS) as pool:
        with HostLock(tmp_path / "hashing.lock").held():  # somebody hashes for long
            waiting = [pool.submit((lane, other)[n % 2].verify, None, word) for n in range(SEATS)]
            assert all(seated.acquire(timeout=600) for _ in waiting)
            for each in (lane, other):
                with pytest.raises(LimitError) as caught:
                    each.verify(None, word)
                assert caught.value.code == "sign_in_busy"
        assert not any(done.result() for done in waiting)
    assert lane.verify(other.hash(word), word)
    other.close()


def test_wrong_password_rests_the_lane_of_every_process(
    tmp_path: Path, lane: HashingLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guesses sent to two workers in turns get no more of the processor than those sent to one."""
    rested: list[float] = []
    clock = SimpleNamespace(
        sleep=rested.append, monotonic=lambda: 1000.0
    )  # a slow machine's clock would go on meanwhile
    monkeypatch.setattr(hashing_lane, "time", clock)
    other, word = HashingLane(tmp_path), SecretBytes(b"caballo")
    stored = lane.hash(word)
    assert lane.verify(stored, word)
    assert not any(rested)
    assert not lane.verify(stored, SecretBytes(b"mula"))
    assert other.verify(stored, word)
    assert rested.pop() > 0
    clock.monotonic = lambda: 0.0  # a clock that began anew with the machine
    assert other.verify(stored, word)
    assert rested.pop() <= LONGEST_REST
    other.close()


def _told(
    taken: Callable[[HostSeats], AbstractContextManager[bool]], seated: threading.Semaphore
) -> Callable[[HostSeats], AbstractContextManager[bool]]:
    """Sit down as ever and say so; a look at the seats from outside would sit on one for a moment."""

    @contextlib.contextmanager
    def telling(seats: HostSeats) -> Iterator[bool]:
        with taken(seats) as found:
            if found:
                seated.release()
            yield found

    return telling


def test_killed_process_leaves_its_seat(tmp_path: Path) -> None:
    """A worker that dies while it hashes does not shut the lane for good."""
    program = (
        "import sys, time; from pathlib import Path; from app.store.locks import HostSeats\n"
        "with HostSeats(Path(sys.argv[1]), 1).taken() as seated: print(seated, flush=True); time.sleep(60)"
    )
    held = subprocess.Popen([sys.executable, "-c", program, tmp_path / "seats"], stdout=subprocess.PIPE)
    assert held.stdout is not None
    assert held.stdout.readline() == b"True\n"
    seats = HostSeats(tmp_path / "seats", 1)
    with seats.taken() as seated:
        assert not seated
    held.kill()
    held.wait()
    held.stdout.close()
    with seats.taken() as seated:
        assert seated


def test_hashing_stands_back_and_comes_back(lane: HashingLane) -> None:
    """The process runs behind those that serve; killed, one attempt fails and the next has a new one."""
    word = SecretBytes("contraseña".encode())
    own = Path("/proc/self/autogroup")  # reads empty in the session that the machine began with
    before = own.read_text() if own.exists() else ""
    stored = lane.hash(word)
    assert lane._process
    assert os.getpriority(os.PRIO_PROCESS, lane._process.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
    group = Path(f"/proc/{lane._process.pid}/autogroup")
    if os.access(group, os.W_OK):  # a kernel that shares among sessions first
        assert os.getsid(lane._process.pid) == lane._process.pid
        assert group.read_text().endswith(f"nice {GROUP_NICENESS}\n")
        assert own.read_text() == before
    lane._process.kill()
    lane._process.wait()
    assert lane.verify(stored, word)
    assert not lane.verify(stored, SecretBytes(b"otra"))
    with pytest.raises(PasswordError):
        lane.verify("no hash", word)
    assert not lane.verify(None, word)


def test_hashing_ends_with_the_server(tmp_path: Path) -> None:
    """The process ends with its input, which ends with the server however that ends: it is in no group with it."""
    lane = HashingLane(tmp_path)
    lane.hash(SecretBytes(b"x"))
    process = lane._process
    assert process
    lane.close()
    assert process.returncode == 0
