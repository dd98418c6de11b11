"""Events of the procedure: INSERT and SELECT, nothing else; the engines refuse the rest."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, insert, select

from app.domain.deadlines import Basis, Dated, Milestone, Precision
from app.domain.entities import CaseId, Role, Stage
from app.domain.events import StoredEvent
from app.domain.procedure import Action
from app.store import tables
from app.store.prepared import Prepared

_TABLE = tables.case_event
_DAYS = (_TABLE.c.case_id, _TABLE.c.milestone, _TABLE.c.day, _TABLE.c.basis, _TABLE.c.precision)

# Statements are built once: building one costs several times what running it does.
_CASE: BindParameter[Any] = bindparam("case")
_NEWEST = select(func.max(_TABLE.c.seq)).where(_TABLE.c.case_id == _CASE)
_EVENTS = select(_TABLE).where(_TABLE.c.case_id == _CASE).order_by(_TABLE.c.seq)
_OF, _OF_ONE = Prepared(_EVENTS), Prepared(_EVENTS.where(_TABLE.c.action == bindparam("action")))
_SOME = _EVENTS.where(_TABLE.c.action.in_(bindparam("actions", expanding=True)))
_DAYS_OF = select(*_DAYS).where((_TABLE.c.case_id == _CASE) & _TABLE.c.milestone.is_not(None)).order_by(_TABLE.c.seq)


class SqlEventRows:
    """`EventRows` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, event: StoredEvent) -> None:
        """Insert an event; a number that is taken is refused by the database."""
        dated = event.dated
        self._connection.execute(
            insert(_TABLE),
            {
                "case_id": event.case,
                "seq": event.seq,
                "action": event.action,
                "stage": event.stage,
                "milestone": event.milestone,
                "day": dated.day.isoformat() if dated else None,
                "basis": dated.basis if dated else None,
                "precision": dated.precision if dated else None,
                "role": event.role,
                "staff_id": event.staff,
                "recorded": event.recorded,
                "entry_index": event.entry_index,
                "body": event.body_sealed,
            },
        )

    def next_seq(self, case: CaseId) -> int:
        """Return the number of a case's next event; the sequencer's lock makes it nobody else's."""
        newest = self._connection.scalar(_NEWEST, {"case": case})
        return (newest or 0) + 1

    def of(self, case: CaseId, actions: Collection[Action] = ()) -> Sequence[StoredEvent]:
        """Return a case's events in order: all, or those of some actions."""
        if not actions:
            return [event_of(row) for row in _OF.all(self._connection, {"case": case})]
        if len(actions) == 1:
            (action,) = actions
            return [event_of(row) for row in _OF_ONE.all(self._connection, {"case": case, "action": action.value})]
        found = self._connection.execute(_SOME, {"case": case, "actions": [each.value for each in actions]})
        return [event_of(row) for row in found]

    def days(self, case: CaseId) -> Mapping[Milestone, Dated]:
        """Return a case's milestones, each as it was stated last."""
        rows = self._connection.execute(_DAYS_OF, {"case": case})
        return {Milestone(row.milestone): _dated(row) for row in rows}

    def all_days(self) -> Mapping[CaseId, Mapping[Milestone, Dated]]:
        """Return every case's milestones, each as it was stated last."""
        rows = select(*_DAYS).where(_TABLE.c.milestone.is_not(None)).order_by(_TABLE.c.case_id, _TABLE.c.seq)
        found: dict[CaseId, dict[Milestone, Dated]] = {}
        for row in self._connection.execute(rows):
            found.setdefault(CaseId(row.case_id), {})[Milestone(row.milestone)] = _dated(row)
        return found


def _dated(row: Row[*tuple[Any, ...]]) -> Dated:
    return Dated(date.fromisoformat(row.day), Basis(row.basis), Precision(row.precision))


def event_of(row: Row[*tuple[Any, ...]]) -> StoredEvent:
    """Return an event from its row."""
    return StoredEvent(
        case=CaseId(row.case_id),
        seq=row.seq,
        action=Action(row.action),
        stage=Stage(row.stage),
        milestone=Milestone(row.milestone) if row.milestone else None,
        dated=_dated(row) if row.day else None,
        role=Role(row.role),
        staff=row.staff_id,
        recorded=row.recorded,
        entry_index=row.entry_index,
        body_sealed=row.body,
    )
