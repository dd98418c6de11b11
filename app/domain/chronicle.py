"""Taking a step of the procedure: the table is asked, the event is written, the stage moves, the log says so.

Everything here happens inside one unit of work, so that event, stage and log entry stand or fall together (law L4).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypeVar

from app.domain.deadlines import legal_day
from app.domain.entities import PUBLIC, Case, CaseId, EntryKind, Role, StaffMember, Stage
from app.domain.errors import AccessError, ProcedureError
from app.domain.events import CaseEvent, StoredEvent, decode, encode
from app.domain.notices import queue_notice, tells_petitioner
from app.domain.policy import check_at_work
from app.domain.ports import CaseKeys, Committed, EntryDraft, Portal, Unit, View
from app.domain.procedure import Action, Stated, Transition, check_stated, find
from crypto.digest import sha256_hex

T = TypeVar("T")


@dataclass(frozen=True)
class By:
    """Who takes a step: an account of the office, a holder, or the portal itself."""

    role: Role
    member: StaffMember | None = None

    @property
    def name(self) -> str:
        """What the log calls them."""
        return self.member.name if self.member else self.role


def read_events(portal: Portal, view: View, case: CaseId, actions: Collection[Action] = ()) -> tuple[CaseEvent, ...]:
    """Return a case's events in order, opened: all, or those of some actions."""
    stored = view.events.of(case, actions)
    opened = portal.vault.open_events(case, {each.seq: each.body_sealed for each in stored})
    return tuple(decode(each, opened[each.seq]) for each in stored)


@dataclass(frozen=True)
class Chronicle:
    """Takes steps in one unit of work; `keys` are those of a case that is just being filed."""

    portal: Portal
    unit: Unit
    keys: CaseKeys | None = None

    def take(self, case: Case, by: By, action: Action, stated: Stated) -> Stage:
        """Take a step and what follows from it, and return the stage then.

        1. The table has the step. 2. It states what it must. 3. Event, stage, entry. 4. The step that follows.

        Raises:
            ProcedureError: 1 or 2 fails; nothing was written.
        """
        suspended = case.suspended is not None
        row = find(action, case.stage, by.role, self.portal.facts.deployment, suspended=suspended)  # 1
        today = legal_day(self.portal.clock())
        check_stated(row, stated, today, self.unit.events.days(case.id))  # 2
        self._append(case.id, by, row, stated)  # 3
        if tells_petitioner(row, by.role):
            queue_notice(self.portal, self.unit, case.id)
        if row.target is not row.source:
            self.unit.cases.set_stage(case.id, row.target)
        if row.suspended is not None:
            self.unit.cases.set_suspended(case.id, None if row.suspended else self.portal.clock())
        if row.follow is None:
            return row.target
        moved, on_that_day = replace(case, stage=row.target), Stated(day=stated.day)
        return self.take(moved, By(Role.PORTAL), row.follow, on_that_day)  # 4

    def _append(self, case: CaseId, by: By, row: Transition, stated: Stated) -> None:
        seq, body = self.unit.events.next_seq(case), encode(stated, self.portal.random)
        event = StoredEvent(
            case=case,
            seq=seq,
            action=row.action,
            stage=row.target,
            milestone=row.milestone,
            dated=stated.day,
            role=by.role,
            staff=by.member.id if by.member else None,
            recorded=self.portal.clock(),
            entry_index=self.unit.append(_entry(case, by, row, stated, sha256_hex(body))),
            body_sealed=self.portal.vault.seal_event(case, seq, body, self.keys),
        )
        self.unit.events.add(event)


def step_of_reader(
    portal: Portal, member: StaffMember, case_id: CaseId | None, step: str, work: Callable[[Unit], T]
) -> T:
    """Run a reader's step; one that is not theirs is written in the log before the refusal is told (law L4).

    `case_id` None is a step that belongs to no case.

    A mistake in a field is not an attempt at anything, and is only told.

    Raises AccessError, ProcedureError: what `work` raises.
    """
    return _step(portal, By(member.role, member), case_id, step, work).value


def step_of_holder(portal: Portal, case_id: CaseId, step: str, work: Callable[[Unit], T]) -> Committed[T]:
    """Run a step of a signed-in holder; one that the procedure does not give them is written in the log as well."""
    return _step(portal, By(Role.HOLDER), case_id, step, work)


def _step(portal: Portal, by: By, case_id: CaseId | None, step: str, work: Callable[[Unit], T]) -> Committed[T]:
    def checked(unit: Unit) -> T:
        account = unit.staff.by_id(by.member.id) if by.member else None
        if account is not None:
            check_at_work(account)
        return work(unit)

    try:
        return portal.ledger.write(checked)
    except (AccessError, ProcedureError) as refusal:
        if refusal.code not in {"case_unknown", "sign_in_needed"} and not refusal.field:
            detail = f"{step} {refusal.code}"
            draft = EntryDraft(EntryKind.STEP_REFUSED, by.name, by.role, case_id, detail=detail)
            portal.ledger.write(lambda unit: unit.append(draft))
        raise


def _entry(case: CaseId, by: By, row: Transition, stated: Stated, sha256: str) -> EntryDraft:
    said = [row.action.value, row.target.value]
    if row.milestone is not None and stated.day is not None:
        said += [row.milestone.value, stated.day.day.isoformat()]
    if stated.question:
        said += ["question", str(stated.question)]
    if stated.asked is not None:
        said += ["until", stated.asked.until.isoformat()]
    if stated.flag is not None:
        said += ["flag", stated.flag.spot.record, "held", "yes" if stated.flag.hold else "no"]
    if stated.release:
        said += [PUBLIC, str(stated.release)]
    if stated.audience:
        said += ["audience", stated.audience]
    if stated.sha256:
        said += ["sha256", stated.sha256]
    return EntryDraft(row.kind, by.name, by.role, case, open_kind=row.leaf, record=sha256, detail=" ".join(said))
