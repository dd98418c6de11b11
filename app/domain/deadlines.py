"""Clocks: when an answer is due, and how late it is. Pure: the day that is today comes in as a parameter.

Rules (domain reference, section 9)
    1. A clock counts calendar days from the day of its start; day 0 is the start itself.
    2. The due date never moves. When it falls on a Saturday or Sunday the following Monday is shown beside it, and
       lateness is still counted from the due date.
    3. A passed due date is a fact, never a block; a note may explain it (a shutdown), and never stops the clock.
    4. Every date says on what it rests and how precise it is. What is known only by its month gives no due date, and
       decides nothing that it cannot.
    5. Days are those of Washington, where the intake is; the hour of a receipt decides its day there.

Worked example: received on Thursday 20 April 2023; day 30 is Saturday 20 May, shown with Monday 22 May beside it. The
request left on the 22nd: met, 2 days late.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

DUE_SOON_DAYS = 7
"""From how many days before the due date a clock presses."""
_WEEK = 7
_SUNDAY = 6
_STANDARD = timedelta(hours=-5)
_SUMMER = timedelta(hours=-4)


class Basis(StrEnum):
    """What a date rests on: when it took effect, when it was received, or when it became public."""

    EFFECTIVE = "effective"
    RECEIVED = "received"
    PUBLIC = "public"


class Precision(StrEnum):
    """How much of a date is known; of a month the day is written 01, of a year 01-01."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Milestone(StrEnum):
    """The days that clocks count from or to: D0 receipt by the intake, R0 request to Mexico, N0 negative answer.

    W0 is the day on which the petitioner took the petition back.
    """

    D0 = "D0"
    R0 = "R0"
    N0 = "N0"
    W0 = "W0"


class ClockState(StrEnum):
    """How a clock stands (domain reference, section 10)."""

    NOT_STARTED = "NOT_STARTED"
    RUNNING = "RUNNING"
    DUE_SOON = "DUE_SOON"
    OVERDUE = "OVERDUE"
    MET = "MET"
    MET_LATE = "MET_LATE"
    STOPPED = "STOPPED"


@dataclass(frozen=True)
class Dated:
    """A day with what it rests on and how much of it is known."""

    day: date
    basis: Basis = Basis.EFFECTIVE
    precision: Precision = Precision.DAY


@dataclass(frozen=True)
class ClockRule:
    """One clock of the mechanism: `days` calendar days from a start to the first of its ends."""

    code: str
    start: Milestone
    days: int
    ends: tuple[Milestone, ...]


K1 = ClockRule("K1", Milestone.D0, 30, (Milestone.R0, Milestone.N0))
"""The screen: from the intake's receipt to a request to Mexico or a negative answer."""


@dataclass(frozen=True)
class Deadline:
    """A clock on one day. `elapsed` counts days since the start, to the end if there is one; None: not known.

    `left` and `late` are days to and past the due date, of which at most one is not None; `rolled` is the Monday after
    a due date on a weekend.
    """

    clock: str
    state: ClockState
    start: Dated | None = None
    due: date | None = None
    rolled: date | None = None
    end: Dated | None = None
    elapsed: int | None = None
    left: int | None = None
    late: int | None = None
    length: int = 0
    note: str = ""

    @property
    def overdue(self) -> bool:
        """Whether the due date passed without an answer, be it that one came later."""
        return self.state in {ClockState.OVERDUE, ClockState.MET_LATE}

    @property
    def share(self) -> int:
        """How much of its time has run, 0 to 100."""
        if self.elapsed is None or not self.length:
            return 0
        return min(max(100 * self.elapsed // self.length, 0), 100)


def read(rule: ClockRule, days: Mapping[Milestone, Dated], today: date, *, note: str = "") -> Deadline:
    """Return how a clock stands today; one whose case was withdrawn before an answer is stopped on that day."""
    start = days.get(rule.start)
    if start is None:
        return Deadline(rule.code, ClockState.NOT_STARTED, length=rule.days, note=note)
    end = next((days[each] for each in rule.ends if each in days), None)
    due = start.day + timedelta(days=rule.days) if start.precision is Precision.DAY else None
    stopped = days.get(Milestone.W0) if end is None else None
    state = _ended(due, end) if end else ClockState.STOPPED if stopped else _running(due, today)
    last = end or stopped
    until = today if last is None else last.day if last.precision is Precision.DAY else None
    return Deadline(
        clock=rule.code,
        state=state,
        start=start,
        due=due,
        rolled=rolled(due),
        end=end,
        elapsed=None if due is None or until is None else (until - start.day).days,
        left=(due - today).days if due and state in {ClockState.RUNNING, ClockState.DUE_SOON} else None,
        late=(until - due).days if due and until and state in {ClockState.OVERDUE, ClockState.MET_LATE} else None,
        length=rule.days,
        note=note,
    )


def _running(due: date | None, today: date) -> ClockState:
    if due is None:
        return ClockState.RUNNING
    if today > due:
        return ClockState.OVERDUE
    return ClockState.DUE_SOON if (due - today).days < DUE_SOON_DAYS else ClockState.RUNNING


def _ended(due: date | None, end: Dated) -> ClockState:
    """An end known by its month is late if all of that month was; else nobody can say, and `elapsed` stays None."""
    return ClockState.MET_LATE if due is not None and end.day > due else ClockState.MET


def rolled(due: date | None) -> date | None:
    """Return the Monday after a due date on a weekend, None on any other day."""
    if due is None or due.weekday() < calendar.SATURDAY:
        return None
    return due + timedelta(days=_WEEK - due.weekday())


def legal_day(seconds: int) -> date:
    """Return the day in Washington at a moment in unix seconds.

    Computed, so that it is the same on systems without a time zone database. Source: 15 USC 260a as amended in 2005:
    summer time from the second Sunday of March to the first Sunday of November, both at 2:00 by the clock that ends.
    """
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    begins = datetime.combine(_sunday(moment.year, 3, 2), datetime.min.time()) + timedelta(hours=2) - _STANDARD
    ends = datetime.combine(_sunday(moment.year, 11, 1), datetime.min.time()) + timedelta(hours=2) - _SUMMER
    return (moment + (_SUMMER if begins <= moment < ends else _STANDARD)).date()


def _sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % _WEEK + _WEEK * (number - 1))
