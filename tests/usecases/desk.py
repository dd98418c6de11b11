"""An office of several people over a real store, with a clock that tests move."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.domain.entities import CaseId, Role, StaffMember, StaffSession
from app.domain.openings import decode_opening
from app.domain.ports import Portal
from app.usecases.enrol_staff import accept_invitation, invite, reset, show_invitation
from app.usecases.file_petition import file_petition
from app.usecases.list_queue import Queue, list_queue
from app.usecases.vouch_for_colleague import vouch_for_colleague
from app.wiring import Assembly
from crypto.secret import SecretBytes
from crypto.totp import STEP, _totp
from tests.assembled import assembled, settings_in
from tests.filings import make_filing

PASSWORD = SecretBytes(b"cuatro gatos leen despacio")
ROLES = {
    "Ana": Role.REVIEWER,
    "Luis": Role.COORDINATOR,
    "Carla": Role.COORDINATOR,
    "Eva": Role.PANEL,
    "Olga": Role.OPERATOR,
    "Ada": Role.AUDITOR,
}


@dataclass
class Office:
    """The office's portal, its people, and the petitioners' side to file with."""

    assembly: Assembly
    portal: Portal
    ahead: list[int] = field(default_factory=lambda: [0])
    secrets: dict[str, SecretBytes] = field(default_factory=dict)

    def who(self, name: str) -> StaffMember:
        """Return somebody as they stand now."""
        with self.portal.ledger.view() as view:
            found = view.staff.by_name(name)
        assert found is not None
        return found

    def session(self, name: str, previous: int | None = None) -> StaffSession:
        """Return a session of somebody."""
        return StaffSession("", self.who(name), 0, 0, previous)

    def code(self, name: str) -> str:
        """Return the next code of somebody's authenticator."""
        self.ahead[0] += STEP
        return _totp(self.secrets[name]).generate(self.portal.clock()).decode()

    def accept(self, name: str, token: str) -> None:
        """Go through a one-time link."""
        shown = show_invitation(self.portal, token)
        self.secrets[name] = SecretBytes(base64.b32decode(shown.totp_secret))
        accept_invitation(self.portal, token, PASSWORD, self.code(name))

    def enrol(self, *names: str) -> None:
        """Give people a password and an authenticator."""
        for name in names:
            self.accept(name, reset(self.portal, name).token)

    def vouch(self, name: str, other: str) -> None:
        """Have somebody vouch for a colleague, who goes through the link."""
        who = self.who(other).id
        self.accept(other, vouch_for_colleague(self.portal, self.who(name), who, PASSWORD, self.code(name)).token)

    def file(self, readers: tuple[str, ...] = ()) -> CaseId:
        """File a petition and let some read it."""
        filing = make_filing(self.assembly.petitioner.facts.name)
        case = CaseId(file_petition(self.assembly.petitioner, filing.body).case)
        for name in readers:
            number = self.who(name).id
            self.portal.ledger.write(lambda unit, n=number: unit.cases.assign(case, n, self.portal.clock()))  # type: ignore[misc]  # bound now
        return case

    def queue(self, name: str = "Ana", previous: int | None = None, **asked: str) -> Queue:
        """Return what somebody's queue shows."""
        return list_queue(self.portal, self.session(name, previous), asked)

    def has(self, name: str) -> set[CaseId]:
        """Return the cases of somebody."""
        with self.portal.ledger.view() as view:
            return set(view.desk.cases_of(self.who(name).id))

    def entries(self, kind: str = "") -> list[dict[str, str]]:
        """Return the fields of all entries of a kind, or of all."""
        with self.portal.ledger.view() as view:
            rows = list(view.log.openings(0, 10_000))
        found = [dict(decode_opening(self.portal.vault.open_opening(i, owner, sealed))[1]) for i, sealed, owner in rows]
        return [each for each in found if not kind or each["kind"] == kind]

    def refused(self) -> list[str]:
        """Return the details of the refused attempts."""
        return [f"{each['actor']}: {each['detail']}" for each in self.entries("step_refused")]


@contextmanager
def office_in(folder: Path) -> Iterator[Office]:
    """Open an office with its people, none of whom has a password."""
    with assembled(settings_in(folder)) as assembly:
        ahead = [0]
        real = assembly.office.clock
        portal = replace(assembly.office, clock=lambda: real() + ahead[0])
        office = Office(assembly, portal, ahead)
        for name, role in ROLES.items():
            invite(portal, name, role)
        portal.ledger.write(_all_active)
        yield office


def _all_active(unit: object) -> None:
    from app.domain.entities import StaffState

    for member in unit.staff.all():  # type: ignore[attr-defined]  # a unit of work
        unit.staff.set_state(member.id, StaffState.ACTIVE)  # type: ignore[attr-defined]  # as above
