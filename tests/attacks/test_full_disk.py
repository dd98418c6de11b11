"""Law L7 on a full disk: what does not fit is refused in words, nothing is half-stored, what was acknowledged stays."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable

import httpx2
import pytest

from tests.attacks.test_many_filers import check_receipts, indexes_in_log
from tests.filings import Filing, make_filing
from tests.portal import RunningPortal

LIMIT = 1_500_000
"""Bytes that a file of the server may grow to: a few filings."""


def post(portal: RunningPortal, filing: Filing) -> httpx2.Response:
    """File."""
    return httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body))


def limit(portal: RunningPortal, size: int) -> None:
    """Let no file of the running server grow beyond a size."""
    assert portal.process is not None
    resource.prlimit(portal.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.sqlite_files("another server's disk is not limited by limiting the portal")
def test_full_disk_is_said_and_loses_nothing(new_portal: Callable[..., RunningPortal]) -> None:
    """The first filing that does not fit gets a problem in words; after the disk was mended it is filed."""
    portal = new_portal()
    name = portal.api()["name"]
    limit(portal, LIMIT)
    answered = []
    for _ in range(40):
        filing = make_filing(name)
        answer = post(portal, filing)
        if answer.status_code != 201:
            break
        answered.append(answer.json())
    else:
        pytest.fail("the disk never became full")
    assert answered
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:resguardo:problem:storage_full"
    assert httpx2.get(f"{portal.url}/log/checkpoint").status_code == 200  # reading goes on
    upload = httpx2.put(f"{portal.url}/api/v1/uploads/{'0' * 32}/{_hash(b'x' * 2_000_000)}", content=b"x" * 2_000_000)
    assert upload.json()["type"] == "urn:resguardo:problem:storage_full"
    assert not list(portal.data.rglob("*.partial"))
    _mend(portal)
    assert set(indexes_in_log(portal)) == {each["case"] for each in answered}
    assert post(portal, filing).status_code == 201
    check_receipts(portal, answered)


def _mend(portal: RunningPortal) -> None:
    portal.stop()
    with sqlite3.connect(portal.data / "portal.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    portal.start()


def _hash(data: bytes) -> str:
    from crypto.digest import sha256_hex

    return sha256_hex(data)
