"""Law L5 after a true loss: never a silent continue; a successor that auditors and petitioners can follow."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.attacks.test_many_filers import file_all
from tests.engine import lose_database
from tests.filings import make_filing
from tests.keeping.conftest import Keeper
from tests.portal import RunningPortal, resguardo

EXAMPLE = Path(__file__).parents[1] / "vectors" / "petitions" / "petition_example_es.yaml"


def file_with_client(portal: RunningPortal, folder: Path) -> None:
    """File as a petitioner does; the words lie beside the case."""
    done = resguardo("file", EXAMPLE, "--portal", portal.url, "--out", folder, "--yes", timeout=600)
    assert done.returncode == 0, (done.stdout, done.stderr)


def audit(portal: RunningPortal, *more: str | Path) -> tuple[int, dict[str, Any]]:
    """Audit and return status and report."""
    done = resguardo("audit", portal.url, "--json", *more)
    return done.returncode, json.loads(done.stdout)


def codes(report: dict[str, Any]) -> set[str]:
    """Return the codes of a report's findings."""
    return {finding["code"] for finding in report["findings"]}


def wait_for_size(portal: RunningPortal, size: int) -> None:
    """Wait until that many entries are published."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if int(httpx2.get(f"{portal.url}/log/checkpoint").text.split("\n")[1]) >= size:
            return
        time.sleep(0.2)
    raise AssertionError("not published")


@pytest.mark.long
def test_a_loss_is_succeeded_in_the_open(
    new_portal: Callable[..., RunningPortal],
    keeper: Keeper,
    elsewhere: Callable[..., RunningPortal],
    tmp_path: Path,
) -> None:
    """Backup, more filings, the disk is gone: restored elsewhere, succeeded, audited, and petitioners go on."""
    portal = new_portal()
    case = tmp_path / "case"
    file_with_client(portal, case)
    old_key = portal.api()["log_vkey"]
    history = resguardo("history", "--case", case)
    assert history.returncode == 0, history.stderr
    file = keeper.back_up(portal)
    kept = int(keeper_size(portal))

    lost = [make_filing(portal.api()["name"]) for _ in range(3)]
    assert None not in file_all(portal, lost)
    wait_for_size(portal, kept + 3)
    state = tmp_path / "state.json"
    assert audit(portal, "--key", old_key, "--state", state)[0] == 0
    checkpoint = tmp_path / "checkpoint"
    checkpoint.write_text(httpx2.get(f"{portal.url}/log/checkpoint").text)
    port = portal.port
    portal.kill()

    there = elsewhere()
    there.port = port  # the same address, on another host
    assert keeper.restore(file, there).returncode == 0
    asked = there.cli("log", "recover")
    assert asked.returncode == 2
    assert there.cli("log", "recover", "--continue").returncode == 2, "a new host's guard knows nothing"
    made = there.cli_json("log", "recover", "--successor", "--checkpoint", checkpoint)
    assert (made["kept"]["size"], made["known"]["size"], made["lost"]) == (kept, kept + 3, 3)
    there.start()
    new_key = there.api()["log_vkey"]
    assert new_key == made["to"]["log_vkey"] != old_key
    assert httpx2.get(f"{there.url}/health").json() == {"status": "ok", "log": "whole"}
    wait_for_size(there, kept + 1)

    # an auditor who kept the state: a finding, what was lost, and no silent continue
    status, report = audit(there, "--state", state)
    assert status == 1
    assert codes(report) == {"succeeded", "lost"}
    assert {"first": kept, "last": kept + 2} in [item["where"] for item in report["findings"]]
    assert json.loads(state.read_text())["vkey"] == old_key, "the new key is the portal's own word"
    status, report = audit(there, "--state", state, "--key", new_key)
    assert (status, codes(report)) == (1, {"succeeded", "lost"})
    assert audit(there, "--state", state, "--key", new_key)[0] == 0, "accepted: the state went on"
    assert (tmp_path / f"state.json.before-{kept + 3}").exists()
    fresh, report = audit(there, "--key", new_key)
    assert fresh == 0
    assert [item["code"] for item in report["remarks"]] == ["successor-of-another-log"]
    status, report = audit(there, "--receipts", case)
    assert (status, codes(report)) == (1, {"succeeded", "lost"})

    # the former log stays readable, under its own key
    former = httpx2.get(f"{there.url}/log/before/1/checkpoint").text
    assert former.startswith(old_key.split("+")[0] + "\n")
    assert httpx2.get(f"{there.url}/log/before/2/checkpoint").status_code == 404

    # the petitioner of before goes on, and is told
    history = resguardo("history", "--case", case)
    assert history.returncode == 0, history.stderr
    assert "this portal said that it lost data" in history.stderr
    assert "The portal received the petition" in history.stdout
    code = json.loads((case / "case.json").read_text())["status_code"]
    assert resguardo("status", code, "--portal", there.url, "--case", case).returncode == 0
    opened = resguardo("open", "--case", case)
    assert opened.returncode == 0, opened.stderr
    # who filed after the backup has a receipt that proves the loss, and files again
    assert None not in file_all(there, lost)
    there.stop()


def keeper_size(portal: RunningPortal) -> int:
    """Return how many entries the log has."""
    return int(portal.rows("SELECT size FROM log_head")[0].size)


@pytest.mark.long
def test_the_log_goes_on_where_the_guard_shows_that_nothing_is_missing(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, tmp_path: Path
) -> None:
    """The same host, its guard, and a backup that reaches it: an entry says that the log was restored."""
    portal = new_portal()
    assert file_all(portal, [make_filing(portal.api()["name"])]) != [None]
    portal.stop()
    file = keeper.back_up(portal)
    portal.data.rename(tmp_path / "broken")
    lose_database(portal.data)
    assert keeper.restore(file, portal).returncode == 0
    assert portal.cli_json("log", "recover", "--continue")["way"] == "continue"
    portal.start()
    assert httpx2.get(f"{portal.url}/health").status_code == 200
    assert portal.cli("log", "recover").returncode == 2, "there is nothing to recover any more"


def test_a_false_history_is_not_succeeded(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, elsewhere: Callable[..., RunningPortal], tmp_path: Path
) -> None:
    """A checkpoint that is not this log's, or contradicts the data, stops the recovery."""
    portal = new_portal()
    file = keeper.back_up(portal)
    there = elsewhere()
    assert keeper.restore(file, there).returncode == 0
    forged = tmp_path / "forged"
    origin, size, *rest = httpx2.get(f"{portal.url}/log/checkpoint").text.split("\n")
    forged.write_text("\n".join((origin, str(int(size) + 1), *rest)))
    refused = there.cli("log", "recover", "--successor", "--checkpoint", forged)
    assert refused.returncode == 2
    assert "no checkpoint of this log" in refused.stderr
    assert json.loads((there.data / "portal.json").read_text()).get("generation", 1) == 1
