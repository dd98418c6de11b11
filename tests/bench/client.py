"""One load client in a process of its own: raw HTTP/1.1 on one connection, so that the client costs little.

`python -m tests.bench.client PORT PLAN` reads a pickled `Plan`, says `ready`, waits for a line, works, and prints its
times as JSON. It ends by itself: after its units, after its seconds, or when the file `stop` stands beside the plan.
"""

from __future__ import annotations

import json
import pickle
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Unit:
    """Requests that are sent one after the other and timed together, with the statuses that each may bring."""

    requests: tuple[bytes, ...]
    expected: frozenset[int]


@dataclass(frozen=True)
class Plan:
    """What one client does: its units once, or again and again; for `seconds` at most."""

    units: tuple[Unit, ...]
    seconds: float
    repeat: bool


class Wire:
    """One connection that is kept, and made anew when the server ends it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._buffer = b""

    def send(self, request: bytes) -> int:
        """Send a request and return the status of its answer, read to its end."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_ANSWER_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head = self._head()
        status = int(head[9:12])
        left = _length(head, status) - len(self._buffer)
        while left > 0:
            left -= len(self._more())
        self._buffer = b""
        if b"connection: close" in head.lower():
            self.close()
        return status

    def _head(self) -> bytes:
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head

    def _more(self) -> bytes:
        assert self._socket is not None
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server ended the connection")
        return data

    def close(self) -> None:
        """Drop the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer = None, b""


def _length(head: bytes, status: int) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    if status in {204, 304}:
        return 0
    raise ValueError("an answer without a length")


def work(wire: Wire, plan: Plan, stop: Path) -> tuple[list[float], Counter[str]]:
    """Return the seconds that each unit took, and how the units ended."""
    times: list[float] = []
    ends: Counter[str] = Counter()
    end = time.monotonic() + plan.seconds
    at = 0
    while time.monotonic() < end and (plan.repeat or at < len(plan.units)) and not (plan.repeat and stop.exists()):
        unit = plan.units[at % len(plan.units)]
        at += 1
        start = time.perf_counter()
        ends[_one(wire, unit)] += 1
        times.append(time.perf_counter() - start)
    return times, ends


def _one(wire: Wire, unit: Unit) -> str:
    try:
        for request in unit.requests:
            status = wire.send(request)
            if status not in unit.expected:
                return str(status)
    except (OSError, ValueError) as error:
        wire.close()
        return type(error).__name__
    return "done"


def main() -> None:
    """Work through the plan."""
    port, path = int(sys.argv[1]), Path(sys.argv[2])
    plan: Plan = pickle.loads(path.read_bytes())
    wire = Wire(port)
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.monotonic()
    times, ends = work(wire, plan, path.with_name("stop"))
    print(json.dumps({"times": times, "ends": ends, "started": started, "ended": time.monotonic()}), flush=True)


if __name__ == "__main__":
    main()
