"""Bring a colleague back who lost their device: a coordinator vouches, and a one-time link starts the account over.

The coordinator confirms with password and code, because whoever holds the link becomes that colleague: a session left
open must not be enough for that. The log says who vouched for whom, and the two count as one person for a decision
until the operator makes a link (`app.domain.policy`, rule 9).
"""

from app.domain.chronicle import step_of_reader
from app.domain.confirming import confirmed_step, use_up
from app.domain.entities import EntryKind, StaffMember
from app.domain.errors import AccessError
from app.domain.links import Link, start_over
from app.domain.policy import check_may_vouch
from app.domain.ports import EntryDraft, Portal, Unit
from crypto.secret import SecretBytes


def vouch_for_colleague(portal: Portal, member: StaffMember, who: int, password: SecretBytes, code: str) -> Link:
    """End a colleague's sessions, password, authenticator and recovery codes at once, and return a new link.

    Raises AccessError: not_coordinator, vouch_oneself, vouch_for, staff_unknown, confirm_failed; all but a mistyped
    password are logged.
    """
    token = portal.random(32).hex()
    check_vouching(portal, member, who)
    step = confirmed_step(portal, member, password, code)

    def work(unit: Unit) -> Link:
        use_up(unit, member, step)
        other = _known(unit.staff.by_id(who))
        check_may_vouch(member, other)
        unit.append(EntryDraft(EntryKind.STAFF_RESET, member.name, member.role, detail=other.name))
        return start_over(portal, unit, other, token, member.vouched_by or member.id, member)

    return step_of_reader(portal, member, None, "vouch", work)


def check_vouching(portal: Portal, member: StaffMember, who: int) -> StaffMember:
    """Return the colleague for whom a coordinator may vouch. Raises AccessError, after the attempt was logged."""

    def work(unit: Unit) -> StaffMember:
        other = _known(unit.staff.by_id(who))
        check_may_vouch(member, other)
        return other

    return step_of_reader(portal, member, None, "vouch", work)


def _known(other: StaffMember | None) -> StaffMember:
    if other is None:
        raise AccessError("staff_unknown")
    return other
