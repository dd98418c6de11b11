"""Law L1 in a running portal: no process that serves has loaded a module that opens what is sealed."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.architecture.serving import ROOT, served
from tests.architecture.test_routes import routes
from tests.portal import free_port

_SECONDS = 600
_DUMP = """
import os, signal, sys
def _dump(*_):
    target = os.path.join(os.environ["MODULES_FOLDER"], f"{os.getpid()}.txt")
    with open(target + ".partial", "w") as file:
        file.write("\\n".join(sorted(sys.modules)))
    os.replace(target + ".partial", target)
signal.signal(signal.SIGRTMIN, _dump)
"""
"""Installed in every Python process of the portal by the name `sitecustomize`: on a signal it writes what is loaded."""


def open_paths() -> list[str]:
    """Return every path without a parameter that answers GET."""
    return sorted({route.path for route in routes() if "GET" in (route.methods or ()) and "{" not in route.path})


def _processes_of(group: int) -> Iterator[int]:
    """Yield the processes that were started together with the portal."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                yield int(folder.name)


def _loaded_in(folder: Path, group: int) -> dict[int, set[str]]:
    """Ask every process of the group what it has loaded, and return the answers."""
    processes = {number for number in _processes_of(group) if _listens_to_us(number)}
    for number in processes:
        os.kill(number, signal.SIGRTMIN)
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and not all((folder / f"{number}.txt").exists() for number in processes):
        time.sleep(0.05)
    return {number: set((folder / f"{number}.txt").read_text().splitlines()) for number in processes}


def _listens_to_us(number: int) -> bool:
    """Tell whether a process has our handler; the signal would end one without it."""
    try:
        status = Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:")).split()[1]
    return bool(int(caught, 16) >> (signal.SIGRTMIN - 1) & 1)


def _environment(folder: Path, port: int, workers: int) -> dict[str, str]:
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(_DUMP)
    (folder / "modules").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RESGUARDO_")}
    return kept | {
        "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)]),
        "MODULES_FOLDER": str(folder / "modules"),
        "RESGUARDO_DATA": str(folder / "data"),
        "RESGUARDO_GUARD": str(folder / "guard"),
        "RESGUARDO_PORT": str(port),
        "RESGUARDO_WORKERS": str(workers),
        "RESGUARDO_PUBLISH_EVERY": "1",
        "RESGUARDO_LANG": "en",
    }


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.long)])
def test_no_worker_has_loaded_what_opens(tmp_path: Path, workers: int) -> None:
    """After every open address was asked, `crypto.opening` and `app.client` are in no process; `crypto.age` is."""
    port, paths = free_port(), open_paths()
    assert len(paths) >= 8
    command = [sys.executable, "-m", "app.cli", "serve"]
    with served(command, port, tmp_path, _environment(tmp_path, port, workers)) as portal:
        for path in paths * 2:
            assert httpx2.get(portal.address + path).status_code < 500, path
        loaded = _loaded_in(tmp_path / "modules", portal.group)
    serving = {number: modules for number, modules in loaded.items() if "app.web.application" in modules}
    assert len(serving) == workers + (workers > 1)  # the supervisor of several has loaded it before it forks
    for modules in loaded.values():
        assert "crypto.opening" not in modules
        assert [name for name in modules if name.split(".")[:2] == ["app", "client"]] == []
    for modules in serving.values():
        assert {"crypto.age", "app.usecases.file_petition"} <= modules, "the list is not that of a serving process"
