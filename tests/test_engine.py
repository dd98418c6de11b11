"""The other engine under the tests' portals; `make long` runs tests/web, tests/cli and more on it."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests import engine
from tests.filings import make_filing
from tests.portal import RunningPortal
from tests.postgres import Cluster
from tests.staff import enrol


@pytest.mark.postgres
def test_a_portal_stands_on_postgresql_where_that_is_asked(
    cluster: Cluster, prepared_database: str, tmp_path: Path
) -> None:
    """Filed, assigned and listed with the rights of each face's role; nothing of it is in SQLite's files."""
    with engine.chosen(cluster, prepared_database) as chosen:
        portal = RunningPortal(tmp_path / "data").start()
        try:
            filing = make_filing(portal.api()["name"])
            assert httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body)).status_code == 201
            reviewer = enrol(portal, "ana", "reviewer")
            reviewer.sign_in()
            assert portal.cli("staff", "assign", "ana", filing.prepared.case[:10]).returncode == 0
            assert filing.prepared.case[:4] in reviewer.client.get("/office").text
            assert [row.id for row in portal.rows("SELECT id FROM petition_case")] == [filing.prepared.case]
            assert f"case/{filing.prepared.case}" in portal.wrapped_keys()
            assert not list(portal.data.glob("*.db"))
            kept = portal.database_bytes()
            assert any(name.endswith("/log") for name in kept)
            assert filing.prepared.case.encode() in kept["petition_case"]
        finally:
            portal.stop()
            chosen.drop_below(tmp_path)
