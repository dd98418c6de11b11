"""What cosigners said: one row for each, which changes, and alarms, which nobody changes or deletes."""

from collections.abc import Sequence

from sqlalchemy import Connection, Row, insert, select, update

from app.domain.cosigners import Alarm, CosignerState, Outcome
from app.store import tables

_STATE, _ALARM = tables.log_cosigner, tables.log_alarm
MAX_ALARMS = 1000
"""Alarms that are kept; each is another refusal, so that many say nothing more than one."""


class SqlCosignerRows:
    """The cosigners of one log, on one connection."""

    def __init__(self, connection: Connection, origin: str) -> None:
        self._connection = connection
        self._origin = origin

    def states(self) -> Sequence[CosignerState]:
        """Return how things stand with every cosigner that was ever asked."""
        wanted = select(_STATE).where(_STATE.c.origin == self._origin).order_by(_STATE.c.address)
        return [_state(row) for row in self._connection.execute(wanted)]

    def state(self, address: str) -> CosignerState | None:
        """Return how things stand with one cosigner."""
        return next((each for each in self.states() if each.address == address), None)

    def put(self, state: CosignerState) -> None:
        """Replace how things stand with a cosigner."""
        values = {
            "size": state.size,
            "time": state.time,
            "lines": state.lines,
            "asked": state.asked,
            "asked_size": state.asked_size,
            "outcome": state.outcome,
            "told": state.told,
        }
        place = (_STATE.c.origin == self._origin) & (_STATE.c.address == state.address)
        if self._connection.execute(update(_STATE).where(place).values(values)).rowcount == 0:
            row = {"origin": self._origin, "address": state.address, **values}
            self._connection.execute(insert(_STATE), row)

    def alarms(self) -> Sequence[Alarm]:
        """Return every alarm, the newest first."""
        wanted = select(_ALARM).where(_ALARM.c.origin == self._origin).order_by(_ALARM.c.at.desc())
        return [
            Alarm(row.address, Outcome(row.kind), row.size, row.told, row.at, row.checkpoint)
            for row in self._connection.execute(wanted)
        ]

    def add_alarm(self, alarm: Alarm) -> None:
        """Keep an alarm, unless the same one is kept already, or too many are."""
        known = self.alarms()
        same = (alarm.address, alarm.outcome, alarm.size, alarm.told)
        if len(known) < MAX_ALARMS and same not in {(a.address, a.outcome, a.size, a.told) for a in known}:
            row = {
                "origin": self._origin,
                "address": alarm.address,
                "kind": alarm.outcome,
                "size": alarm.size,
                "told": alarm.told,
                "at": alarm.at,
                "checkpoint": alarm.checkpoint,
            }
            self._connection.execute(insert(_ALARM), row)


def _state(row: Row[tuple[object, ...]]) -> CosignerState:
    return CosignerState(
        address=row.address,
        size=row.size,
        time=row.time,
        lines=row.lines,
        asked=row.asked,
        asked_size=row.asked_size,
        outcome=Outcome(row.outcome),
        told=row.told,
    )
