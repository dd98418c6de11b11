"""A real portal for tests: `resguardo serve` in its own processes, on loopback, over a folder that is thrown away."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import httpx2

from tests import engine, forks
from tests.forks import Forked

# A machine with other work is slow: all of these only say when something hangs, and no test waits for their end.
START_SECONDS = 240
STOP_SECONDS = 120
COMMAND_SECONDS = 600

_KEPT_PORTS = 100
_kept: deque[socket.socket] = deque()


def free_port() -> int:
    """Return a port that nobody listens on, and that nobody else is given by the kernel for the tests to come.

    A socket that is bound without listening keeps it. On Linux a server that reuses addresses, as ours do, listens
    beside it; elsewhere it would be in the server's way and is let go.
    """
    probe = socket.socket()
    if sys.platform == "linux":
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _kept.append(probe)
    probe.bind(("127.0.0.1", 0))
    port = int(probe.getsockname()[1])
    if sys.platform != "linux":
        probe.close()
    while len(_kept) > _KEPT_PORTS:
        _kept.popleft().close()
    return port


def resguardo(
    *arguments: str | Path, environment: dict[str, str] | None = None, module: str = "app.cli", **options: Any
) -> Any:
    """Run the command line in a process of its own and return the finished process, output as text."""
    env = {**os.environ, "RESGUARDO_LANG": "en", "PYTHONWARNINGS": "ignore", **(environment or {})}
    if module == "app.cli" and not options:
        return forks.run(list(map(str, arguments)), env, timeout=COMMAND_SECONDS)
    command = [sys.executable, "-m", module, *map(str, arguments)]
    options.setdefault("timeout", COMMAND_SECONDS)
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, **options)


@dataclass
class RunningPortal:
    """One served data folder; `module` is what is run as the command line."""

    module: ClassVar[str] = "app.cli"
    data: Path
    port: int = field(default_factory=free_port)
    workers: int = 1
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | Forked | None = None
    clients: list[httpx2.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the portal's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        """Return the file that takes everything the server prints."""
        return self.data.with_name(self.data.name + ".log")

    @property
    def workers_now(self) -> list[int]:
        """Return the processes that the supervisor of several workers has started."""
        assert self.process is not None
        number = self.process.pid
        return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of this portal as environment variables."""
        return {
            "RESGUARDO_DATA": str(self.data),
            "RESGUARDO_GUARD": str(self.data.with_name(self.data.name + ".guard")),
            "RESGUARDO_PORT": str(self.port),
            "RESGUARDO_WORKERS": str(self.workers),
            "RESGUARDO_PUBLISH_EVERY": "1",
            "RESGUARDO_LANG": "en",
            "TMPDIR": str(self.temporary),
            **engine.addresses_of(self.data),
            **self.settings,
        }

    def rows(self, statement: str) -> Sequence[Any]:
        """Return what the portal's database holds, on either engine."""
        return engine.rows(self.environment, statement)

    def wrapped_keys(self) -> Mapping[str, bytes]:
        """Return the data keys as they lie at the portal, by name, on either engine."""
        return engine.wrapped_keys(self.environment)

    def change(self, *statements: str, **values: object) -> None:
        """Change rows behind the portal's back, on either engine."""
        engine.change(self.environment, *statements, **values)

    def change_keys(self, statement: str, **values: object) -> None:
        """Change what lies in the store of wrapped keys, on either engine."""
        engine.change_keys(self.environment, statement, **values)

    def vacuum(self) -> None:
        """Have the database give up the room of deleted rows."""
        engine.vacuum(self.environment)

    def table_bytes(self) -> dict[str, bytes]:
        """Return the rows of each table on PostgreSQL; on SQLite everything lies in the data folder."""
        return engine.table_bytes(self.data)

    def database_bytes(self) -> dict[str, bytes]:
        """Return the bytes of the database server; on SQLite everything lies in the data folder."""
        return engine.server_bytes(self.data)

    @property
    def temporary(self) -> Path:
        """Return the server's own folder for temporary files."""
        folder = self.data.with_name(self.data.name + ".tmp")
        folder.mkdir(exist_ok=True)
        return folder

    def start(self, *, wait: bool = True) -> RunningPortal:
        """Serve, and return when the portal answers."""
        with self.log_file.open("ab") as log:
            self.process = self._begun(log.fileno())
        if wait:
            self._wait()
        return self

    def _begun(self, log: int) -> subprocess.Popen[bytes] | Forked:
        environment = {**os.environ, **self.environment}
        if self.module == "app.cli":
            return forks.start(["serve"], environment, log)
        command = [sys.executable, "-m", self.module, "serve"]
        nothing = subprocess.DEVNULL
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=nothing, start_new_session=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, f"the portal ended: {self.log_file.read_text()}"
            try:
                httpx2.get(f"{self.url}/health", timeout=5)
            except httpx2.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"the portal did not answer: {self.log_file.read_text()}")

    def stop(self) -> None:
        """Stop as an operator would."""
        for client in self.clients:
            client.close()
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End every process of the portal at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
            self.process.wait(STOP_SECONDS)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)
        self.process = None

    def cli(self, *arguments: str | Path, **options: Any) -> Any:
        """Run an operator's command over this data folder."""
        return resguardo(*arguments, environment=self.environment, module=self.module, **options)

    def cli_json(self, *arguments: str | Path, **options: Any) -> Any:
        """Run a command that answers in JSON and return the answer."""
        done = self.cli(*arguments, "--json", **options)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return json.loads(done.stdout)

    def api(self) -> dict[str, Any]:
        """Return what the portal says of itself."""
        answer: dict[str, Any] = httpx2.get(f"{self.url}/api/v1/portal").json()
        return answer
