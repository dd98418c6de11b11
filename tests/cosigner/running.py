"""A cosigner for tests: `resguardo cosign` in its own process, on loopback, over a folder that is thrown away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.portal import START_SECONDS, STOP_SECONDS, free_port, resguardo


@dataclass
class RunningCosigner:
    """One served cosigner's folder."""

    folder: Path
    name: str = "union.example/cosigner"
    logs: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the submission prefix."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> RunningCosigner:
        """Serve, and return when it answers."""
        logs = [part for vkey in self.logs for part in ("--log", vkey)]
        words = ["cosign", str(self.folder), "--name", self.name, "--port", str(self.port), *logs]
        env = {**os.environ, "RESGUARDO_LANG": "en"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", *words], env=env, stdout=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                httpx2.get(f"{self.url}/", timeout=5)
            except httpx2.TransportError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError("the cosigner did not answer")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Stop it, by default as a service manager would."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(STOP_SECONDS)
            self.process = None

    def shown(self, *words: str) -> Any:
        """Return what `--show` says of the folder, which must not be served meanwhile."""
        done = resguardo("cosign", self.folder, "--name", self.name, *words, "--show", "--json")
        return json.loads(done.stdout)
