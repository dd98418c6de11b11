"""What becomes of a question: waiting, late, answered, withdrawn, lapsed; and what it may not say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.deadlines import K1, ClockState, Dated, Milestone, read
from app.domain.entities import Role, Stage
from app.domain.errors import ProcedureError
from app.domain.events import CaseEvent
from app.domain.procedure import Action, Asked, Stated
from app.domain.questions import (
    MOST_OPEN,
    Question,
    QuestionState,
    check_room,
    check_words,
    open_question,
    questions,
    waiting,
)

ASKED_ON = date(2026, 3, 2)
UNTIL = date(2026, 3, 16)


def noon(day: date) -> int:
    """Return unix seconds in the middle of a day."""
    return int(datetime(day.year, day.month, day.day, 17, tzinfo=UTC).timestamp())


def event(seq: int, action: Action, day: date, **stated: object) -> CaseEvent:
    """Return an event of a case under review."""
    said = Stated(**stated)  # type: ignore[arg-type]  # values by name
    return CaseEvent(seq, action, Stage.US_REVIEW, None, Role.HOLDER, None, noon(day), 100 + seq, said)


def ask(seq: int, until: date = UNTIL) -> CaseEvent:
    """Return the event of a question."""
    return event(seq, Action.ASK, ASKED_ON, asked=Asked("¿Cuántas personas?", "es", until), question=seq, sha256="ab")


def only(*events: CaseEvent, today: date = ASKED_ON, stage: Stage = Stage.US_REVIEW) -> Question:
    """Return the one question among events."""
    (found,) = questions(stage, events, today)
    return found


def test_a_question_waits_until_its_day_and_is_overdue_after_it() -> None:
    """The day itself is not late."""
    assert only(ask(3), today=UNTIL).state is QuestionState.WAITING
    late = only(ask(3), today=UNTIL + timedelta(days=1))
    assert (late.state, late.is_open, late.number, late.entry_index) == (QuestionState.OVERDUE, True, 3, 103)


def test_an_answer_is_late_by_its_own_day() -> None:
    """What came in time stays in time, however much later somebody looks."""
    in_time = only(ask(3), event(4, Action.ANSWER, UNTIL, question=3, sha256="cd"), today=UNTIL + timedelta(days=90))
    assert (in_time.state, in_time.closed, in_time.answer) == (QuestionState.ANSWERED, UNTIL, "cd")
    late = only(ask(3), event(4, Action.ANSWER, UNTIL + timedelta(days=1), question=3), today=UNTIL)
    assert (late.state, late.closing_entry) == (QuestionState.ANSWERED_LATE, 104)


def test_a_question_is_withdrawn_or_lapses_with_its_case() -> None:
    """Nothing waits in a case that ended; what was answered before stays answered."""
    assert only(ask(3), event(4, Action.WITHDRAW_QUESTION, UNTIL, question=3)).state is QuestionState.WITHDRAWN
    for stage in (Stage.DECLINED, Stage.WITHDRAWN):
        assert only(ask(3), stage=stage).state is QuestionState.LAPSED
    answered = only(ask(3), event(4, Action.ANSWER, UNTIL, question=3), stage=Stage.DECLINED)
    assert answered.state is QuestionState.ANSWERED


def test_a_reading_covers_the_questions_that_were_there() -> None:
    """Fetched before the second was asked: only the first is read."""
    read_on = ASKED_ON + timedelta(days=2)
    first, second = questions(
        Stage.US_REVIEW, [ask(3), event(4, Action.READ_MESSAGES, read_on, question=3), ask(5)], read_on
    )
    assert (first.read, second.read) == (read_on, None)


def test_the_one_that_waits_is_the_one_that_is_due_first() -> None:
    """The status names one question: the most pressing."""
    found = questions(Stage.US_REVIEW, [ask(3, UNTIL + timedelta(days=9)), ask(5), ask(7)], ASKED_ON)
    most = waiting(found)
    assert most is not None
    assert most.number == 5
    assert waiting(()) is None


def test_only_an_open_question_is_answered_or_withdrawn() -> None:
    """A second answer, and one to nothing, are refused."""
    found = questions(Stage.US_REVIEW, [ask(3), event(4, Action.ANSWER, UNTIL, question=3), ask(5)], ASKED_ON)
    assert open_question(found, 5).number == 5
    for number, code in ((3, "question_closed"), (4, "question_unknown")):
        with pytest.raises(ProcedureError, match=code):
            open_question(found, number)


def test_questions_that_wait_have_a_limit() -> None:
    """The eleventh is refused at its field until one is answered."""
    found = questions(Stage.US_REVIEW, [ask(number) for number in range(1, MOST_OPEN + 1)], ASKED_ON)
    check_room(found[1:])
    with pytest.raises(ProcedureError, match="question_most") as refused:
        check_room(found)
    assert refused.value.field == "text"


def test_a_question_names_nobody_by_an_identifier() -> None:
    """The guard of filing reads the office's words, and says field and kind, never the match."""
    check_words({"text": "¿En qué turno ocurrió lo que se narra el 3 de marzo?"})
    with pytest.raises(ProcedureError, match="question_guard") as refused:
        check_words({"text": "¿Es la CURP BOXW310820HNERXN09 de la persona trabajadora?"})
    assert refused.value.field == "text"
    assert "BOXW" not in refused.value.text("es")


def test_a_withdrawn_petition_stops_its_clock() -> None:
    """Neither met nor overdue: stopped on the day, late or not; an answer given before stays the end."""
    days = {Milestone.D0: Dated(ASKED_ON), Milestone.W0: Dated(ASKED_ON + timedelta(days=40))}
    clock = read(K1, days, ASKED_ON + timedelta(days=90))
    assert (clock.state, clock.elapsed, clock.left, clock.late, clock.overdue) == (
        ClockState.STOPPED,
        40,
        None,
        None,
        False,
    )
    met = read(K1, {**days, Milestone.R0: Dated(ASKED_ON + timedelta(days=30))}, ASKED_ON + timedelta(days=90))
    assert (met.state, met.elapsed) == (ClockState.MET, 30)
