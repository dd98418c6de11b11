"""Give a signed-in member of staff new recovery codes; the old set ends."""

from app.domain.confirming import confirmed_step, use_up
from app.domain.entities import EntryKind, StaffMember
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.second_factor import new_recovery_codes, recovery_hash
from crypto.secret import SecretBytes


def count_recovery_codes(portal: Portal, member: StaffMember) -> int:
    """Return how many codes of the set are unused."""
    with portal.ledger.view() as view:
        return view.staff.recovery_codes_left(member.id)


def renew_recovery_codes(portal: Portal, member: StaffMember, password: SecretBytes, code: str) -> tuple[str, ...]:
    """Return a new set against password and authenticator code: a session left open is not enough.

    Raises AccessError: confirm_failed.
    """
    step = confirmed_step(portal, member, password, code)
    codes = new_recovery_codes(portal.random)

    def work(unit: Unit) -> None:
        use_up(unit, member, step)
        unit.staff.set_recovery_codes(member.id, [recovery_hash(member.id, each) for each in codes])
        unit.append(EntryDraft(EntryKind.RECOVERY_CODES_MADE, member.name, member.role))

    portal.ledger.write(work)
    return codes
