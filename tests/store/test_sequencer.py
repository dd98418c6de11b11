"""Laws L4, L5, L7 at the sequencer: one history, nothing half-stored, nothing signed behind the guard."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.config import Settings
from app.domain.entities import EntryKind, Role
from app.domain.errors import ServiceError
from app.domain.ports import EntryDraft, Portal, Unit
from app.wiring import Assembly
from crypto.log.checkpoint import parse_verifier, verify_checkpoint
from crypto.log.leaf import Leaf
from crypto.log.merkle import leaf_hash, root_of
from crypto.log.proof import LogProof
from tests.assembled import assembled
from tests.store.storage import Storage

DRAFT = EntryDraft(EntryKind.PORTAL_STARTED, "portal", Role.PORTAL)


def append(portal: Portal) -> int:
    """Append one system entry and return its index."""
    return portal.ledger.write(lambda unit: unit.append(DRAFT)).entries[0].index


def leaves(storage: Storage) -> list[bytes]:
    """Return all entries as the database has them."""
    return [bytes(leaf) for (leaf,) in storage.rows("SELECT leaf FROM log_entry ORDER BY idx")]


def test_many_writers_of_both_faces_leave_one_history(portal: Assembly, storage: Storage) -> None:
    """No gap, no double: indexes are handed out inside the transaction."""
    faces = [portal.petitioner, portal.office]
    with ThreadPoolExecutor(16) as pool:
        indexes = list(pool.map(lambda number: append(faces[number % 2]), range(600)))
    assert sorted(indexes) == list(range(1, 601))
    proof = LogProof.parse(portal.office.ledger.receipt_proof(600))
    checkpoint = proof.verify(
        leaves(storage)[600], portal.office.facts.log_origin, [parse_verifier(portal.office.facts.log_vkey)]
    )
    assert checkpoint.root == root_of(leaf_hash(leaf) for leaf in leaves(storage)[: checkpoint.size])


def test_every_entry_has_a_proof_across_tile_boundaries(portal: Assembly, storage: Storage) -> None:
    """Full tiles, partial tiles and their roots give the same tree."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: append(portal.office), range(530)))
    facts = portal.office.facts
    stored = leaves(storage)
    for index in (0, 1, 254, 255, 256, 257, 511, 512, 530):
        proof = LogProof.parse(portal.office.ledger.receipt_proof(index))
        proof.verify(stored[index], facts.log_origin, [parse_verifier(facts.log_vkey)])


def test_work_that_fails_leaves_nothing_and_harms_no_neighbour(portal: Assembly) -> None:
    """Each piece of work has a savepoint of its own inside the batch."""

    def fail(unit: Unit) -> None:
        unit.append(DRAFT)
        unit.staff.add("nobody", Role.REVIEWER, 0)
        raise ValueError("refused")

    def attempt(number: int) -> int | None:
        if number % 3:
            return append(portal.office)
        with pytest.raises(ValueError, match="refused"):
            portal.office.ledger.write(fail)
        return None

    with ThreadPoolExecutor(16) as pool:
        indexes = [index for index in pool.map(attempt, range(90)) if index is not None]
    assert sorted(indexes) == list(range(1, 61))
    with portal.office.ledger.view() as view:
        assert view.staff.by_name("nobody") is None


def test_leaf_time_is_never_finer_than_the_tick(storage: Storage) -> None:
    """Law L5: whoever polls the log does not learn the minute of a filing."""
    with assembled(storage.with_settings(RESGUARDO_PUBLISH_EVERY="3600")) as portal:
        entry = portal.office.ledger.write(lambda unit: unit.append(DRAFT)).entries[0]
        assert Leaf.from_bytes(entry.leaf).time % 3600 == 0


def test_nothing_is_public_between_ticks(storage: Storage) -> None:
    """Law L5: checkpoint, tiles and bundles advance at ticks only."""
    with assembled(storage.with_settings(RESGUARDO_PUBLISH_EVERY="3600")) as portal:
        append(portal.office)
        log = portal.office.log
        assert log.published_size() == 1
        assert log.bundle(0, 1) is not None
        assert log.bundle(0, 2) is None
        assert log.tile(0, 0, 2) is None
        verify_checkpoint(
            log.checkpoint(), portal.office.facts.log_origin, [parse_verifier(portal.office.facts.log_vkey)]
        )


def test_restored_older_database_is_not_signed_again(storage: Storage, settings: Settings) -> None:
    """Law L5: behind its guard the portal is read-only instead of writing a second history."""
    with assembled(settings) as portal:
        append(portal.office)
    storage.save()
    with assembled(settings) as portal:
        append(portal.office)
    storage.restore()
    with assembled(settings) as portal:
        assert portal.standing == "behind"
        with pytest.raises(ServiceError, match="read_only"):
            append(portal.office)


def test_rollback_under_a_running_portal_is_noticed(portal: Assembly, storage: Storage) -> None:
    """The guard is compared at each batch, not only at start."""
    append(portal.office)
    (head,) = storage.rows("SELECT size, edge, last_time FROM log_head")
    append(portal.office)
    storage.tamper("UPDATE log_head SET size = :size, edge = :edge, last_time = :last_time", **head._mapping)
    storage.tamper("DELETE FROM log_entry WHERE idx = 2")
    with pytest.raises(ServiceError, match="read_only"):
        append(portal.office)


def test_rewritten_history_is_a_fork(storage: Storage, settings: Settings) -> None:
    """A database of the right size with another root does not pass the guard."""
    with assembled(settings) as portal:
        append(portal.office)
        append(portal.office)
    storage.tamper("UPDATE log_entry SET leaf = :leaf WHERE idx = 1", leaf=bytes(106))
    with assembled(settings) as portal:
        assert portal.standing == "forked"
        with pytest.raises(ServiceError, match="read_only"):
            append(portal.office)


def test_guard_behind_the_database_is_mended(settings: Settings) -> None:
    """A crash between commit and guard loses nothing and blocks nothing."""
    with assembled(settings) as portal:
        append(portal.office)
    assert settings.guard is not None
    guard = settings.guard.read_bytes()
    with assembled(settings) as portal:
        append(portal.office)
    settings.guard.write_bytes(guard)
    with assembled(settings) as portal:
        assert portal.standing == "whole"
        assert append(portal.office) == 3


def test_torn_guard_write_leaves_the_older_slot(settings: Settings) -> None:
    """Two slots are written in turn; half of one does not count."""
    with assembled(settings) as portal:
        append(portal.office)
        append(portal.office)
    assert settings.guard is not None
    slots = settings.guard.read_bytes()
    settings.guard.write_bytes(slots[:256] + b"\0" * 128 + slots[256 + 128 :])
    with assembled(settings) as portal:
        assert portal.standing == "whole"
