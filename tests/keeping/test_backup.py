"""Laws L7 and L8 for backups: nothing acknowledged is missing, nothing is in the open, nothing is written over."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from app.client.keyring import load_root
from crypto.keys import standing_keys
from crypto.opening import HybridIdentity, open_bytes
from crypto.secret import SecretBytes
from tests.attacks.test_many_filers import file_all
from tests.filings import make_filing
from tests.keeping.conftest import Keeper
from tests.portal import RunningPortal, resguardo

EVIDENCE = os.urandom(700_000)  # larger than what is kept in rows


def upload_and_file(portal: RunningPortal) -> str:
    """File a petition with an evidence file that lies beside the database; return the case."""
    filing = make_filing(portal.api()["name"], evidence=EVIDENCE)
    for sha256, data in filing.uploads.items():
        answer = httpx2.put(f"{portal.url}/api/v1/uploads/{filing.body['upload']}/{sha256}", content=data)
        assert answer.status_code == 204, answer.text
    answer = httpx2.post(f"{portal.url}/api/v1/petitions", json=dict(filing.body))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case"])


def test_a_backup_comes_back_whole_and_read_only(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, elsewhere: Callable[..., RunningPortal]
) -> None:
    """Rows, sealed files, keys: all there on another host, which explains why it takes nothing new."""
    portal = new_portal()
    case = upload_and_file(portal)
    file = keeper.back_up(portal)
    there = elsewhere()
    done = keeper.restore(file, there)
    assert done.returncode == 0, done.stderr
    blobs = {path.name for path in portal.data.glob("blobs/??/*")}
    assert blobs
    assert {path.name for path in there.data.glob("blobs/??/*")} == blobs
    there.start()
    health = httpx2.get(f"{there.url}/health", headers={"accept-language": "en"})
    assert (health.status_code, health.json()["log"]) == (503, "restored")
    assert "restored from a backup" in health.json()["detail"]
    assert there.api()["standing"] == "restored"
    page = httpx2.get(f"{there.url}/", headers={"accept-language": "en"}).text
    assert "restored from a backup and is read-only" in page
    filing = make_filing(there.api()["name"])
    refused = httpx2.post(f"{there.url}/api/v1/petitions", json=dict(filing.body))
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:resguardo:problem:read_only")
    assert [row.id for row in there.rows("SELECT id FROM petition_case")] == [case]
    there.stop()


@pytest.mark.long
def test_a_restore_brings_no_destroyed_version_back(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, elsewhere: Callable[..., RunningPortal]
) -> None:
    """A version of a record that is not in the data any more: its key stays gone, though the file of keys has it."""
    portal = new_portal()
    case = upload_and_file(portal)
    destroyed = f"record/{case}/record/0"
    portal.change_keys(
        "INSERT INTO data_key (name, wrapped) SELECT :name, wrapped FROM data_key WHERE name LIKE 'record/%'",
        name=destroyed,
    )
    file = keeper.back_up(portal)
    there = elsewhere()
    done = keeper.restore(file, there)
    assert done.returncode == 0, done.stderr
    names = {name for name in there.wrapped_keys() if case in name}
    assert names == {f"case/{case}", f"log/{case}", f"record/{case}/record/1"}


def test_a_backup_shows_nothing(new_portal: Callable[..., RunningPortal], keeper: Keeper) -> None:
    """Neither seeds nor rows nor names of cases stand in either file, and nobody else may read them."""
    portal = new_portal()
    case = upload_and_file(portal)
    file = keeper.back_up(portal)
    seeds = [path.read_text().strip() for path in (portal.data / "keys").glob("*.seed")]
    assert len(seeds) == 4
    for path in (file, file.with_name("backup.age.keys")):
        data = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        assert not any(seed.encode() in data or bytes.fromhex(seed) in data for seed in seeds)
        assert case.encode() not in data
        assert b"SQLite" not in data
    assert not list(portal.data.glob("backup-*")), "the copies are gone"


def test_keys_are_in_the_file_of_keys_only(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, tmp_path: Path
) -> None:
    """Law L8: the file that is kept for years holds no data key, so a destroyed case stays destroyed in it."""
    portal = new_portal()
    upload_and_file(portal)
    file = keeper.back_up(portal)
    wrapped = list(portal.wrapped_keys().values())
    root = load_root(keeper.key, lambda: SecretBytes(b"not needed"))
    identity = HybridIdentity(standing_keys(root).seed)
    data = open_bytes(file.read_bytes(), [identity])
    keys = open_bytes(file.with_name("backup.age.keys").read_bytes(), [identity])
    assert wrapped
    assert not any(each in data for each in wrapped)
    assert all(each in keys for each in wrapped)


@pytest.mark.long
def test_nothing_is_written_over(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, elsewhere: Callable[..., RunningPortal]
) -> None:
    """Neither an older backup nor a data folder with something in it."""
    portal = new_portal()
    file = keeper.back_up(portal)
    before = file.read_bytes()
    again = portal.cli("backup", file, "--to", keeper.key / "holder.txt")
    assert (again.returncode, file.read_bytes()) == (2, before)
    there = elsewhere()
    there.data.mkdir()
    (there.data / "mine.txt").write_text("mine")
    refused = keeper.restore(file, there)
    assert refused.returncode == 2
    assert "already holds something" in refused.stderr
    assert [path.name for path in there.data.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("attack", ["changed", "cut", "other key", "no keys", "swapped"])
def test_a_backup_that_is_not_whole_restores_nothing(
    new_portal: Callable[..., RunningPortal],
    keeper: Keeper,
    elsewhere: Callable[..., RunningPortal],
    attack: str,
    tmp_path: Path,
) -> None:
    """Changed, cut off, sealed to somebody else, without its keys, or the two files exchanged: nothing appears."""
    file = keeper.back_up(new_portal())
    keys = file.with_name("backup.age.keys")
    more: list[str | Path] = []
    if attack == "changed":
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    elif attack == "cut":
        file.write_bytes(file.read_bytes()[:-70_000])
    elif attack == "other key":
        assert resguardo("key", "new", "--out", tmp_path / "other").returncode == 0
        more = ["--key", tmp_path / "other"]
    elif attack == "no keys":
        keys.unlink()
    else:
        more = ["--keys", file]
        file = keys
    there = elsewhere()
    refused = keeper.restore(file, there, *more)
    assert refused.returncode == 2, refused.stdout
    assert not there.data.exists()
    assert list(there.data.parent.iterdir()) in ([], [there.temporary])


@pytest.mark.long
def test_a_missing_sealed_file_is_said(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, elsewhere: Callable[..., RunningPortal]
) -> None:
    """A backup is made of what there is, with status 1; restoring it takes a word of consent."""
    portal = new_portal()
    upload_and_file(portal)
    lost = next(iter(portal.data.glob("blobs/??/*")))
    lost.unlink()
    file = keeper.folder / "backup.age"
    done = portal.cli("backup", file, "--to", keeper.key / "holder.txt", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"]["blobs_lacking"] == [lost.name]
    there = elsewhere()
    assert keeper.restore(file, there).returncode == 2
    accepted = keeper.restore(file, there, "--accept-damage", "--json")
    assert json.loads(accepted.stdout)["lacking"] == 1


@pytest.mark.long
def test_backup_under_load_loses_nothing_acknowledged(
    new_portal: Callable[..., RunningPortal], keeper: Keeper, elsewhere: Callable[..., RunningPortal]
) -> None:
    """Law L7: 8 clients file at two workers meanwhile; what had its receipt before the backup began is in it."""
    portal = new_portal(workers=2)
    name = portal.api()["name"]
    first = [make_filing(name) for _ in range(24)]
    before = {answer["case"] for answer in file_all(portal, first) if answer}
    assert len(before) == len(first)
    later = [make_filing(name) for _ in range(96)]
    with ThreadPoolExecutor(1) as pool:
        answers = pool.submit(file_all, portal, later)
        file = keeper.back_up(portal)
        during = {answer["case"] for answer in answers.result() if answer}
    assert len(during) == len(later), "filing went on"
    there = elsewhere()
    assert keeper.restore(file, there).returncode == 0
    found = {row.id for row in there.rows("SELECT id FROM petition_case")}
    keys = set(there.wrapped_keys())
    assert before <= found <= before | during
    assert {"system", *(f"{kind}/{case}" for case in found for kind in ("case", "log"))} <= keys
    assert {name.split("/")[1] for name in keys - {"system"}} == found
