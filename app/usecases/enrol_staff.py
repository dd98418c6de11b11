"""Bring staff in: the operator makes a one-time link, the person sets password and authenticator through it."""

import re
from dataclasses import dataclass

from app.domain.devices import switch_all_off
from app.domain.entities import Enrolment, EntryKind, Role, StaffMember, StaffSecrets, StaffState
from app.domain.errors import AccessError
from app.domain.links import Link, new_link, start_over
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.second_factor import new_recovery_codes, recovery_hash
from crypto.digest import sha256_hex
from crypto.errors import TotpError
from crypto.secret import SecretBytes
from crypto.totp import totp_uri, verify_totp

PASSWORD_MINIMUM = 12
_NAME = re.compile(r"\w[\w .-]{0,62}\w")


@dataclass(frozen=True)
class Invitation:
    """What the enrolment page shows: who, and the authenticator's secret as an otpauth address."""

    name: str
    role: Role
    totp_uri: str
    totp_secret: str


@dataclass(frozen=True)
class Enrolled:
    """Who can sign in now, and their recovery codes, which are shown this once."""

    member: StaffMember
    recovery_codes: tuple[str, ...]


def invite(portal: Portal, name: str, role: Role) -> Link:
    """Create an account and its link. Raises AccessError: staff_name, staff_exists."""
    if not _NAME.fullmatch(name):
        raise AccessError("staff_name")
    token = portal.random(32).hex()

    def work(unit: Unit) -> Link:
        if unit.staff.by_name(name) is not None:
            raise AccessError("staff_exists")
        member = unit.staff.add(name, role, portal.clock())
        unit.append(EntryDraft(EntryKind.STAFF_ENROLLED, "operator", Role.OPERATOR, detail=f"{name} {role}"))
        return new_link(portal, unit, member, token)

    return portal.ledger.write(work).value


def reset(portal: Portal, name: str) -> Link:
    """End an account's sessions, password, authenticator and recovery codes at once, and return a new link.

    Raises AccessError: staff_unknown.
    """
    token = portal.random(32).hex()

    def work(unit: Unit) -> Link:
        member = _known(unit, name)
        unit.append(EntryDraft(EntryKind.STAFF_RESET, "operator", Role.OPERATOR, detail=name))
        return start_over(portal, unit, member, token, None)

    return portal.ledger.write(work).value


def disable(portal: Portal, name: str) -> None:
    """Switch an account off at once; its cases stay assigned, unread. Raises AccessError: staff_unknown."""

    def work(unit: Unit) -> None:
        member = _known(unit, name)
        unit.staff.end_sessions_of(member.id)
        unit.staff.end_enrolments(member.id)
        switch_all_off(portal, unit, member.id, None)
        unit.staff.set_state(member.id, StaffState.DISABLED)
        unit.append(EntryDraft(EntryKind.STAFF_DISABLED, "operator", Role.OPERATOR, detail=name))

    portal.ledger.write(work)


def list_staff(portal: Portal) -> tuple[StaffMember, ...]:
    """Return every account by name."""
    with portal.ledger.view() as view:
        return tuple(view.staff.all())


def show_invitation(portal: Portal, token: str) -> Invitation:
    """Return what a link is for. Raises AccessError: link_unknown."""
    enrolment, member = _find(portal, token)
    secret = _totp_secret(portal, enrolment)
    uri = totp_uri(secret, member.name, portal.facts.name)
    return Invitation(member.name, member.role, uri, _base32(uri))


def accept_invitation(portal: Portal, token: str, password: SecretBytes, code: str) -> Enrolled:
    """Set password, authenticator and recovery codes, and use the link up.

    Raises AccessError: link_unknown, password_short, code_wrong; the link stays valid after the latter two.
    """
    enrolment, member = _find(portal, token)
    if len(password.reveal().decode()) < PASSWORD_MINIMUM:
        raise AccessError("password_short", "password", minimum=PASSWORD_MINIMUM)
    try:
        step = verify_totp(_totp_secret(portal, enrolment), code, portal.clock(), 0)
    except TotpError as error:
        raise AccessError("code_wrong", "code") from error
    hashed = portal.passwords.hash(password)
    codes = new_recovery_codes(portal.random)

    def work(unit: Unit) -> None:
        if unit.staff.enrolment(enrolment.token_hash) is None:
            raise AccessError("link_unknown")
        unit.staff.end_enrolments(member.id)
        unit.staff.set_secrets(member.id, StaffSecrets(hashed, enrolment.totp_sealed, step))
        unit.staff.set_recovery_codes(member.id, [recovery_hash(member.id, each) for each in codes])
        unit.staff.set_state(member.id, StaffState.ACTIVE)
        unit.append(EntryDraft(EntryKind.STAFF_ACTIVATED, member.name, member.role, detail=member.name))

    portal.ledger.write(work)
    return Enrolled(member, codes)


def _known(unit: Unit, name: str) -> StaffMember:
    member = unit.staff.by_name(name)
    if member is None:
        raise AccessError("staff_unknown")
    return member


def _find(portal: Portal, token: str) -> tuple[Enrolment, StaffMember]:
    with portal.ledger.view() as view:
        enrolment = view.staff.enrolment(sha256_hex(token.encode()))
        members = {member.id: member for member in view.staff.all()}
    if enrolment is None or enrolment.expires < portal.clock():
        raise AccessError("link_unknown")
    return enrolment, members[enrolment.staff]


def _totp_secret(portal: Portal, enrolment: Enrolment) -> SecretBytes:
    return SecretBytes(portal.vault.open_system(f"totp/{enrolment.staff}", enrolment.totp_sealed))


def _base32(uri: str) -> str:
    return uri.split("secret=")[1].split("&", maxsplit=1)[0]
