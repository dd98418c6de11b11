"""Enrol the devices on which a member of the office signs requests, list them, switch one off.

1. The device makes its key and says whose it is, signed by that key. 2. The person confirms with password and code: a
session that was left open is not enough. 3. The key goes into the public log, under a tag that only who knows the key
recognises: nobody can make one up afterwards. 4. The person compares four words on both screens.
"""

from collections.abc import Sequence

from app.domain.confirming import confirmed_step, use_up
from app.domain.devices import LABEL_LENGTH, switch_off
from app.domain.entities import READERS, EntryKind, ReaderDevice, StaffMember
from app.domain.errors import AccessError
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.signed_requests import Brought, Session, check_nonce, new_nonce
from app.domain.typed_text import is_readable
from crypto.access_request import ReaderKey, key_name, key_tag, open_reader_key
from crypto.digest import sha256_hex
from crypto.errors import NoteError
from crypto.note import NoteVerifier
from crypto.secret import SecretBytes

MOST = 8
"""Devices of one account that are switched on."""


def hand_out_nonce(portal: Portal, member: StaffMember, session: Session) -> str:
    """Return a nonce for a reader's session. Raises AccessError: not_allowed, devices_off."""
    _check_may_sign(portal, member)
    return new_nonce(portal, session)


def list_devices(portal: Portal, staff: int) -> Sequence[ReaderDevice]:
    """Return an account's devices in order, those that were switched off too."""
    with portal.ledger.view() as view:
        return view.devices.of(staff)


def enrol_device(
    portal: Portal, member: StaffMember, label: str, brought: Brought, password: SecretBytes, code: str
) -> ReaderDevice:
    """Take a device's key; `brought` is its own statement.

    Raises AccessError: not_allowed, devices_off, device_label, device_wrong, device_known, devices_many, request_old,
    confirm_failed.
    """
    _check_may_sign(portal, member)
    if not 1 <= len(label) <= LABEL_LENGTH or not is_readable(label):
        raise AccessError("device_label", "label")
    key = _key_of(portal, member, brought.note)
    expires = check_nonce(portal, brought.session, key.nonce)
    step = confirmed_step(portal, member, password, code)
    now = portal.clock()

    def work(unit: Unit) -> ReaderDevice:
        use_up(unit, member, step)
        _check_new(unit, member, key)
        if not unit.devices.use_nonce(sha256_hex(key.nonce.encode()), expires, now):
            raise AccessError("request_old")
        detail = f"{key.key} {sha256_hex(brought.note.encode())}"
        tag = key_tag(key.key, "on")
        index = unit.append(EntryDraft(EntryKind.DEVICE_ADDED, member.name, member.role, detail=detail, subject=tag))
        device = ReaderDevice(index, member.id, key.key, label, brought.note, now)
        unit.devices.add(device)
        return device

    return portal.ledger.write(work).value


def end_device(portal: Portal, member: StaffMember, entry_index: int) -> None:
    """Switch a device of one's own off, from any session. Raises AccessError: device_unknown."""

    def work(unit: Unit) -> None:
        device = unit.devices.at(entry_index)
        if device is None or device.staff != member.id or not switch_off(portal, unit, device, member):
            raise AccessError("device_unknown")

    portal.ledger.write(work)


def _check_may_sign(portal: Portal, member: StaffMember) -> None:
    if member.role not in READERS:
        raise AccessError("not_allowed")
    if portal.facts.signed_requests == "off":
        raise AccessError("devices_off")


def _key_of(portal: Portal, member: StaffMember, note: str) -> ReaderKey:
    try:
        key = open_reader_key(note)
        named = NoteVerifier.parse(key.key).name
    except NoteError as error:
        raise AccessError("device_wrong") from error
    if (key.portal, key.reader, named) != (portal.facts.name, member.name, key_name(portal.facts.name)):
        raise AccessError("device_wrong")
    return key


def _check_new(unit: Unit, member: StaffMember, key: ReaderKey) -> None:
    """A key is enrolled once, by whomever: a colleague's device does not sign for this account."""
    if any(device.vkey == key.key for device in unit.devices.all()):
        raise AccessError("device_known")
    if sum(device.ended is None for device in unit.devices.of(member.id)) >= MOST:
        raise AccessError("devices_many", limit=MOST)
