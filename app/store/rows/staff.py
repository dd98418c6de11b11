"""Staff accounts, one-time links, sessions and sittings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, select, update

from app.domain.entities import (
    RECORD,
    CaseId,
    Enrolment,
    MarkShare,
    Purpose,
    Role,
    Sitting,
    StaffMember,
    StaffSecrets,
    StaffSession,
    StaffState,
)
from app.store import tables
from app.store.prepared import Change, Prepared

_STAFF = tables.staff.c
_MEMBER = (_STAFF.id, _STAFF.name, _STAFF.role, _STAFF.state, _STAFF.vouched_by)

# Asked at every request of the office: built once, since building one costs several times what running it does.
_session, _sitting = tables.staff_session.c, tables.sitting.c
_SESSION = Prepared(
    select(_session.created, _session.last_seen, _session.previous, *_MEMBER)
    .join(tables.staff, _STAFF.id == _session.staff_id)
    .where(_session.token_hash == bindparam("token_hash"))
)
_NEWEST_SITTING = Prepared(
    select(tables.sitting)
    .where((_sitting.staff_id == bindparam("staff")) & (_sitting.case_id == bindparam("case")))
    .where(_sitting.record == bindparam("record"))
    .order_by(_sitting.id.desc())
    .limit(1)
)
_ADD_SITTING = Change(
    insert(tables.sitting), "staff_id", "case_id", "record", "version", "purpose", "started", "entry_index", "code"
)
_ADD_MARK = Change(insert(tables.mark_share), "entry_index", "case_id", "started", "operator", "auditor")
_BY_ID = Prepared(select(*_MEMBER).where(_STAFF.id == bindparam("staff")))
_FORGET_CODES = Change(
    update(tables.sitting)
    .where((_sitting.started < bindparam("before")) & _sitting.code.is_not(None))
    .values(code=None)
)


class SqlStaffRows:
    """`StaffRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, role: Role, created: int) -> StaffMember:
        """Insert an account that is not usable yet."""
        row = {"name": name, "role": role, "state": StaffState.INVITED, "created": created, "totp_last_step": 0}
        added = self._connection.execute(insert(tables.staff).returning(tables.staff.c.id), row)
        return StaffMember(added.scalar_one(), name, role, StaffState.INVITED)

    def by_name(self, name: str) -> StaffMember | None:
        """Return an account by name."""
        row = self._connection.execute(select(*_MEMBER).where(tables.staff.c.name == name)).first()
        return _member(row) if row else None

    def by_id(self, staff: int) -> StaffMember | None:
        """Return an account by number."""
        row = _BY_ID.first(self._connection, {"staff": staff})
        return _member(row) if row else None

    def all(self) -> Sequence[StaffMember]:
        """Return every account, by name."""
        return [_member(row) for row in self._connection.execute(select(*_MEMBER).order_by(tables.staff.c.name))]

    def secrets(self, staff: int) -> StaffSecrets | None:
        """Return what signing in compares with, None before enrolment."""
        columns = (tables.staff.c.password_hash, tables.staff.c.totp, tables.staff.c.totp_last_step)
        row = self._connection.execute(select(*columns).where(tables.staff.c.id == staff)).first()
        if row is None or row.password_hash is None:
            return None
        return StaffSecrets(row.password_hash, row.totp, row.totp_last_step)

    def set_secrets(self, staff: int, secrets: StaffSecrets) -> None:
        """Set password hash and authenticator."""
        self._set(
            staff,
            password_hash=secrets.password_hash,
            totp=secrets.totp_sealed,
            totp_last_step=secrets.totp_last_step,
        )

    def forget_secrets(self, staff: int) -> None:
        """Take password, authenticator and recovery codes away."""
        self._set(staff, password_hash=None, totp=None, totp_last_step=0)
        self.set_recovery_codes(staff, ())

    def set_recovery_codes(self, staff: int, hashes: Sequence[str]) -> None:
        """Put a set of recovery codes in the place of the one before."""
        table = tables.recovery_code
        self._connection.execute(delete(table).where(table.c.staff_id == staff))
        if hashes:
            self._connection.execute(insert(table), [{"staff_id": staff, "code_hash": each} for each in hashes])

    def has_recovery_code(self, staff: int, code_hash: str) -> bool:
        """Tell whether an account has an unused recovery code."""
        return self._connection.execute(select(tables.recovery_code).where(_code(staff, code_hash))).first() is not None

    def use_recovery_code(self, staff: int, code_hash: str) -> bool:
        """Delete a recovery code; False if it was not, or no longer, there."""
        return self._connection.execute(delete(tables.recovery_code).where(_code(staff, code_hash))).rowcount == 1

    def recovery_codes_left(self, staff: int) -> int:
        """Return how many recovery codes an account has."""
        table = tables.recovery_code
        rows = select(func.count()).select_from(table).where(table.c.staff_id == staff)
        return self._connection.execute(rows).scalar_one()

    def set_state(self, staff: int, state: StaffState) -> None:
        """Set whether an account can be used."""
        self._set(staff, state=state)

    def set_voucher(self, staff: int, voucher: int | None) -> None:
        """Note which account brought this one back; None says that the operator did."""
        self._set(staff, vouched_by=voucher)

    def use_totp_step(self, staff: int, step: int) -> bool:
        """Mark a code's time step as used; False if it, or a later one, was used before."""
        unused = (tables.staff.c.id == staff) & (tables.staff.c.totp_last_step < step)
        changed = update(tables.staff).where(unused).values(totp_last_step=step).returning(tables.staff.c.id)
        return self._connection.scalar(changed) is not None

    def add_enrolment(self, enrolment: Enrolment) -> None:
        """Insert a one-time link."""
        self._connection.execute(
            insert(tables.enrolment),
            {
                "token_hash": enrolment.token_hash,
                "staff_id": enrolment.staff,
                "expires": enrolment.expires,
                "totp": enrolment.totp_sealed,
                "used": False,
            },
        )

    def enrolment(self, token_hash: str) -> Enrolment | None:
        """Return an unused one-time link."""
        where = (tables.enrolment.c.token_hash == token_hash) & tables.enrolment.c.used.is_(False)
        row = self._connection.execute(select(tables.enrolment).where(where)).first()
        return Enrolment(row.token_hash, row.staff_id, row.expires, row.totp) if row else None

    def end_enrolments(self, staff: int) -> None:
        """Delete every one-time link of an account."""
        self._connection.execute(delete(tables.enrolment).where(tables.enrolment.c.staff_id == staff))

    def add_session(self, token_hash: str, staff: int, now: int) -> None:
        """Insert a session, which remembers when the account signed in before."""
        previous = self._connection.scalar(select(_STAFF.last_sign_in).where(_STAFF.id == staff))
        row = {"token_hash": token_hash, "staff_id": staff, "created": now, "last_seen": now, "previous": previous}
        self._connection.execute(insert(tables.staff_session), row)
        self._set(staff, last_sign_in=now)

    def session(self, token_hash: str) -> StaffSession | None:
        """Return a session with its account."""
        row = _SESSION.first(self._connection, {"token_hash": token_hash})
        return StaffSession(token_hash, _member(row), row.created, row.last_seen, row.previous) if row else None

    def touch_session(self, token_hash: str, now: int) -> None:
        """Note that a session was used."""
        session = tables.staff_session
        self._connection.execute(update(session).where(session.c.token_hash == token_hash).values(last_seen=now))

    def end_session(self, token_hash: str) -> None:
        """Delete a session."""
        session = tables.staff_session
        self._connection.execute(delete(session).where(session.c.token_hash == token_hash))

    def end_sessions_of(self, staff: int) -> None:
        """Delete every session of an account."""
        self._connection.execute(delete(tables.staff_session).where(tables.staff_session.c.staff_id == staff))

    def add_sitting(self, sitting: Sitting) -> None:
        """Insert a sitting."""
        _ADD_SITTING.run(
            self._connection,
            {
                "staff_id": sitting.staff,
                "case_id": sitting.case,
                "record": sitting.record,
                "version": sitting.version,
                "purpose": sitting.purpose,
                "started": sitting.started,
                "entry_index": sitting.entry_index,
                "code": sitting.code_sealed,
            },
        )

    def newest_sitting(self, staff: int, case: CaseId, record: str = RECORD) -> Sitting | None:
        """Return the newest sitting of a member of staff over a record of a case."""
        values = {"staff": staff, "case": case, "record": record}
        row = _NEWEST_SITTING.first(self._connection, values)
        if row is None:
            return None
        return Sitting(
            id=row.id,
            staff=row.staff_id,
            case=CaseId(row.case_id),
            version=row.version,
            purpose=Purpose(row.purpose),
            started=row.started,
            entry_index=row.entry_index,
            record=row.record,
            ended=row.ended,
            code_sealed=row.code,
        )

    def forget_codes(self, before: int) -> None:
        """Forget the marks of sittings that began before a time: they are over."""
        _FORGET_CODES.run(self._connection, {"before": before})

    def add_mark(self, share: MarkShare) -> None:
        """Insert the two shares of a sitting's mark."""
        row = {
            "entry_index": share.entry_index,
            "case_id": share.case,
            "started": share.started,
            "operator": share.operator_sealed,
            "auditor": share.auditor_sealed,
        }
        _ADD_MARK.run(self._connection, row)

    def marks(self, start: int, end: int) -> Sequence[MarkShare]:
        """Return the shares of sittings that began from `start` up to, not including, `end`, in unix seconds."""
        share = tables.mark_share.c
        rows = select(tables.mark_share).where((share.started >= start) & (share.started < end))
        found = self._connection.execute(rows.order_by(share.entry_index))
        return [
            MarkShare(row.entry_index, CaseId(row.case_id), row.started, row.operator, row.auditor) for row in found
        ]

    def _set(self, staff: int, **values: object) -> None:
        self._connection.execute(update(tables.staff).where(tables.staff.c.id == staff).values(**values))


def _code(staff: int, code_hash: str) -> ColumnElement[bool]:
    return (tables.recovery_code.c.staff_id == staff) & (tables.recovery_code.c.code_hash == code_hash)


def _member(row: Row[*tuple[Any, ...]]) -> StaffMember:
    return StaffMember(row.id, row.name, Role(row.role), StaffState(row.state), row.vouched_by)
