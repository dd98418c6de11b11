"""Confirming a weighty act with password and authenticator code: a session that was left open is not enough."""

from app.domain.entities import StaffMember
from app.domain.errors import AccessError
from app.domain.ports import Portal, Unit
from app.domain.second_factor import totp_step
from crypto.secret import SecretBytes


def confirmed_step(portal: Portal, member: StaffMember, password: SecretBytes, code: str) -> int:
    """Return the code's time step, to be used up in the act's own transaction. Raises AccessError: confirm_failed."""
    with portal.ledger.view() as view:
        secrets = view.staff.secrets(member.id)
    fits = portal.passwords.verify(secrets.password_hash if secrets else None, password)
    step = totp_step(portal, member.id, secrets, code)
    if not (fits and step):
        raise AccessError("confirm_failed")
    return step


def use_up(unit: Unit, member: StaffMember, step: int) -> None:
    """Use a confirmed code up; a changed account confirms nothing. Raises AccessError: confirm_failed."""
    if unit.staff.by_name(member.name) != member or not unit.staff.use_totp_step(member.id, step):
        raise AccessError("confirm_failed")
