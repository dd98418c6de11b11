"""Law L5 against the real portal: an owner with the database rewrites history, and the auditor says where."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.filings import make_filing
from tests.portal import RunningPortal, resguardo

FILED = 6
OWN = 2
"""Entries that a new portal writes of itself: that it began, and which code it serves."""


def wait_for_size(portal: RunningPortal, size: int) -> None:
    """Wait until a tick has let out at least `size` entries."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if int(httpx2.get(f"{portal.url}/log/checkpoint").text.split("\n")[1]) >= size:
            return
        time.sleep(0.1)
    raise AssertionError("the log was not published")


def file_one(portal: RunningPortal, folder: Path) -> None:
    """File a petition and keep its receipt."""
    filing = make_filing(portal.api()["name"])
    answer = httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body))
    folder.mkdir(exist_ok=True)
    (folder / f"{answer.json()['case']}.tlog-proof").write_text(answer.json()["receipt"])


def audit(portal: RunningPortal, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Audit over HTTP and return exit status and answer."""
    done = resguardo("audit", portal.url, *arguments, "--json")
    return done.returncode, json.loads(done.stdout)


def audit_when_due(portal: RunningPortal, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Audit; a receipt's entry may be pending for two ticks, a second each here: an innocent answer is asked again."""
    deadline = time.monotonic() + 600
    status, answer = audit(portal, *arguments)
    while status == 0 and time.monotonic() < deadline:
        time.sleep(0.5)
        status, answer = audit(portal, *arguments)
    return status, answer


COPIED = pytest.mark.sqlite_files(
    "a copied data folder is changed; rows of either engine: tests/store/test_sequencer.py"
)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunningPortal, Path]:
    """A stopped portal with some filings; beside its data an auditor's state and the filers' receipts."""
    folder = tmp_path_factory.mktemp("baseline")
    portal = RunningPortal(folder / "data").start()
    try:
        for _ in range(FILED):
            file_one(portal, folder / "receipts")
        wait_for_size(portal, OWN + FILED)
        status, answer = audit(portal, "--trust-portal-key", "--state", folder / "state.json")
        assert (status, answer["ok"]) == (0, True), answer
    finally:
        portal.stop()
    return portal, folder


@pytest.fixture
def witnessed(
    baseline: tuple[RunningPortal, Path], new_portal: Callable[..., RunningPortal], tmp_path: Path
) -> tuple[RunningPortal, Path, Path]:
    """A copy of it that a test may do anything to, not yet started, at the same address."""
    original, folder = baseline
    for kept in folder.iterdir():
        (shutil.copytree if kept.is_dir() else shutil.copy2)(kept, tmp_path / kept.name)
    portal = new_portal(start=False, port=original.port)
    return portal, tmp_path / "state.json", tmp_path / "receipts"


def rewrite(portal: RunningPortal, *statements: str) -> None:
    """Change the database behind the portal's back, as its owner can."""
    with sqlite3.connect(portal.data / "portal.db") as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    db.close()


_OTHER = "CASE substr(leaf, 51, 1) WHEN x'00' THEN x'01' ELSE x'00' END"  # its bytes are random: none stays as it is
TAMPERINGS = {
    "one byte of an entry": (
        f"UPDATE log_entry SET leaf = CAST(substr(leaf, 1, 50) || {_OTHER} || substr(leaf, 52) AS BLOB) WHERE idx = 3",
    ),
    "an entry made text": (
        f"UPDATE log_entry SET leaf = substr(leaf, 1, 50) || {_OTHER} || substr(leaf, 52) WHERE idx = 3",
    ),
    "a deleted row": ("DELETE FROM log_entry WHERE idx = 3",),
    "a doubled row": ("UPDATE log_entry SET leaf = (SELECT leaf FROM log_entry WHERE idx = 2) WHERE idx = 3",),
    "two swapped rows": (
        "CREATE TEMP TABLE kept AS SELECT idx, leaf FROM log_entry WHERE idx IN (2, 3)",
        "UPDATE log_entry SET leaf = (SELECT leaf FROM kept WHERE idx = 5 - log_entry.idx) WHERE idx IN (2, 3)",
    ),
}


SHORT = ("one byte of an entry", "a deleted row")


@COPIED
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SHORT else pytest.mark.long) for name in TAMPERINGS]
)
def test_rewritten_rows_are_convicted(witnessed: tuple[RunningPortal, Path, Path], name: str) -> None:
    """With kept state and with receipts alike: evidence of tampering, and the place."""
    portal, state, receipts = witnessed
    rewrite(portal, *TAMPERINGS[name])
    portal.start()
    for arguments in (("--state", state, "--trust-portal-key"), ("--receipts", receipts, "--trust-portal-key")):
        status, answer = audit(portal, *arguments)
        assert status == 1, (arguments, answer)
        assert answer["findings"], answer


@COPIED
def test_cut_tail_is_convicted(witnessed: tuple[RunningPortal, Path, Path]) -> None:
    """A shorter log with a freshly signed checkpoint does not pass for the older one."""
    portal, state, receipts = witnessed
    _forge(portal, 4)
    portal.start()
    for arguments in (("--state", state, "--trust-portal-key"), ("--receipts", receipts, "--trust-portal-key")):
        status, answer = audit_when_due(portal, *arguments)
        assert status == 1, (arguments, answer)


@COPIED
def test_restored_older_database_is_convicted(new_portal: Callable[..., RunningPortal], tmp_path: Path) -> None:
    """After a restore the portal serves, read-only, what its auditor already knows to be old."""
    portal = new_portal()
    file_one(portal, tmp_path / "receipts")
    wait_for_size(portal, OWN + 1)
    portal.stop()
    shutil.copytree(portal.data, tmp_path / "older")
    portal.start()
    file_one(portal, tmp_path / "receipts")
    wait_for_size(portal, OWN + 2)
    state = tmp_path / "state.json"
    assert audit(portal, "--trust-portal-key", "--state", state)[0] == 0
    portal.stop()
    shutil.rmtree(portal.data)
    shutil.copytree(tmp_path / "older", portal.data)
    portal.start()
    assert httpx2.get(f"{portal.url}/health").json()["log"] == "behind"
    answer = httpx2.post(
        f"{portal.url}/api/v1/petitions", json=dict(make_filing(portal.api()["name"]).body), timeout=600
    )
    assert answer.json()["type"] == "urn:resguardo:problem:read_only"
    for arguments in (
        ("--state", state, "--trust-portal-key"),
        ("--receipts", tmp_path / "receipts", "--trust-portal-key"),
    ):
        status, found = audit_when_due(portal, *arguments)
        assert status == 1, (arguments, found)


@COPIED
def test_another_key_is_convicted(witnessed: tuple[RunningPortal, Path, Path]) -> None:
    """A portal that starts over under a new key is not the log that was witnessed."""
    portal, state, receipts = witnessed
    key = portal.data / "keys" / "log.seed"
    key.chmod(0o600)
    key.write_text("11" * 32 + "\n")
    _forge(portal, OWN + FILED)
    portal.start()
    receipt = next(receipts.iterdir())
    for arguments in (("--state", state), ("--receipt", receipt), ("--state", state, "--trust-portal-key")):
        status, answer = audit(portal, *arguments)
        assert status == 1, (arguments, answer)


def test_without_key_nothing_is_claimed(shared_portal: RunningPortal) -> None:
    """No key given: the auditor could not check, and says so with its own exit status."""
    assert audit(shared_portal)[0] == 2


def _forge(portal: RunningPortal, size: int) -> None:
    """Rewrite head, batches and publication to a shorter log, signed with whatever key lies there; no guard is left."""
    from app.config import read_settings
    from app.store.keyring import read_keyring
    from crypto.log.checkpoint import Checkpoint, sign_checkpoint
    from crypto.log.merkle import CompactRange, leaf_hash

    Path(portal.environment["RESGUARDO_GUARD"]).unlink()
    keyring = read_keyring(read_settings(portal.environment).data)
    with sqlite3.connect(portal.data / "portal.db") as db:
        edge = CompactRange()
        for (leaf,) in db.execute("SELECT leaf FROM log_entry WHERE idx < ? ORDER BY idx", (size,)):
            edge.append(leaf_hash(leaf))
        signed = sign_checkpoint(
            Checkpoint(keyring.log_origin, size, edge.root()), [keyring.log], [keyring.log_pq], int(time.time())
        )
        db.execute("DELETE FROM log_entry WHERE idx >= ?", (size,))
        db.execute("DELETE FROM log_opening WHERE idx >= ?", (size,))
        db.execute("DELETE FROM log_batch WHERE size >= ?", (size,))
        db.execute("DELETE FROM log_publication")
        db.execute("INSERT INTO log_batch VALUES (?, ?)", (size, edge.root()))
        db.execute("INSERT INTO log_publication VALUES (?, ?, ?)", (int(time.time()), size, signed))
        db.execute("UPDATE log_head SET size = ?, edge = ?", (size, edge.to_bytes()))
        db.commit()
    db.close()
