"""A served portal to measure: two workers, filings sealed beforehand, a reviewer who is signed in."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from app.config import read_settings
from app.domain.ports import Face
from app.usecases.assign_case import assign_case
from app.web.csrf import form_token
from app.wiring import assemble
from tests.bench.client import Unit
from tests.bench.load import request
from tests.bench.rows import Row
from tests.filings import make_filing
from tests.portal import RunningPortal
from tests.staff import Colleague, enrol

ORIGIN = "bench.example"
WORKERS = 2
EVIDENCE = 20_000  # bytes
FILED = frozenset({201})
_CHUNK = 8


class OwnProgram(RunningPortal):
    """A portal begun as an operator begins it; the tests' portals are forked from a process that has loaded it all."""

    module: ClassVar[str] = "app.cli.__main__"

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings as environment variables; an installed portal has its modules compiled."""
        return {**super().environment, "PYTHONDONTWRITEBYTECODE": ""}


@contextlib.contextmanager
def portal_in(folder: Path, name: str, **settings: str) -> Iterator[RunningPortal]:
    """Serve a fresh data folder and stop it."""
    portal = OwnProgram(folder / name, workers=WORKERS, settings={"RESGUARDO_ORIGIN": ORIGIN, **settings})
    portal.start()
    try:
        yield portal
    finally:
        portal.stop()


def filing_bodies(count: int) -> list[tuple[str, bytes]]:
    """Return (status code, filing call) of so many sealed filings with 3 witnesses and 20 kB of evidence."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(_filing_body, range(count), chunksize=_CHUNK))


def _filing_body(_: int) -> tuple[str, bytes]:
    filing = make_filing(ORIGIN, evidence=os.urandom(EVIDENCE))
    assert not filing.uploads
    return filing.prepared.status_code, json.dumps(dict(filing.body)).encode()


def filing_units(bodies: Sequence[tuple[str, bytes]]) -> list[Unit]:
    """Return filing calls as units of load."""
    return [Unit((request("POST", "/api/v1/petitions", body),), FILED) for _, body in bodies]


def signed_in_reviewer(portal: RunningPortal) -> Colleague:
    """Return a reviewer with an open session."""
    reviewer = enrol(portal, "Ana Ejemplo", "reviewer")
    reviewer.sign_in()
    return reviewer


def session_cookie(colleague: Colleague) -> tuple[str, str]:
    """Return the name and value of a colleague's session cookie."""
    return "resguardo_office", dict(colleague.client.cookies)["resguardo_office"]


def assign_all(portal: RunningPortal, name: str, cases: Sequence[str]) -> None:
    """Assign cases, as the operator's command does, beside the running portal."""
    settings = read_settings(portal.environment)
    with contextlib.closing(assemble(settings, publisher=False)) as assembly:
        for case in cases:
            assign_case(assembly.faces[Face.OFFICE], name, case)


def form(path: str, fields: Mapping[str, str], cookie: tuple[str, str]) -> bytes:
    """Return a form as the page of this cookie's browser would send it."""
    body = urlencode({"form_token": form_token(cookie[1]), **fields}).encode()
    kind = "application/x-www-form-urlencoded"
    return request("POST", path, body, kind=kind, cookie="=".join(cookie))


def bad_login() -> Unit:
    """Return a sign-in with a known name and a wrong password, refused in whatever way."""
    cookie = ("resguardo_form", "ab" * 32)
    fields = {"name": "Ana Ejemplo", "password": "wrong battery staple", "code": "000000"}
    return Unit((form("/office/sign-in", fields, cookie),), frozenset({401, 429, 503}))


def processes_of(portal: RunningPortal) -> list[int]:
    """Return the ids of all processes of a portal: it leads a group of its own."""
    assert portal.process is not None
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(_fields(stat)[2]) == portal.process.pid:
                found.append(int(stat.parent.name))
    return found


def cpu_seconds(portal: RunningPortal) -> float:
    """Return the processor time that a portal's processes took so far: other load on the machine does not count."""
    ticks = 0
    for pid in processes_of(portal):
        with contextlib.suppress(OSError):
            fields = _fields(Path(f"/proc/{pid}/stat"))
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _fields(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()


def worker_memory(portal: RunningPortal, measure: str = "Rss") -> float:
    """Return the MiB of the largest process: all that is resident, or with "Pss" only its part of what it shares."""
    sizes = [0.0]
    for pid in processes_of(portal):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{measure}:"):
                sizes.append(int(line.split()[1]) / 1024)
    return max(sizes)


def memory_row(what: str, portal: RunningPortal) -> Row:
    """Return the row of a worker's memory; forked workers share much of what is resident in each."""
    resident, own = worker_memory(portal), worker_memory(portal, "Pss")
    detail = f"{own:.0f} MiB of it where what processes share counts once"
    return Row(f"memory of a worker after {what}", f"{resident:.0f} MiB", "≤ 150 MiB", resident <= 150, "", detail)


def answer(portal: RunningPortal, path: str) -> Any:
    """Return what the portal's interface says at a path."""
    import httpx2

    return httpx2.get(portal.url + path, timeout=30)
