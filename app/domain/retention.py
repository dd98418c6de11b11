"""How long a case is kept: a schedule by stage, a warning of thirty days, and what a certificate says.

Rules
    1. Only a stage in which a case ends has a time, counted in days from the day it ended; 0 is never.
    2. Nothing is destroyed that was not announced in the case's own log and status at least WARNING_DAYS before:
       a schedule that is made shorter destroys nothing overnight.
    3. A case that moves on before its day is not destroyed: the plan is made anew each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.entities import CaseId, Stage

WARNING_DAYS = 30
Schedule = Mapping[Stage, int]
"""Days by stage; a stage that is not in it, or has 0, is kept."""


@dataclass(frozen=True)
class Announced:
    """That a case will be destroyed: when that was said, and on which day it may be done."""

    case: CaseId
    announced: int
    day: date
    rule: str


@dataclass(frozen=True)
class Destroyed:
    """What is left of a destroyed case: the note that certifies it."""

    case: CaseId
    destroyed: int
    certificate: str


@dataclass(frozen=True)
class Plan:
    """What the schedule says of one case on one day; `announced` is None until it was told."""

    case: CaseId
    stage: Stage
    since: date
    day: date
    rule: str
    announced: Announced | None

    def is_due(self, today: date) -> bool:
        """Tell whether it may be destroyed today (rule 2)."""
        return self.announced is not None and today >= max(self.day, self.announced.day)

    def is_to_announce(self, today: date) -> bool:
        """Tell whether it is to be announced today."""
        return self.announced is None and today >= self.day - timedelta(days=WARNING_DAYS)


def planned(case: CaseId, stage: Stage, since: date, schedule: Schedule, announced: Announced | None) -> Plan | None:
    """Return the plan for a case, None where the schedule keeps it (rules 1, 3)."""
    days = schedule.get(stage, 0)
    if days == 0:
        return None
    return Plan(case, stage, since, since + timedelta(days=days), f"{stage}+{days}", announced)


def announcement(plan: Plan, today: date, now: int) -> Announced:
    """Return what is announced today: the planned day, or the first one that leaves the warning's time."""
    return Announced(plan.case, now, max(plan.day, today + timedelta(days=WARNING_DAYS)), plan.rule)


def certificate_body(portal: str, plan: Plan, moment: str, counts: Mapping[str, int]) -> dict[str, Any]:
    """Return what a certificate states: no personal data, and nothing of what was in the case."""
    assert plan.announced is not None
    return {
        "v": 1,
        "portal": portal,
        "case": plan.case,
        "rule": plan.rule,
        "since": plan.since.isoformat(),
        "day": plan.announced.day.isoformat(),
        "destroyed": moment,
        "counts": dict(counts),
    }
