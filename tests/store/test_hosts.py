"""Law L5 on several hosts: one history, a guard on each, and no signature that a host's own guard does not know."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.config import SettingError, Settings
from app.domain.entities import EntryKind, Role
from app.domain.errors import ServiceError
from app.domain.ports import EntryDraft
from app.store.guard import Guard
from app.store.keyring import read_keyring
from app.store.ledger import Publishing, publish
from app.wiring import Assembly, _publishing, assemble, prepare
from crypto.log.checkpoint import parse_verifier
from crypto.log.proof import LogProof
from tests.store.storage import Storage

DRAFT = EntryDraft(EntryKind.PORTAL_STARTED, "portal", Role.PORTAL)


def append(host: Assembly) -> int:
    """Append one system entry through a host and return its index."""
    return host.public.ledger.write(lambda unit: unit.append(DRAFT)).entries[0].index


def host_settings(storage: Storage, name: str) -> Settings:
    """Return the settings of one host: the same keys, a guard of its own, on PostgreSQL a folder of its own too."""
    place = storage.folder / name
    if storage.engine_name == "sqlite":
        return storage.with_settings(RESGUARDO_GUARD=f"{place}.guard")
    if not place.exists():
        place.mkdir()
        shutil.copy(storage.settings.data / "portal.json", place)
        shutil.copytree(storage.settings.data / "keys", place / "keys")
    return storage.with_settings(RESGUARDO_GUARD=f"{place}.guard", RESGUARDO_DATA=str(place))


def guarded(settings: Settings) -> int:
    """Return the size that a host's guard knows."""
    assert settings.guard is not None
    guard = Guard(settings.guard)
    found = guard.read()
    guard.close()
    return found.size if found else 0


@pytest.fixture
def hosts(storage: Storage) -> Iterator[list[Assembly]]:
    """Two hosts of one portal."""
    prepare(storage.settings)
    with ExitStack() as stack:
        made = [assemble(host_settings(storage, name), publisher=False) for name in ("one", "two")]
        for each in made:
            stack.callback(each.close)
        yield made


def test_two_hosts_write_one_history(hosts: list[Assembly], storage: Storage) -> None:
    """No gap, no double, whichever host an entry comes through."""
    with ThreadPoolExecutor(12) as pool:
        indexes = list(pool.map(lambda number: append(hosts[number % 2]), range(200)))
    assert sorted(indexes) == list(range(1, 201))
    assert len(storage.rows("SELECT idx FROM log_entry")) == 201


def test_a_host_signs_nothing_that_its_guard_does_not_know(hosts: list[Assembly]) -> None:
    """A receipt for another host's batch raises this host's guard before it leaves."""
    one, two = hosts
    index = append(one)
    assert guarded(two.settings) < index + 1
    proof = LogProof.parse(two.public.ledger.receipt_proof(index))
    assert guarded(two.settings) == index + 1
    facts = two.public.facts
    with two.public.ledger.view() as view:
        leaf = view.log.leaf(index)
    assert leaf is not None
    proof.verify(leaf, facts.log_origin, [parse_verifier(facts.log_vkey)])


def test_any_host_publishes_what_others_added(hosts: list[Assembly], storage: Storage) -> None:
    """A guard that is older than the database is no reason to stop publishing; it is raised first."""
    one, two = hosts
    last = [append(one) for _ in range(3)][-1]
    with ExitStack() as stack:
        parts = _publishing(two.settings, read_keyring(two.settings.data), two.settings.faces[0], stack)
        later = Publishing(parts.writer, parts.guard, parts.keys, parts.tick, clock=lambda: parts.clock() + 60)
        assert publish(later) == last + 1
        assert guarded(two.settings) == last + 1
        assert publish(later) is None


def test_a_host_that_signed_more_than_the_database_has_stops(hosts: list[Assembly], storage: Storage) -> None:
    """After a restore each host judges by its own guard; the one that knows better does not go on."""
    one, two = hosts
    append(one)
    (head,) = storage.rows("SELECT size, edge, last_time FROM log_head")
    last = append(two)
    storage.tamper("UPDATE log_head SET size = :size, edge = :edge, last_time = :last_time", **head._mapping)
    storage.tamper("DELETE FROM log_entry WHERE idx = :last", last=last)
    storage.tamper("DELETE FROM log_batch WHERE size > :last", last=last)
    with pytest.raises(ServiceError, match="read_only"):
        append(two)


def test_a_fork_that_grew_past_the_guard_is_seen(hosts: list[Assembly], storage: Storage) -> None:
    """A host without a guard of its own cannot carry a second history past another host's."""
    one, two = hosts
    append(one)
    (head,) = storage.rows("SELECT size, edge, last_time FROM log_head")
    last = append(two)
    storage.tamper("UPDATE log_head SET size = :size, edge = :edge, last_time = :last_time", **head._mapping)
    for table, column in (("log_entry", "idx"), ("log_opening", "idx")):
        storage.tamper(f"DELETE FROM {table} WHERE {column} = :last", last=last)
    storage.tamper("DELETE FROM log_batch WHERE size > :last", last=last)
    assert [append(one), append(one)] == [last, last + 1]  # its guard is older and knows no better
    with pytest.raises(ServiceError, match="read_only"):
        append(two)
    two.close()
    again = assemble(two.settings, publisher=False)
    assert again.standing == "forked"
    again.close()


def test_a_folder_with_other_keys_is_refused(storage: Storage, tmp_path: Path) -> None:
    """A host that was set up empty would sign as another portal over this one's rows."""
    prepare(storage.settings)
    keys = storage.settings.data / "keys"
    (keys / "log.seed").write_text("11" * 32)
    with pytest.raises(SettingError, match="keys_differ"):
        prepare(storage.settings)
    stranger = assemble(storage.settings, publisher=False)
    assert stranger.standing == "foreign"
    with pytest.raises(ServiceError, match="read_only"):
        append(stranger)
    stranger.close()


def test_hosts_that_start_together_open_the_log_once(storage: Storage) -> None:
    """Whoever comes second finds the first entry there."""
    if storage.engine_name == "sqlite":
        settings = [storage.settings] * 3
    else:
        storage.settings.data.mkdir()
        from app.store.keyring import make_keyring

        make_keyring(storage.settings.data, None, lambda size: bytes(range(size)))
        settings = [host_settings(storage, name) for name in ("one", "two", "three")]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(prepare, settings))
    assert storage.rows("SELECT count(*) FROM log_entry")[0][0] == 1
