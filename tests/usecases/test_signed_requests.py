"""A record opens to what the reader's own device signed, and to nothing that only looks like it (laws L4, L5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.entities import EntryKind, Purpose, Role
from app.domain.errors import AccessError
from app.domain.signed_requests import Brought, Session, new_nonce
from app.store.keyring import read_keyring
from app.usecases.assign_case import assign_case
from app.usecases.enrol_staff import disable, reset
from app.usecases.hand_out_openings import hand_out_openings
from app.usecases.keep_devices import end_device
from app.usecases.list_history import list_history
from app.usecases.read_redacted import begin_sitting, read_redacted
from app.wiring import _publish_once, prepare
from crypto.access_request import check_committed, key_tag, open_request
from crypto.log.checkpoint import Checkpoint, sign_checkpoint
from crypto.log.leaf import Leaf
from tests.assembled import settings_in
from tests.devices import SESSION, Device, enrolled, new_device
from tests.usecases.desks import Desk, desk_in


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Desk]:
    """A portal at which devices must sign."""
    yield from desk_in(tmp_path, RESGUARDO_SIGNED_REQUESTS="required")


@pytest.fixture
def device(strict: Desk) -> Device:
    """Ana's own."""
    return enrolled(strict.office, strict.people["Ana"], "Ana's laptop")


def _read(desk: Desk, brought: Brought, purpose: Purpose = Purpose.REVIEW, name: str = "Ana") -> int:
    return begin_sitting(desk.office, desk.people[name], desk.case, purpose, brought=brought)


def _refused(desk: Desk, brought: Brought, code: str, **more: Any) -> None:
    """Expect a refusal that logs no look and opens nothing."""
    before = desk.kinds().count("record_read")
    with pytest.raises(AccessError) as refusal:
        _read(desk, brought, **more)
    assert refusal.value.code == code
    assert desk.kinds().count("record_read") == before
    with pytest.raises(AccessError):
        read_redacted(desk.office, desk.people[more.get("name", "Ana")], desk.case)


def test_what_a_device_signed_opens_and_the_entry_commits_to_it(strict: Desk, device: Device) -> None:
    """The look, its signature and the key's own entry are told together to holder and auditor."""
    brought = device.brings(strict.office, strict.case)
    index = _read(strict, brought)
    assert read_redacted(strict.office, strict.people["Ana"], strict.case).entry_index == index
    history = list_history(strict.holder, strict.case)
    entry = history.entries[-1]
    assert entry.request is not None
    assert (entry.request.note, entry.request.vkey) == (brought.note, device.vkey)
    assert Leaf.from_bytes(entry.request.key_leaf).subject_tag == key_tag(device.vkey, "on")
    assert entry.request.key_index < index
    fields = entry.opening.values()
    check_committed(fields["detail"], brought.note)
    open_request(entry.request.note, entry.request.vkey).check_fits(strict.office.facts.name, fields)
    assert "actor" not in fields, "a holder learns that it was a reader's device, not whose"
    assert "Ana" not in brought.note
    _publish_once(strict.assembly.settings)
    iris = strict.office.ledger.write(lambda unit: unit.staff.add("Iris", Role.AUDITOR, 0)).value
    told: dict[str, Any] = hand_out_openings(strict.office, iris, 0, 1000)
    assert told["requests"] == [{"index": index, "note": brought.note}]
    assert [each["vkey"] for each in told["devices"]] == [device.vkey]
    assert "Ana" in told["devices"][0]["note"]


def test_without_a_signature_nothing_opens_where_it_is_required(strict: Desk, device: Device) -> None:
    """A device without a key, and a signature that was stripped on the way."""
    _refused(strict, Brought("", SESSION), "request_needed")
    text = device.brings(strict.office, strict.case).note.partition("\n\n")[0]
    _refused(strict, Brought(text + "\n", SESSION), "request_wrong")


def test_where_it_is_offered_an_unsigned_look_opens_and_a_wrong_one_does_not(desk: Desk) -> None:
    """Pages work without scripts; but a signature that is there must be right."""
    device = new_device(desk.office, "nobody's", "reviewer")
    _refused(desk, device.brings(desk.office, desk.case), "request_wrong")
    _read(desk, Brought("", SESSION))
    assert desk.entries()[-1]["detail"] == ""


def test_a_request_for_another_look_is_refused(strict: Desk, device: Device) -> None:
    """A portal, or a page, that uses what was signed for one thing for another: case, record, purpose, role, portal."""
    office, case = strict.office, strict.case
    _refused(strict, device.brings(office, case), "request_wrong", purpose=Purpose.EXPORT)
    _refused(strict, device.brings(office, "a" * 26), "request_wrong")
    for said in ({"record": "answer-1"}, {"purpose": "EXPORT"}, {"role": "panel"}, {"portal": "other.invalid"}):
        _refused(strict, device.brings(office, case, SESSION, **said), "request_wrong")


def test_a_request_counts_once(strict: Desk, device: Device) -> None:
    """The same note again, after a look for something else: nobody makes two looks of one."""
    first = device.brings(strict.office, strict.case)
    _read(strict, first)
    _read(strict, device.brings(strict.office, strict.case, purpose="EXPORT"), Purpose.EXPORT)
    with pytest.raises(AccessError, match="request_old"):
        _read(strict, first)


def test_a_nonce_is_of_one_session_and_grows_old(strict: Desk, device: Device) -> None:
    """What was kept from yesterday, or signed in another session, opens nothing."""
    elsewhere = new_nonce(strict.office, Session("e" * 64))
    _refused(strict, device.brings(strict.office, strict.case, nonce=elsewhere), "request_old")
    old = device.brings(strict.office, strict.case)
    strict.days_ahead = 1
    _refused(strict, old, "request_old")


def test_a_key_of_somebody_else_or_of_nobody_is_refused(strict: Desk, device: Device) -> None:
    """A swapped key: Luis signs with Ana's device, and with one that was never enrolled."""
    lent = Device(device.portal, "coordinator", device.signer)
    _refused(strict, lent.brings(strict.office, strict.case), "request_wrong", name="Luis")
    invented = new_device(strict.office, "invented", "coordinator")
    _refused(strict, invented.brings(strict.office, strict.case), "request_wrong", name="Luis")


def test_a_device_that_was_switched_off_signs_no_longer(strict: Desk, device: Device) -> None:
    """A lost one: switched off from another session, by starting the account over, and by switching the account off."""
    office, ana = strict.office, strict.people["Ana"]
    with office.ledger.view() as view:
        (kept,) = view.devices.of(ana.id)
    with pytest.raises(AccessError, match="device_unknown"):
        end_device(office, strict.people["Luis"], kept.entry_index)
    end_device(office, ana, kept.entry_index)
    _refused(strict, device.brings(office, strict.case), "request_wrong")
    with pytest.raises(AccessError, match="device_unknown"):
        end_device(office, ana, kept.entry_index)
    for name, end in (("second", reset), ("third", disable)):
        enrolled(office, ana, name)
        end(office, "Ana")
        with office.ledger.view() as view:
            assert [each for each in view.devices.of(ana.id) if each.ended is None] == []
    with office.ledger.view() as view:
        tags = [Leaf.from_bytes(view.log.leaf(index) or b"").subject_tag for index in range(_size(strict))]
    assert key_tag(device.vkey, "off") in tags, "anybody who knows the key sees it end"


def _size(desk: Desk) -> int:
    size = 0
    with desk.office.ledger.view() as view:
        while view.log.leaf(size) is not None:
            size += 1
    return size


def test_a_device_that_knows_another_history_raises_the_alarm(strict: Desk, device: Device) -> None:
    """A forked portal: what its own key signed for this device is none of its log. Nothing opens, the alarm stays."""
    keyring = read_keyring(strict.assembly.settings.data)
    for size in (1, 10_000):
        other = sign_checkpoint(Checkpoint(keyring.log_origin, size, b"\x05" * 32), [keyring.log])
        _refused(strict, device.brings(strict.office, strict.case, checkpoint=other), "log_contradicted")
    assert {(each.address, each.told) for each in strict.office.log.alarms()} == {("reader", 1), ("reader", 10_000)}
    nobody = sign_checkpoint(Checkpoint(keyring.log_origin, 1, b"\x05" * 32), [read_keyring(_other(strict)).log])
    _refused(strict, device.brings(strict.office, strict.case, checkpoint=nobody), "request_wrong")


def _other(desk: Desk) -> Path:
    """Return a data folder whose log key signs under the same name, and is another."""
    folder = desk.assembly.settings.data.parent / "other"
    prepare(settings_in(folder, RESGUARDO_ORIGIN=desk.office.facts.name))
    return folder / "data"


def test_who_is_not_let_in_is_logged_before_the_signature_is_looked_at(strict: Desk) -> None:
    """Law L4: a refusal stands in the log, signed or not."""
    with pytest.raises(AccessError, match="not_assigned"):
        _read(strict, Brought("", SESSION), name="Eva")
    assert strict.kinds()[-1] == EntryKind.RECORD_REFUSED
    assign_case(strict.assembly.office, "Eva", strict.case)
    _refused(strict, Brought("", SESSION), "request_needed", name="Eva")
