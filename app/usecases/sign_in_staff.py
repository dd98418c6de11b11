"""Sign staff in with name, password and authenticator code: one answer and one time for every way to be wrong."""

from app.domain.entities import StaffMember, StaffSession, StaffState
from app.domain.errors import AccessError
from app.domain.ports import Portal, Unit
from crypto.digest import sha256_hex
from crypto.errors import TotpError
from crypto.secret import SecretBytes
from crypto.totp import verify_totp

IDLE_SECONDS = 30 * 60
SESSION_SECONDS = 12 * 3600
_TOUCH_SECONDS = 60


def sign_in_staff(portal: Portal, name: str, password: SecretBytes, code: str) -> str:
    """Return a session token. Raises AccessError: sign_in_failed."""
    with portal.ledger.view() as view:
        member = view.staff.by_name(name)
        secrets = view.staff.secrets(member.id) if member else None
    fits = portal.passwords.verify(secrets.password_hash if secrets else None, password)
    if not fits or member is None or secrets is None or member.state is not StaffState.ACTIVE:
        raise AccessError("sign_in_failed")
    totp = SecretBytes(portal.vault.open_system(f"totp/{member.id}", secrets.totp_sealed))
    try:
        step = verify_totp(totp, code, portal.clock(), secrets.totp_last_step)
    except TotpError as error:
        raise AccessError("sign_in_failed") from error
    return _open_session(portal, member, step)


def _open_session(portal: Portal, member: StaffMember, step: int) -> str:
    token, now = portal.random(32).hex(), portal.clock()

    def work(unit: Unit) -> None:
        if not unit.staff.use_totp_step(member.id, step):  # the same code twice, even at the same moment
            raise AccessError("sign_in_failed")
        unit.staff.add_session(sha256_hex(token.encode()), member.id, now)

    portal.ledger.write(work)
    return token


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
    active = session.staff.state is StaffState.ACTIVE
    return active and now - session.last_seen < IDLE_SECONDS and now - session.created < SESSION_SECONDS
