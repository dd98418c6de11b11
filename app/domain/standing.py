"""Where a case stands, read from its events: stage, days, clocks, decision, corrections. Pure.

The newest event that states a milestone's day holds; the older ones stay and are shown as what was corrected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.deadlines import K1, ClockRule, Dated, Deadline, Milestone, legal_day, read
from app.domain.entities import Case, EntryKind, Role, Stage
from app.domain.events import CaseEvent
from app.domain.procedure import TABLE, Action, Outcome, ReasonWords
from app.domain.questions import Question, questions

CLOCKS: tuple[ClockRule, ...] = (K1,)
_ENTERED = {
    Stage.FILED: Milestone.D0,
    Stage.US_REVIEW: Milestone.D0,
    Stage.REQUEST_SENT: Milestone.R0,
    Stage.DECLINED: Milestone.N0,
    Stage.WITHDRAWN: Milestone.W0,
}
"""The day on which each stage began; before these it is the day of our own receipt."""
_OUTCOMES = {Action.TAKE_UP: Outcome.TAKE_UP, Action.DECLINE: Outcome.DECLINE}
_CORRECTIONS = frozenset(row.action for row in TABLE if row.kind is EntryKind.CORRECTION)


@dataclass(frozen=True)
class Decision:
    """The approved answer of the screen; `words` by language."""

    outcome: Outcome
    dated: Dated
    codes: tuple[str, ...]
    words: Mapping[str, ReasonWords]


@dataclass(frozen=True)
class Draft:
    """An answer that waits for a second person: the event's number, and the account that wrote it."""

    seq: int
    staff: int | None
    decision: Decision


@dataclass(frozen=True)
class Correction:
    """A day or note that was put right: what it says now and said before, who did it, why, and when (a day)."""

    what: str
    now: str
    before: str
    role: Role
    reason: str
    recorded: date


@dataclass(frozen=True)
class Standing:
    """A case in the procedure, as of one day; `since` is the day on which the stage began.

    `suspended` is the day on which the petitioner stopped the office's access, None while it is open.
    """

    stage: Stage
    since: date
    days: Mapping[Milestone, Dated]
    clocks: tuple[Deadline, ...]
    reference: str = ""
    decision: Decision | None = None
    draft: Draft | None = None
    corrections: tuple[Correction, ...] = ()
    questions: tuple[Question, ...] = ()
    suspended: date | None = None

    @property
    def clock(self) -> Deadline:
        """The clock that matters at this stage."""
        return self.clocks[-1]


def clock_of(days: Mapping[Milestone, Dated], today: date) -> Deadline:
    """Return the clock that matters, from the days alone: what the queue shows without opening anything."""
    return read(K1, days, today)


def standing(case: Case, events: Sequence[CaseEvent], today: date) -> Standing:
    """Return where a case stands; `events` are its own, in order."""
    days = _days(events)
    note = next((event.stated.note for event in reversed(events) if event.action is Action.NOTE_CLOCK), "")
    return Standing(
        stage=case.stage,
        since=_since(case, days),
        days=days,
        clocks=tuple(read(rule, days, today, note=note) for rule in CLOCKS),
        reference=next((event.stated.reference for event in reversed(events) if event.stated.reference), ""),
        decision=_decision(events, days),
        draft=_draft(case.stage, events),
        corrections=tuple(_corrections(events)),
        questions=questions(case.stage, events, today),
        suspended=None if case.suspended is None else legal_day(case.suspended),
    )


def _days(events: Sequence[CaseEvent]) -> dict[Milestone, Dated]:
    return {event.milestone: event.stated.day for event in events if event.milestone and event.stated.day}


def _since(case: Case, days: Mapping[Milestone, Dated]) -> date:
    entered = _ENTERED.get(case.stage)
    dated = days.get(entered) if entered else None
    return dated.day if dated else legal_day(case.received_at)


def _decision(events: Sequence[CaseEvent], days: Mapping[Milestone, Dated]) -> Decision | None:
    for event in reversed(events):
        if event.action in _OUTCOMES and event.milestone is not None:
            outcome, stated = _OUTCOMES[event.action], event.stated
            return Decision(outcome, days[event.milestone], stated.codes, stated.words)
    return None


def _draft(stage: Stage, events: Sequence[CaseEvent]) -> Draft | None:
    """Return the newest draft while the screen is open; an older one is superseded by it."""
    if stage is not Stage.US_REVIEW:
        return None
    for event in reversed(events):
        stated = event.stated
        if event.action is Action.DRAFT and stated.outcome is not None and stated.day is not None:
            decision = Decision(stated.outcome, stated.day, stated.codes, stated.words)
            return Draft(event.seq, event.staff, decision)
    return None


def _corrections(events: Sequence[CaseEvent]) -> list[Correction]:
    found, known = [], dict[str, str]()
    for event in events:
        what, now = _said(event)
        if event.action in _CORRECTIONS:
            found.append(
                Correction(what, now, known.get(what, ""), event.role, event.stated.reason, legal_day(event.recorded))
            )
        known[what] = now
    return found


def _said(event: CaseEvent) -> tuple[str, str]:
    if event.action is Action.NOTE_CLOCK:
        return "note", event.stated.note
    if event.milestone is None or event.stated.day is None:
        return "", ""
    return event.milestone, event.stated.day.day.isoformat()
