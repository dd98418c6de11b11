"""Law L7 when the database fails: callers hear what to do, neighbours keep their work, nothing is half-stored."""

from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.entities import CaseId, EntryKind, Role
from app.domain.errors import ServiceError
from app.domain.ports import EntryDraft, Face, Portal, Unit
from app.store import ledger, postgres
from app.wiring import Assembly
from tests.assembled import assembled
from tests.store.storage import PostgresStorage, Storage

DRAFT = EntryDraft(EntryKind.PORTAL_STARTED, "portal", Role.PORTAL)
ON_POSTGRES = pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)])


def append(portal: Portal) -> int:
    """Append one system entry and return its index."""
    return portal.ledger.write(lambda unit: unit.append(DRAFT)).entries[0].index


def entries(storage: Storage) -> int:
    """Return how many entries are stored."""
    return int(storage.rows("SELECT count(*) FROM log_entry")[0][0])


def run(statement: str) -> object:
    """Return work that runs a statement on the batch's own connection, then appends."""

    def work(unit: Unit) -> int:
        unit.staff._connection.execute(text(statement))  # type: ignore[attr-defined]  # the rows' own connection
        return unit.append(DRAFT)

    return work


def test_a_broken_constraint_harms_no_neighbour(portal: Assembly, storage: Storage) -> None:
    """One filing that the database refuses takes nobody's else with it, though they share a transaction."""

    def twice(unit: Unit) -> None:
        unit.append(DRAFT)
        unit.staff.add("twin", Role.REVIEWER, 0)
        unit.staff.add("twin", Role.REVIEWER, 0)

    def attempt(number: int) -> int | None:
        if number % 3:
            return append(portal.office)
        with pytest.raises(DBAPIError):
            portal.office.ledger.write(twice)
        return None

    with ThreadPoolExecutor(16) as pool:
        indexes = [index for index in pool.map(attempt, range(60)) if index is not None]
    assert sorted(indexes) == list(range(1, 41))
    assert entries(storage) == 41


@pytest.mark.parametrize("value", ["\ud800", "\0"], ids=["half a pair", "NUL"])
def test_text_that_no_database_holds_is_refused_by_name(portal: Assembly, engine_name: str, value: str) -> None:
    """Such text comes in JSON and in addresses; it is a refusal, not a crash (SQLite does hold NUL)."""
    if (engine_name, value) == ("sqlite", "\0"):
        with portal.petitioner.ledger.view() as view:
            assert view.cases.get(CaseId(value)) is None
        return
    with pytest.raises(ServiceError, match="characters"), portal.petitioner.ledger.view() as view:
        view.cases.get(CaseId(value))
    with pytest.raises(ServiceError, match="characters"):
        portal.office.ledger.write(lambda unit: unit.staff.add(value, Role.REVIEWER, 0))
    assert append(portal.office) == 1


def test_work_that_was_given_up_is_not_done_later(
    portal: Assembly, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was told that nothing is stored must not find it stored afterwards."""

    def given_up() -> None:
        with pytest.raises(ServiceError, match="storage_busy"):
            append(portal.office)

    monkeypatch.setattr(ledger, "WRITE_SECONDS", 0.3)
    other = storage.database.writer(Face.OFFICE)
    with other.turn():
        first = threading.Thread(target=given_up)
        first.start()
        time.sleep(0.1)  # the first waits for the turn; the second waits behind it
        with pytest.raises(ServiceError, match="storage_busy"):
            append(portal.office)
        first.join()
    monkeypatch.setattr(ledger, "WRITE_SECONDS", 30)
    other.close()
    assert append(portal.office) == 1
    assert entries(storage) == 2


@ON_POSTGRES
def test_a_full_disk_is_said(portal: Assembly, storage: Storage) -> None:
    """PostgreSQL's own code for it, raised by the engine inside the transaction."""
    full = "DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"
    with pytest.raises(ServiceError, match="storage_full"):
        portal.office.ledger.write(run(full))  # type: ignore[arg-type]  # work over a unit
    assert append(portal.office) == 1
    assert entries(storage) == 2


@ON_POSTGRES
def test_a_connection_that_dies_inside_a_batch_leaves_nothing(portal: Assembly, storage: Storage) -> None:
    """The next batch runs on a new connection."""
    with pytest.raises(ServiceError, match="storage_busy"):
        portal.office.ledger.write(run("SELECT pg_terminate_backend(pg_backend_pid())"))  # type: ignore[arg-type]  # work
    assert entries(storage) == 1
    assert append(portal.office) == 1


@ON_POSTGRES
def test_a_restarted_server_is_found_again(portal: Assembly, storage: PostgresStorage) -> None:
    """Connections that died while they were idle cost at most one answer of “busy” each, and no entry."""
    append(portal.office)
    with portal.office.ledger.view() as view:
        assert view.log.leaf(1)
    with storage.cluster.connected() as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (storage.name,),
        )
    assert append(portal.office) == 2
    with pytest.raises(ServiceError, match="storage_busy"), portal.office.ledger.view() as view:
        view.log.leaf(1)
    with portal.office.ledger.view() as view:
        assert view.log.leaf(2)


@ON_POSTGRES
def test_a_lock_that_nobody_gives_back_is_said(storage: PostgresStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the turn ends; the caller is told that the portal is busy."""
    monkeypatch.setitem(postgres._WRITER, "lock_timeout", "200ms")
    with assembled(storage.settings) as portal:
        other = storage.database.writer(Face.PETITIONER)
        with other.turn(), pytest.raises(ServiceError, match="storage_busy"):
            append(portal.office)
        other.close()
        assert append(portal.office) == 1


@ON_POSTGRES
def test_whoever_stops_inside_a_turn_is_cut_off(storage: PostgresStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen host does not hold the portal: the server ends its transaction, and what it did is undone."""
    with assembled(storage.settings) as portal:
        monkeypatch.setitem(postgres._WRITER, "idle_in_transaction_session_timeout", "300ms")
        frozen = storage.database.writer(Face.OFFICE)
        monkeypatch.undo()  # the portal itself may be as slow as its machine
        with contextlib.suppress(DBAPIError), frozen.turn() as connection:
            connection.execute(text("INSERT INTO log_batch VALUES (99, '')"))
            assert append(portal.petitioner) == 1  # waits until the other is cut off
        frozen.close()
    assert storage.rows("SELECT count(*) FROM log_batch WHERE size = 99")[0][0] == 0


@ON_POSTGRES
def test_a_view_that_takes_too_long_is_ended(portal: Assembly) -> None:
    """A slow question does not keep a connection for ever."""
    question = text("SELECT pg_sleep(600)")
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(portal.office.ledger.view()).cases._connection  # type: ignore[attr-defined]  # its own
        assert connection.scalar(text("SHOW statement_timeout")) == postgres._READER["statement_timeout"] == "20s"
        connection.execute(text("SET LOCAL statement_timeout = '100ms'"))
        with pytest.raises(ServiceError, match="storage_busy"), stack:
            connection.execute(question)
