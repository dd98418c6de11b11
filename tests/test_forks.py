"""A forked `resguardo …` is a process of its own; otherwise tests that trust it would test something else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import forks
from tests.portal import free_port

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {"PATH": os.environ["PATH"], "RESGUARDO_LANG": "fr"}


def test_streams_status_and_environment_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process has in its environment does not reach it."""
    monkeypatch.setenv("RESGUARDO_LANG", "es")
    done = forks.run(["nix"], ENVIRONMENT, timeout=600)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("«")
    assert forks.run(["--version"], ENVIRONMENT, timeout=600).stdout.startswith("resguardo ")


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
    assert forked.wait(600) == -signal.SIGKILL


@pytest.mark.long
def test_it_ends_with_whoever_asked_for_it(tmp_path: Path) -> None:
    """A test run that is killed leaves no portal behind."""
    asking = (
        "import os, sys; from tests import forks; log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT);"
        "print(forks.start(['serve', '--port', sys.argv[2]], os.environ, log).pid, flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "RESGUARDO_DATA": str(tmp_path / "d"), "RESGUARDO_GUARD": str(tmp_path / "g")}
    command = [sys.executable, "-c", asking, str(tmp_path / "log"), str(free_port())]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as asker:
        assert asker.stdout is not None
        portal = int(asker.stdout.readline())
        os.kill(portal, 0)
        asker.kill()
    for _ in range(600):
        try:
            os.kill(portal, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the portal goes on")
