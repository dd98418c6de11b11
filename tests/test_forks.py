"""A forked `resguardo …` is a process of its own; otherwise tests that trust it would test something else."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests import forks
from tests.portal import free_port

ENVIRONMENT = {"PATH": os.environ["PATH"], "RESGUARDO_LANG": "fr"}


def test_streams_status_and_environment_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process has in its environment does not reach it."""
    monkeypatch.setenv("RESGUARDO_LANG", "es")
    done = forks.run(["nix"], ENVIRONMENT, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("«")
    assert forks.run(["--version"], ENVIRONMENT, timeout=60).stdout.startswith("resguardo ")


def test_it_leads_a_group_and_tells_the_signal_that_ended_it(tmp_path: Path) -> None:
    """A killed portal is gone with all its processes."""
    environment = {**ENVIRONMENT, "RESGUARDO_DATA": str(tmp_path / "d"), "RESGUARDO_GUARD": str(tmp_path / "g")}
    with (tmp_path / "log").open("wb") as log:
        forked = forks.start(["serve", "--port", str(free_port())], environment, log.fileno())
    assert os.getpgid(forked.pid) == forked.pid != os.getpgid(0)
    with pytest.raises(subprocess.TimeoutExpired):
        forked.wait(0.01)
    assert forked.poll() is None
    os.killpg(forked.pid, signal.SIGKILL)
    assert forked.wait(60) == -signal.SIGKILL
