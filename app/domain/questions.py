"""The office's questions and what became of them, read from a case's events. Pure: today comes in as a parameter.

A question has the number of the event that asked it. It waits until it is answered or withdrawn, or until the case
leaves the stages in which the office may ask; then it lapses. A passed day closes nothing: a late answer is taken, and
is late for ever (domain reference, section 9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.deadlines import legal_day
from app.domain.entities import RecordPlace, Stage
from app.domain.errors import ProcedureError
from app.domain.events import CaseEvent
from app.domain.procedure import ASKING, Action, Flagged
from app.domain.redaction import guard

MOST_FLAGS = 50
"""Flags that may wait at once."""
MOST_OPEN = 10
"""Questions that may wait at once: more are a second petition."""


class QuestionState(StrEnum):
    """What became of a question."""

    WAITING = "WAITING"
    OVERDUE = "OVERDUE"
    ANSWERED = "ANSWERED"
    ANSWERED_LATE = "ANSWERED_LATE"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


OPEN = frozenset({QuestionState.WAITING, QuestionState.OVERDUE})


@dataclass(frozen=True)
class Question:
    """A question as of one day. `read` is when a holder fetched it, `closed` when it was answered or withdrawn.

    `entry_index` is that of asking, `closing_entry` that of the answer or withdrawal, `answer` the SHA-256 (hex) of
    the answer's record, `sealed` that of the message to the petitioner. `flag` is the place that it is about, where it
    says that a person may be seen there; `staff` the account that asked.
    """

    number: int
    text: str
    language: str
    asked: date
    until: date
    state: QuestionState
    entry_index: int
    sealed: str
    read: date | None = None
    closed: date | None = None
    closing_entry: int | None = None
    answer: str = ""
    flag: Flagged | None = None
    staff: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for."""
        return self.state in OPEN


def questions(stage: Stage, events: Sequence[CaseEvent], today: date) -> tuple[Question, ...]:
    """Return every question of a case, in the order in which they were asked."""
    closing = {each.stated.question: each for each in events if each.action in _CLOSED}
    readings = [each for each in events if each.action is Action.READ_MESSAGES]
    asked = [each for each in events if each.action in ASKED]
    return tuple(_question(each, closing.get(each.seq), _read(each.seq, readings), stage, today) for each in asked)


ASKED = frozenset({Action.ASK, Action.FLAG})
_CLOSED = frozenset({Action.ANSWER, Action.WITHDRAW_QUESTION})
ABOUT = ASKED | _CLOSED
"""The steps from which it follows what became of a question."""


def _read(number: int, readings: Sequence[CaseEvent]) -> date | None:
    """Return when a holder first fetched the messages with this one among them: an event states the newest."""
    return next((legal_day(each.recorded) for each in readings if each.stated.question >= number), None)


def _question(event: CaseEvent, closing: CaseEvent | None, read: date | None, stage: Stage, today: date) -> Question:
    asked = event.stated.asked
    assert asked is not None, "the table has every question state its words"
    closed = legal_day(closing.recorded) if closing else None
    return Question(
        number=event.seq,
        text=asked.text,
        language=asked.language,
        asked=legal_day(event.recorded),
        until=asked.until,
        state=_state(closing, asked.until, closed or today, lapses=event.stated.flag is None and stage not in ASKING),
        entry_index=event.entry_index,
        sealed=event.stated.sha256,
        read=read,
        closed=closed,
        closing_entry=closing.entry_index if closing else None,
        answer=closing.stated.sha256 if closing else "",
        flag=event.stated.flag,
        staff=event.staff,
    )


def _state(closing: CaseEvent | None, until: date, day: date, *, lapses: bool) -> QuestionState:
    if closing is None:
        if lapses:
            return QuestionState.LAPSED
        return QuestionState.OVERDUE if day > until else QuestionState.WAITING
    if closing.action is Action.WITHDRAW_QUESTION:
        return QuestionState.WITHDRAWN
    return QuestionState.ANSWERED_LATE if day > until else QuestionState.ANSWERED


def waiting(found: Sequence[Question]) -> Question | None:
    """Return the open question whose day comes first, None if none waits."""
    return min((each for each in found if each.is_open), key=lambda each: (each.until, each.number), default=None)


def open_question(found: Sequence[Question], number: int) -> Question:
    """Return an open question by its number. Raises ProcedureError: question_unknown, question_closed."""
    question = {each.number: each for each in found}.get(number)
    if question is None:
        raise ProcedureError("question_unknown")
    if not question.is_open:
        raise ProcedureError("question_closed")
    return question


def check_words(fields: Mapping[str, str]) -> None:
    """Refuse words of the office that name somebody by an identifier. Raises ProcedureError: question_guard."""
    hits = guard.check(fields)
    if hits:
        raise ProcedureError("question_guard", hits[0].path, kind=hits[0].kind)


def check_room(found: Sequence[Question]) -> None:
    """Refuse one question more than people can answer. Raises ProcedureError: question_most."""
    if sum(each.is_open and each.flag is None for each in found) >= MOST_OPEN:
        raise ProcedureError("question_most", "text", limit=MOST_OPEN)


def check_room_for_flag(found: Sequence[Question]) -> None:
    """Refuse one flag more than people can settle; questions do not count. Raises ProcedureError: flag_most."""
    if sum(each.is_open and each.flag is not None for each in found) >= MOST_FLAGS:
        raise ProcedureError("flag_most", "text", limit=MOST_FLAGS)


def is_held_back(found: Sequence[Question], place: RecordPlace) -> bool:
    """Say whether an open flag keeps the office from a version of a record; another version is not held back."""
    return any(each.flag.hold and each.flag.spot.record == str(place) for each in found if each.is_open and each.flag)
