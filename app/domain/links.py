"""One-time links with which somebody sets password, authenticator and recovery codes."""

from dataclasses import dataclass

from app.domain.devices import switch_all_off
from app.domain.entities import Enrolment, StaffMember, StaffState
from app.domain.moments import rfc3339
from app.domain.ports import Portal, Unit
from crypto.digest import sha256_hex
from crypto.totp import new_totp_secret

LINK_SECONDS = 48 * 3600


@dataclass(frozen=True)
class Link:
    """A one-time link's token, and when it stops working."""

    token: str
    expires: str


def new_link(portal: Portal, unit: Unit, member: StaffMember, token: str) -> Link:
    """Put a new link in the place of an account's older ones."""
    expires = portal.clock() + LINK_SECONDS
    unit.staff.end_enrolments(member.id)
    totp = portal.vault.seal_system(f"totp/{member.id}", new_totp_secret(portal.random).reveal())
    unit.staff.add_enrolment(Enrolment(sha256_hex(token.encode()), member.id, expires, totp))
    return Link(token, rfc3339(expires))


def start_over(
    portal: Portal, unit: Unit, member: StaffMember, token: str, voucher: int | None, by: StaffMember | None = None
) -> Link:
    """End sessions, password, authenticator, recovery codes and devices at once, and return a new link.

    `voucher` is the account that brings this one back, None for the operator; `by` is who does it, None likewise.
    """
    switch_all_off(portal, unit, member.id, by)
    unit.staff.end_sessions_of(member.id)
    unit.staff.forget_secrets(member.id)
    unit.staff.set_state(member.id, StaffState.INVITED)
    unit.staff.set_voucher(member.id, voucher)
    return new_link(portal, unit, member, token)
