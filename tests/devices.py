"""A reader's device for tests: it signs as a browser does, and as an attacker wants it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from app.domain.entities import EntryKind, ReaderDevice, StaffMember
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.signed_requests import Brought, Session, new_nonce
from crypto.access_request import key_name, key_tag
from crypto.note import NoteSigner, NoteType, sign_typed
from crypto.secret import SecretBytes

SESSION = Session("f" * 64)
TIME = "2026-11-22T10:00:00Z"


@dataclass(frozen=True)
class Device:
    """A key on somebody's machine, for one portal."""

    portal: str
    role: str
    signer: NoteSigner

    @property
    def vkey(self) -> str:
        """The key as text."""
        return self.signer.vkey

    def statement(self, reader: str, nonce: str) -> str:
        """Return what the device says of its key."""
        body = {"v": 1, "portal": self.portal, "reader": reader, "key": self.vkey, "nonce": nonce, "time": TIME}
        return sign_typed(NoteType.READER_KEY, body, [self.signer])

    def request(self, case: str, nonce: str, **said: str) -> str:
        """Return a signed request to read a case's record for REVIEW, with whatever is said otherwise."""
        body: dict[str, Any] = {"v": 1, "portal": self.portal, "role": self.role, "case": case, "record": "record"}
        body |= {"purpose": "REVIEW", "nonce": nonce, "checkpoint": "", "time": TIME, **said}
        return sign_typed(NoteType.ACCESS_REQUEST, body, [self.signer])

    def brings(self, office: Portal, case: str, session: Session = SESSION, **said: str) -> Brought:
        """Return what a browser sends with a fresh nonce of a session."""
        return Brought(self.request(case, said.pop("nonce", new_nonce(office, session)), **said), session)


def new_device(office: Portal, name: str, role: str) -> Device:
    """Return a device that nobody enrolled; the same name gives the same key."""
    seed = SecretBytes(hashlib.sha256(name.encode()).digest())
    return Device(office.facts.name, role, NoteSigner(key_name(office.facts.name), seed))


def enrolled(office: Portal, member: StaffMember, name: str) -> Device:
    """Return a device whose key is in the log, as enrolling leaves it."""
    device = new_device(office, name, member.role)

    def work(unit: Unit) -> None:
        draft = EntryDraft(
            EntryKind.DEVICE_ADDED, member.name, member.role, detail=device.vkey, subject=key_tag(device.vkey, "on")
        )
        note = device.statement(member.name, "0" * 32)
        unit.devices.add(ReaderDevice(unit.append(draft), member.id, device.vkey, name, note, office.clock()))

    office.ledger.write(work)
    return device
