"""Load from several clients at once, each a process of its own, bounded in count and time."""

from __future__ import annotations

import contextlib
import json
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.client import Plan, Unit


@dataclass(frozen=True)
class Outcome:
    """What clients saw: seconds of each unit, how the units ended, and from first start to last end."""

    times: tuple[float, ...]
    ends: Mapping[str, int]
    seconds: float

    @property
    def done(self) -> int:
        """Units that ended as they should."""
        return self.ends.get("done", 0)

    @property
    def lost(self) -> int:
        """Units that did not."""
        return sum(self.ends.values()) - self.done

    @property
    def rate(self) -> float:
        """Units done in a second."""
        return self.done / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """Return the seconds in which that share of the units was done."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def __add__(self, other: Outcome) -> Outcome:
        ends = Counter(self.ends)
        ends.update(other.ends)
        return Outcome(self.times + other.times, dict(ends), self.seconds + other.seconds)


def request(method: str, path: str, body: bytes = b"", *, kind: str = "application/json", cookie: str = "") -> bytes:
    """Return a request as it goes over the wire."""
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: en"]
    if cookie:
        head.append(f"Cookie: {cookie}")
    if body:
        head += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def shared_out(units: Sequence[Unit], clients: int, *, seconds: float) -> list[Plan]:
    """Return plans that do each unit once, spread over clients."""
    return [Plan(tuple(units[number::clients]), seconds, repeat=False) for number in range(clients)]


def repeated(units: Sequence[Sequence[Unit]], *, seconds: float) -> list[Plan]:
    """Return a plan for each client that repeats its own units."""
    return [Plan(tuple(own), seconds, repeat=True) for own in units]


class Clients:
    """Processes that wait for one word to begin."""

    def __init__(self, port: int, plans: Sequence[Plan], folder: Path) -> None:
        self._folder = folder
        self._processes = [self._start(port, plan, number) for number, plan in enumerate(plans)]
        for process in self._processes:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"

    def _start(self, port: int, plan: Plan, number: int) -> subprocess.Popen[str]:
        path = self._folder / f"{number}.plan"
        path.write_bytes(pickle.dumps(plan))
        command = [sys.executable, "-m", "tests.bench.client", str(port), str(path)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self) -> None:
        """Give the word."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()

    def stop(self) -> None:
        """Have clients that repeat end after what they are at."""
        (self._folder / "stop").touch()

    def outcome(self) -> Outcome:
        """Wait until all have ended and return what they saw."""
        told = [json.loads(process.communicate()[0]) for process in self._processes]
        ends: Counter[str] = Counter()
        for one in told:
            ends.update(one["ends"])
        times = tuple(seconds for one in told for seconds in one["times"])
        span = max(one["ended"] for one in told) - min(one["started"] for one in told)
        return Outcome(times, dict(ends), span)


def run(port: int, plans: Sequence[Plan]) -> Outcome:
    """Run clients against a port of this machine and return what they saw."""
    with tempfile.TemporaryDirectory() as folder:
        clients = Clients(port, plans, Path(folder))
        clients.begin()
        return clients.outcome()


@contextlib.contextmanager
def besides(port: int, plans: Sequence[Plan]) -> Iterator[list[Outcome]]:
    """Run repeating clients while something else is measured; their outcome is in the list afterwards."""
    seen: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        clients = Clients(port, plans, Path(folder))
        clients.begin()
        try:
            yield seen
        finally:
            clients.stop()
            seen.append(clients.outcome())
