"""Start a portal from any command, folder and environment; build the wheel; make bare virtual environments."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx2

from tests.assets import built
from tests.portal import START_SECONDS, STOP_SECONDS

ROOT = Path(__file__).resolve().parents[2]
INSTALL_SECONDS = 600
_LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)


def run(*command: str | Path, cwd: Path, seconds: int = INSTALL_SECONDS, **environment: str) -> str:
    """Run a command that must succeed and return what it printed; nothing of this checkout is on its path."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment without what would lead Python to this checkout or set the portal."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "RESGUARDO_", "VIRTUAL_ENV"))
    }
    return {**kept, "RESGUARDO_LANG": "en", **more}


def bare_venv(folder: Path) -> Path:
    """Make a virtual environment with pip and nothing else; return its folder."""
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    return folder


def build_wheel(folder: Path) -> Path:
    """Build the wheel as the Dockerfile does and return its path."""
    built()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (wheel,) = folder.glob("resguardo-*.whl")
    return wheel


def locked_for_clients() -> str:
    """Return the entries of requirements.lock that the base dependencies need, hashes included.

    Each entry of the lock names in `# via` who asked for it; what no base dependency asked for is left out.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0] for need in project["dependencies"]}
    entries = _entries((ROOT / "requirements.lock").read_text())
    while more := {name for name, entry in entries.items() if name not in wanted and _askers(entry) & wanted}:
        wanted |= more
    assert wanted <= set(entries), "a base dependency is not in the lock"
    return "".join(entries[name] for name in sorted(wanted))


def _entries(lock: str) -> dict[str, str]:
    starts = [found.start() for found in _LOCKED.finditer(lock)] + [len(lock)]
    texts = [lock[start:end] for start, end in pairwise(starts)]
    return {text.split("==", 1)[0]: text for text in texts}


def _askers(entry: str) -> set[str]:
    comments = [line.split("#", 1)[1] for line in entry.splitlines() if line.lstrip().startswith("#")]
    return set(" ".join(comments).replace("via", " ", 1).split()) - {"resguardo"}


@dataclass(frozen=True)
class Served:
    """A portal that answers: its address, and the process group that it and its workers make."""

    address: str
    group: int


@contextmanager
def served(command: Sequence[str | Path], port: int, cwd: Path, environment: Mapping[str, str]) -> Iterator[Served]:
    """Run a command that serves, yield once it answers, and stop it."""
    log = cwd / "serving.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=dict(environment),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address, log)
        yield Served(address, process.pid)
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the portal ended: {log.read_text()}"
        try:
            httpx2.get(f"{address}/health", timeout=5)
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the portal did not answer: {log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(STOP_SECONDS)
    except ProcessLookupError:
        pass
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_SECONDS)
