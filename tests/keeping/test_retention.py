"""Law L8: what was announced and is over is gone, from folder, write-ahead log and later backups; the log holds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import httpx2
import pytest

from app.client.keyring import load_root
from app.domain.entities import CaseId, Stage
from app.domain.retention import Announced, announcement, planned
from crypto.keys import standing_keys
from crypto.note import NoteType, NoteVerifier, open_typed
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes
from tests.filings import make_filing
from tests.keeping.conftest import Keeper
from tests.keeping.test_recover import audit, keeper_size, wait_for_size
from tests.portal import RunningPortal

TODAY = date(2026, 3, 1)
CASE = CaseId("a" * 26)
SCHEDULE = {Stage.WITHDRAWN: 100, Stage.DECLINED: 0}


def test_a_stage_without_a_time_is_kept() -> None:
    """0 is never, and a case that goes on has no end."""
    for stage in (Stage.DECLINED, Stage.FILED, Stage.US_REVIEW):
        assert planned(CASE, stage, TODAY, SCHEDULE, None) is None


def test_nothing_is_destroyed_that_was_not_announced() -> None:
    """Long over, never announced: it is announced today, and goes thirty days later at the soonest."""
    plan = planned(CASE, Stage.WITHDRAWN, TODAY - timedelta(days=1000), SCHEDULE, None)
    assert plan is not None
    assert not plan.is_due(TODAY)
    assert plan.is_to_announce(TODAY)
    told = announcement(plan, TODAY, 0)
    assert told.day == TODAY + timedelta(days=30)
    again = planned(CASE, Stage.WITHDRAWN, plan.since, SCHEDULE, told)
    assert again is not None
    assert [again.is_due(TODAY + timedelta(days=days)) for days in (29, 30)] == [False, True]


def test_a_longer_schedule_is_kept_to_after_an_announcement() -> None:
    """Announced for a day, then kept longer: the later day counts."""
    told = Announced(CASE, 0, TODAY, "WITHDRAWN+100")
    plan = planned(CASE, Stage.WITHDRAWN, TODAY, {Stage.WITHDRAWN: 500}, told)
    assert plan is not None
    assert not plan.is_due(TODAY + timedelta(days=499))


def bytes_below(*folders: Path) -> bytes:
    """Return everything that files hold, the write-ahead log too."""
    return b"".join(path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


def end_it(portal: RunningPortal, case: str) -> None:
    """Let a case have ended long ago and been announced long ago: the clock cannot be waited for."""
    portal.change("UPDATE petition_case SET stage = 'WITHDRAWN', received_at = 1700000000 WHERE id = :id", id=case)


@pytest.mark.long
def test_a_destroyed_case_is_gone_everywhere_and_the_audit_holds(
    new_portal: Callable[..., RunningPortal], keeper: Keeper
) -> None:
    """Keys, rows and sealed files of the one, nothing of the other; certificate under the code; openings; audit."""
    portal = new_portal()
    name = portal.api()["name"]
    gone, stays = make_filing(name, evidence=os.urandom(700_000)), make_filing(name)
    cases = []
    for filing in (gone, stays):
        for sha256, part in filing.uploads.items():
            httpx2.put(f"{portal.url}/api/v1/uploads/{filing.body['upload']}/{sha256}", content=part)
        cases.append(httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body)).json()["case"])
    case, other = cases
    end_it(portal, case)
    rows = [(name, wrapped) for name, wrapped in portal.wrapped_keys().items() if case in name]
    assert {row[0].split("/")[0] for row in rows} == {"case", "log", "record"}
    blobs = {path.name for path in portal.data.glob("blobs/??/*")}
    assert blobs

    (shown,) = portal.cli_json("retention")
    assert (shown["case"], shown["state"]) == (case, "to_announce")
    (told,) = portal.cli_json("retention", "--run")
    assert told["state"] == "announced"
    assert told["day"] > "2026-01-01"
    code = {"code": gone.prepared.status_code}
    assert httpx2.post(f"{portal.url}/api/v1/status", json=code).json()["destroyed_from"] == told["day"]
    assert portal.cli_json("retention", "--run")[0]["state"] == "announced", "the warning's time is kept"
    portal.change("UPDATE retention SET day = '2024-01-01'")
    assert portal.cli_json("retention", "--run")[0]["state"] == "destroyed"
    assert portal.cli_json("retention", "--run") == []

    left = set(portal.wrapped_keys())
    assert not [each for each in left if case in each]
    assert [each for each in left if other in each]
    assert not {path.name for path in portal.data.glob("blobs/??/*")} & blobs
    everything = bytes_below(portal.data)
    assert not [row[0] for row in rows if row[1] in everything], "folder, database and write-ahead log"
    file = keeper.back_up(portal)
    root = load_root(keeper.key, lambda: SecretBytes(b"not needed"))
    identity = HybridIdentity(standing_keys(root).seed)
    later = b"".join(open_bytes(path.read_bytes(), [identity]) for path in (file, file.with_name("backup.age.keys")))
    assert not [row[0] for row in rows if row[1] in later], "nor a later backup"

    answer = httpx2.post(f"{portal.url}/api/v1/status", json=code).json()
    about = portal.api()
    certificate = open_typed(answer["certificate"], NoteType.CERTIFICATE, [NoteVerifier.parse(about["statement_vkey"])])
    assert (certificate["case"], certificate["rule"]) == (case, "WITHDRAWN+180")
    page = httpx2.post(f"{portal.url}/status", data=code, headers={"accept-language": "en"})
    assert "This case was destroyed" in page.text
    done = portal.cli("status", gone.prepared.status_code, "--portal", portal.url)
    assert "was destroyed on" in done.stderr
    assert httpx2.post(f"{portal.url}/api/v1/status", json={"code": stays.prepared.status_code}).status_code == 200
    wait_for_size(portal, keeper_size(portal))
    status, report = audit(portal, "--key", about["log_vkey"])
    assert (status, report["findings"]) == (0, [])
    checked = json.loads(portal.cli("check", "--json").stdout)
    assert checked["ok"], checked
