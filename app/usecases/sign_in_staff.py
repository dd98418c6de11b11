"""Sign staff in with name, password and a second factor: one answer and one time for every way to be wrong.

1. The same three rows are looked for, whatever the name.
2. The password is verified, against a stand-in where there is none.
3. The code is compared as an authenticator's and as a recovery code, whether the password fits or not.
4. Only then one answer. The transaction looks again: an account that was switched off or reset meanwhile stays shut,
   and a code opens one session.
"""

from dataclasses import dataclass

from app.domain.entities import SIGNING_IN, EntryKind, StaffMember, StaffSession
from app.domain.errors import AccessError
from app.domain.ports import EntryDraft, Portal, Unit
from app.domain.second_factor import recovery_hash, totp_step
from crypto.digest import sha256_hex
from crypto.secret import SecretBytes

IDLE_SECONDS = 30 * 60
SESSION_SECONDS = 12 * 3600
_TOUCH_SECONDS = 60


@dataclass(frozen=True)
class SignedIn:
    """A session's token; `by_recovery` says that a recovery code opened it."""

    token: str
    by_recovery: bool


@dataclass(frozen=True)
class _Proof:
    """What was right: the account as it was looked at, and the factor to be used up."""

    member: StaffMember
    password_hash: str
    step: int
    recovery: str


def sign_in_staff(portal: Portal, name: str, password: SecretBytes, code: str) -> SignedIn:
    """Return a session. Raises AccessError: sign_in_failed; LimitError: sign_in_busy."""
    with portal.ledger.view() as view:  # 1
        member = view.staff.by_name(name)
        known = member.id if member else 0
        secrets = view.staff.secrets(known)
        recovery = recovery_hash(known, code)
        has_recovery = view.staff.has_recovery_code(known, recovery)
    fits = portal.passwords.verify(secrets.password_hash if secrets else None, password)  # 2
    step = totp_step(portal, known, secrets, code)  # 3
    active = member is not None and member.state in SIGNING_IN
    if member is None or secrets is None or not (fits and active and (step or has_recovery)):  # 4
        raise AccessError("sign_in_failed")
    return _open_session(portal, _Proof(member, secrets.password_hash, step, recovery))


def _open_session(portal: Portal, proof: _Proof) -> SignedIn:
    token, now, member = portal.random(32).hex(), portal.clock(), proof.member

    def work(unit: Unit) -> None:
        secrets = unit.staff.secrets(member.id)
        same = secrets is not None and secrets.password_hash == proof.password_hash
        if unit.staff.by_name(member.name) != member or not same:
            raise AccessError("sign_in_failed")
        _use_up(unit, proof)
        unit.staff.add_session(sha256_hex(token.encode()), member.id, now)

    portal.ledger.write(work)
    return SignedIn(token, by_recovery=not proof.step)


def _use_up(unit: Unit, proof: _Proof) -> None:
    """Use the factor up, so that the same code does not pass twice, even at the same moment."""
    member = proof.member
    if proof.step:
        used = unit.staff.use_totp_step(member.id, proof.step)
    else:
        used = unit.staff.use_recovery_code(member.id, proof.recovery)
        left = unit.staff.recovery_codes_left(member.id)
        unit.append(EntryDraft(EntryKind.RECOVERY_CODE_USED, member.name, member.role, detail=f"{left} left"))
    if not used:
        raise AccessError("sign_in_failed")


def staff_session(portal: Portal, token: str | None) -> StaffSession:
    """Return the session of a token, and keep it alive. Raises AccessError: sign_in_needed."""
    if not token:
        raise AccessError("sign_in_needed")
    now = portal.clock()
    token_hash = sha256_hex(token.encode())
    with portal.ledger.view() as view:
        session = view.staff.session(token_hash)
    if session is None or not _alive(session, now):
        raise AccessError("sign_in_needed")
    if now - session.last_seen >= _TOUCH_SECONDS:
        portal.ledger.write(lambda unit: unit.staff.touch_session(token_hash, now))
    return session


def sign_out_staff(portal: Portal, token: str) -> None:
    """End a session."""
    portal.ledger.write(lambda unit: unit.staff.end_session(sha256_hex(token.encode())))


def _alive(session: StaffSession, now: int) -> bool:
    active = session.staff.state in SIGNING_IN
    return active and now - session.last_seen < IDLE_SECONDS and now - session.created < SESSION_SECONDS
