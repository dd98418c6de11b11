"""One form of backup for both engines: rows of one snapshot, out of whatever the portal runs on and back into it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from app.audit.finding import Remark, Report
from app.audit.openings import check_openings, load_openings
from app.audit.tree import Tree
from app.domain.entities import CaseId, Role, StaffMember, StaffState, Stage
from app.domain.errors import ServiceError
from app.keeping.archive import Target
from app.keeping.backup import Order, make_backup
from app.keeping.errors import KeepingError
from app.keeping.recover import assess, make_successor_log
from app.keeping.restore import Wanted, restore_backup
from app.usecases.destroy_cases import announce, destroy, finish, plan_retention
from app.usecases.file_petition import file_petition
from app.usecases.hand_out_openings import hand_out_openings
from app.wiring import _publish_once, standing_of
from crypto.age import hybrid_recipient
from crypto.opening import HybridIdentity, open_stream
from crypto.secret import SecretBytes
from tests.assembled import assembled
from tests.filings import make_filing
from tests.store.storage import PostgresStorage, SqliteStorage, Storage

SEED = SecretBytes(b"k" * 32)
NOW = 1_790_000_000
_TABLES = ("log_entry", "log_opening", "petition_case", "case_card", "redacted_record", "part", "sealed_object")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Storage, Storage]]:
    """A portal's storage, and an empty one on another host."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    if request.param == "sqlite":
        yield SqliteStorage(here), SqliteStorage(there)
        return
    cluster = request.getfixturevalue("cluster")
    made = PostgresStorage(here, cluster, None), PostgresStorage(there, cluster, None)
    yield made
    for each in made:
        each.drop()


def opened(file: BinaryIO, target: Target) -> None:
    """Open a backup as its holder does."""
    open_stream(file, target, [HybridIdentity(SEED)])


def back_up(storage: Storage) -> Path:
    """Back a portal up and return the file of data."""
    file = storage.folder / "backup.age"
    made = make_backup(
        Order(storage.settings, file, file.with_name("backup.age.keys"), [hybrid_recipient(SEED)], NOW, os.urandom)
    )
    assert made.whole
    return file


def restore(storage: Storage, file: Path) -> None:
    """Restore into a storage."""
    restore_backup(Wanted(storage.settings, file, file.with_name("backup.age.keys"), opened, NOW + 60))


def test_rows_come_back_as_they_were(places: tuple[Storage, Storage]) -> None:
    """Every table's rows, the log's root, and a successor that signs: on either engine."""
    here, there = places
    with assembled(here.settings) as portal:
        for _ in range(3):
            file_petition(portal.petitioner, make_filing(portal.public.facts.name).body)
        file = back_up(here)
        file_petition(portal.petitioner, make_filing(portal.public.facts.name).body)
    restore(there, file)
    for table in _TABLES:
        before = here.rows(f"SELECT * FROM {table} ORDER BY 1")
        after = there.rows(f"SELECT * FROM {table} ORDER BY 1")
        assert after, table
        assert set(map(repr, after)) < set(map(repr, before)), table
    assert standing_of(there.settings) == "restored"
    with pytest.raises(KeepingError, match="data_there"):
        restore(there, file)
    situation = assess(there.settings)
    assert (situation.kept.size, situation.continuable) == (4, False)
    successor = make_successor_log(there.settings, situation, NOW + 120, os.urandom)
    assert standing_of(there.settings) == "whole"
    with assembled(there.settings) as portal:
        filed = file_petition(portal.petitioner, make_filing(portal.public.facts.name).body)
        assert filed.entry_index == 5
        assert successor.log_origin in filed.receipt
        assert portal.public.log.checkpoint().startswith(successor.log_origin + "\n5\n")


def test_a_restored_portal_signs_nothing(places: tuple[Storage, Storage]) -> None:
    """Law L5: a new host without a guard neither continues the log nor teaches the guard what the backup says."""
    here, there = places
    with assembled(here.settings) as portal:
        filing = make_filing(portal.public.facts.name)
        file_petition(portal.petitioner, filing.body)
        file = back_up(here)
    restore(there, file)
    with assembled(there.settings) as portal:
        with pytest.raises(ServiceError, match="read_only"):
            file_petition(portal.petitioner, make_filing(portal.public.facts.name).body)
        with pytest.raises(ServiceError, match="read_only"):
            file_petition(portal.petitioner, filing.body)  # its receipt would have to be signed again
    assert not assess(there.settings).continuable


def test_retention_on_each_engine(places: tuple[Storage, Storage], tmp_path: Path) -> None:
    """The petitioners' role may do it; an auditor's openings name what ended, and a log entry certifies it."""
    here, _ = places
    with assembled(here.settings) as portal:
        filed = [file_petition(portal.petitioner, make_filing(portal.public.facts.name).body) for _ in range(2)]
        case, other = CaseId(filed[0].case), CaseId(filed[1].case)
        here.tamper(
            "UPDATE petition_case SET stage = 'WITHDRAWN', received_at = 1700000000 WHERE id = :case", case=case
        )
        schedule, today = {Stage.WITHDRAWN: 10}, date(2026, 3, 1)
        (plan,) = plan_retention(portal.petitioner, schedule, today)
        assert announce(portal.petitioner, [plan], today) == 1
        later = today + timedelta(days=30)
        (plan,) = plan_retention(portal.petitioner, schedule, later)
        assert plan.is_due(later)
        destroy(portal.petitioner, plan)
        finish(portal.petitioner)
        with portal.petitioner.ledger.view() as view:
            assert view.cases.get(case) is None
            assert view.cases.get(other) is not None
            assert view.cases.matching(case[:8]) == []
        _publish_once(here.settings)
        auditor = StaffMember(1, "alba", Role.AUDITOR, StaffState.ACTIVE)
        told = hand_out_openings(portal.office, auditor, 0, 100)
        file = tmp_path / "openings.json"
        file.write_text(json.dumps(told))
        report = Report()
        handed = load_openings(file, report)
        with portal.public.ledger.view() as view:
            leaves = {index: view.log.leaf(index) or b"" for index in range(6)}
        check_openings(handed, Tree(6, entries=leaves), report)
    assert told["destroyed"] == [filed[0].entry_index, 3], "the filing, and the announcement"
    destroyed = next(each for each in handed.openings if each.values()["kind"] == "case_destroyed")
    assert destroyed.values()["detail"] == "WITHDRAWN+10 1,3"
    assert [(note.code, note.where["count"]) for note in report.remarks if "count" in note.where] == [
        (Remark.DESTROYED, 2)
    ]
