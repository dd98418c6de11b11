"""Readers' devices in a unit of work, and the words by which a key is compared on two screens."""

from app.domain.entities import EntryKind, ReaderDevice, Role, StaffMember
from app.domain.ports import EntryDraft, Portal, Unit
from crypto import phrase
from crypto.access_request import key_tag
from crypto.digest import sha256
from crypto.secret import SecretBytes

FINGERPRINT_WORDS = 4
"""44 bits: what a person reads aloud, and more than anybody finds a second key for while the page is open."""
LABEL_LENGTH = 40


def fingerprint(vkey: str, language: str) -> str:
    """Return the words of a key; its device makes them from the key itself, and shows the same."""
    digest = sha256(vkey.encode())[: phrase.ROOT_SIZE]
    return " ".join(phrase.words(SecretBytes(digest), language)[:FINGERPRINT_WORDS])


def switch_off(portal: Portal, unit: Unit, device: ReaderDevice, by: StaffMember | None) -> bool:
    """Switch a device off, in the log too; return False where it was off. `by` None: the operator."""
    if not unit.devices.end(device.entry_index, portal.clock()):
        return False
    actor, role = (by.name, by.role) if by else ("operator", Role.OPERATOR)
    tag = key_tag(device.vkey, "off")
    detail = f"{device.entry_index} {device.vkey}"
    unit.append(EntryDraft(EntryKind.DEVICE_REMOVED, actor, role, detail=detail, subject=tag))
    return True


def switch_all_off(portal: Portal, unit: Unit, staff: int, by: StaffMember | None) -> None:
    """Switch every device of an account off: it starts over, or ends."""
    for device in unit.devices.of(staff):
        switch_off(portal, unit, device, by)
