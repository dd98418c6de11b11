"""Give a signed-in member of staff new recovery codes; the old set ends."""

from app.domain.entities import EntryKind, StaffMember
from app.domain.errors import AccessError
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.second_factor import new_recovery_codes, recovery_hash, totp_step
from crypto.secret import SecretBytes


def count_recovery_codes(portal: Portal, member: StaffMember) -> int:
    """Return how many codes of the set are unused."""
    with portal.ledger.view() as view:
        return view.staff.recovery_codes_left(member.id)


def renew_recovery_codes(portal: Portal, member: StaffMember, password: SecretBytes, code: str) -> tuple[str, ...]:
    """Return a new set against password and authenticator code: a session left open is not enough.

    Raises AccessError: confirm_failed.
    """
    with portal.ledger.view() as view:
        secrets = view.staff.secrets(member.id)
    fits = portal.passwords.verify(secrets.password_hash if secrets else None, password)
    step = totp_step(portal, member.id, secrets, code)
    if not (fits and step):
        raise AccessError("confirm_failed")
    codes = new_recovery_codes(portal.random)

    def work(unit: Unit) -> None:
        if unit.staff.by_name(member.name) != member or not unit.staff.use_totp_step(member.id, step):
            raise AccessError("confirm_failed")
        unit.staff.set_recovery_codes(member.id, [recovery_hash(member.id, each) for each in codes])
        unit.append(EntryDraft(EntryKind.RECOVERY_CODES_MADE, member.name, member.role))

    portal.ledger.write(work)
    return codes
